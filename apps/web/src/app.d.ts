import type { Client } from '@slotkeeper/client'
import type { AsyncLocalStorage } from 'node:async_hooks'

declare global {
  /** Put there by the API server, which serves these pages: the API, in process. */
  var __slotkeeper: AsyncLocalStorage<{ fetch: (request: Request) => Promise<Response> }> | undefined

  namespace App {
    interface Locals {
      api: Client
      /** how dates and numbers are written: the language of the page, in the reader's own variant of it */
      locale: string
    }
  }
}
