import type { Client } from '@slotkeeper/client'
import type { AsyncLocalStorage } from 'node:async_hooks'
import type { Closed } from '#lib/closed.ts'

/** What the API server gives along with every request of a page. */
type PageContext = {
  /** the API, in process */
  fetch: (request: Request) => Promise<Response>
  /** notes an error that nobody expected for the server's log */
  fail: (error: unknown) => void
  /** the origin under which people reach this installation, whatever a request says */
  publicUrl: string
  /** who may make an account */
  signUp: 'invited' | 'confirmed' | 'open'
  /** while the installation is closed */
  closed: Closed | undefined
}

declare global {
  /** Put there by the API server, which serves these pages. */
  var __slotkeeper: AsyncLocalStorage<PageContext> | undefined

  namespace App {
    interface Locals {
      api: Client
      /** how dates and numbers are written: the language of the page, in the reader's own variant of it */
      locale: string
    }
  }
}
