import { setTimeout as sleep } from 'node:timers/promises'
import type { Site } from './site.ts'

/** A mail as the inbox has it. */
export type InboxMail = {
  id: string
  subject: string
  text?: string
  html?: string
  headers: Record<string, string>
  to: { address: string; name?: string }[]
  from: { address: string; name?: string }[]
}

const WAIT_MS = 60_000

export async function readInbox({ mailUrl }: Site): Promise<InboxMail[]> {
  return (await (await fetch(`${mailUrl}/api/email`)).json()) as InboxMail[]
}

/** The mail as it came over the wire. */
export async function readSource({ mailUrl }: Site, { id }: InboxMail): Promise<string> {
  return (await fetch(`${mailUrl}/api/email/${id}/download`)).text()
}

/**
 * One link of each kind that people get by mail.
 * @throws {Error} when they do not come
 */
export async function linksInMails(site: Site, kinds: string[]): Promise<string[]> {
  const deadlineMs = performance.now() + WAIT_MS
  for (;;) {
    const texts = (await readInbox(site)).map(({ text = '' }) => text)
    const links = kinds.map((kind) => {
      return texts
        .map((text) => new RegExp(`https?://\\S+/${kind}/\\S+`).exec(text)?.[0])
        .find((link) => link !== undefined)
    })
    const found = links.filter((link) => link !== undefined)
    if (found.length === kinds.length) return found
    if (performance.now() > deadlineMs) throw new Error(`Of ${kinds.join(', ')} only ${found.join(' ')} came by mail`)
    await sleep(300)
  }
}

/**
 * The text of the first mail that somebody gets.
 * @throws {Error} when none comes
 */
export async function mailTo(site: Site, address: string): Promise<string> {
  const deadlineMs = performance.now() + WAIT_MS
  for (;;) {
    const mail = (await readInbox(site)).find(({ to }) => to.some((person) => person.address === address))
    if (mail) return mail.text ?? ''
    if (performance.now() > deadlineMs) throw new Error(`No mail came for ${address}`)
    await sleep(300)
  }
}
