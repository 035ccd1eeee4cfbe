import nodemailer from 'nodemailer'
import type { Config } from '../config/config.ts'
import { inSpan, SpanKind } from '../observe/tracing.ts'
import type { Method } from './invitation.rules.ts'

export type Mail = {
  /** stays the same however often a message is sent: whoever gets it twice sees it once (RFC 5322 §3.6.4) */
  messageId: string
  fromName: string
  to: { name: string; address: string }
  subject: string
  html: string
  text: string
  language: string
  invitation?: { method: Method; content: string }
}

/** Hands mails to the mail server. */
export type Mailer = {
  /** @throws {MailRefused} when the server will never take it; any other error when it may take it later */
  send: (mail: Mail) => Promise<void>
  close: () => void
}

/** The mail server has refused a mail for good: the address does not exist, for example. */
export class MailRefused extends Error {
  override name = 'MailRefused'
}

const TIMEOUT_MS = 10_000

/** Connects to the mail server of the settings, when there is something to send. */
export function createMailer({ mail }: Pick<Config, 'mail'>): Mailer {
  const { server, port, username, password, from } = mail
  const transport = nodemailer.createTransport({
    host: server,
    port,
    secure: port === 465,
    pool: true,
    maxConnections: 4,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(username !== undefined && { auth: { user: username, pass: password ?? '' } }),
  })
  const attributes = { 'server.address': server, 'server.port': port, 'network.protocol.name': 'smtp' }
  const span = { kind: SpanKind.CLIENT, attributes }
  return {
    async send({ messageId, fromName, to, subject, html, text, language, invitation }) {
      const from_ = { name: fromName, address: from }
      const headers = { 'Content-Language': language, 'Auto-Submitted': 'auto-generated' }
      const calendar = invitation && { icalEvent: { ...invitation, filename: 'appointment.ics' } }
      try {
        await inSpan('smtp send', span, () =>
          transport.sendMail({ from: from_, to, messageId, subject, html, text, headers, ...calendar }),
        )
      } catch (error) {
        throw isForGood(error) ? new MailRefused(error.message, { cause: error }) : error
      }
    },
    close: () => transport.close(),
  }
}

/** RFC 5321 §4.2.1: 5yz is a permanent answer. Of signing in it is not: the settings may be put right. */
function isForGood(error: unknown): error is Error {
  if (!(error instanceof Error) || !('responseCode' in error) || !('code' in error)) return false
  return Number(error.responseCode) >= 500 && error.code !== 'EAUTH'
}
