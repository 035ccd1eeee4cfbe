import { setTimeout as sleep } from 'node:timers/promises'

/** A mail as the local inbox has it. */
export type Mail = {
  subject: string
  text: string
  html: string
  to: { address: string }[]
  headers: Record<string, string>
  /** the invitation, unfolded */
  invitation: string
  /** address of the page on which the booking is changed */
  link: string
}

type InboxMail = {
  id: string
  subject: string
  text?: string
  html?: string
  to: { address: string }[]
  headers: Record<string, string>
  attachments?: { generatedFileName: string; contentType: string }[]
}

const WAIT_MS = 30_000
const POLL_MS = 200

/** Waits for the mails to an address until there are so many, oldest first. */
export async function mailsTo(address: string, count: number): Promise<Mail[]> {
  const inbox = process.env['E2E_MAIL_URL'] ?? ''
  const deadlineMs = performance.now() + WAIT_MS
  for (;;) {
    const answer = await fetch(`${inbox}/api/email`)
    const all = (await answer.json()) as InboxMail[]
    const found = all.filter(({ to }) => to.some((person) => person.address === address))
    if (found.length >= count) return Promise.all(found.map((mail) => read(inbox, mail)))
    if (performance.now() > deadlineMs)
      throw new Error(`${String(found.length)} of ${String(count)} mails to ${address} came`)
    await sleep(POLL_MS)
  }
}

async function read(inbox: string, mail: InboxMail): Promise<Mail> {
  const { id, subject, text = '', html = '', to, headers, attachments = [] } = mail
  const file = attachments.find(({ contentType }) => /calendar|ics/.test(contentType))
  const answer =
    file && (await fetch(`${inbox}/api/email/${id}/attachment/${encodeURIComponent(file.generatedFileName)}`))
  const invitation = answer ? (await answer.text()).replace(/\r?\n[ \t]/g, '') : ''
  const link = /https?:\/\/\S+\/booking\/\S+/.exec(text)?.[0] ?? ''
  return { subject, text, html, to, headers, invitation, link }
}
