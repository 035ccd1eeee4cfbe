import { mkdir } from 'node:fs/promises'
import { MailDev } from 'maildev'
import { findFreePort } from './free-port.ts'

const HOST = '127.0.0.1'

/** Where MailDev listens by itself, so where people look for it. */
const SMTP_PORT = 1025
const WEB_PORT = 1080

/** Enough for a day of trying things, little enough to be read at every start. */
const MAX_MAILS = 500

export type MailInbox = { smtpHost: string; smtpPort: number; url: string; stop: () => Promise<void> }

/**
 * Starts an inbox that takes every mail and delivers none: it is read in the browser, or by `GET /api/email`.
 * It lives in this process and ends with it. Where its ports are taken, the next free ones do.
 * @param mailDir  keeps the mails from one start to the next
 */
export async function startMailInbox(mailDir: string): Promise<MailInbox> {
  await mkdir(mailDir, { recursive: true })
  const smtpPort = await findFreePort(SMTP_PORT, HOST)
  const webPort = await findFreePort(WEB_PORT, HOST)
  const inbox = new MailDev({
    ip: HOST,
    smtp: smtpPort,
    webIp: HOST,
    web: webPort,
    mailDirectory: mailDir,
    maxEmails: MAX_MAILS,
    silent: true,
  })
  await quietly(() => inbox.start())
  return { smtpHost: HOST, smtpPort, url: `http://localhost:${webPort}`, stop: () => inbox.stop() }
}

/** MailDev tells its address by `console.info`, whatever `silent` says; the start prints all links in one place. */
async function quietly(start: () => Promise<unknown>): Promise<void> {
  const { info } = console
  console.info = () => undefined
  try {
    await start()
  } finally {
    console.info = info
  }
}
