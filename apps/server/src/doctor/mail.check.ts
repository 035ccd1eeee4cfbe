import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js'
import { isLocal } from '../config/safety.ts'
import type { Config } from '../config/config.ts'
import { failed, ok, reasonOf, warning, type Finding } from '../shared/finding.ts'

export type MailFacts = { server: string; port: number; isEncrypted: boolean; username: string | undefined }

const NAME = 'mail server'
const PATIENCE_MS = 5_000

/** Connects to the mail server and signs in, as whoever sends a mail does, and sends none. */
export async function checkMail({ mail }: Pick<Config, 'mail'>): Promise<Finding[]> {
  const { server, port, username, password } = mail
  const patience = { connectionTimeout: PATIENCE_MS, greetingTimeout: PATIENCE_MS, socketTimeout: PATIENCE_MS }
  const connection = new SMTPConnection({ host: server, port, secure: port === 465, ...patience })
  // A server that breaks off also says so in an event, which would end the process where nobody listens.
  connection.on('error', () => undefined)
  const where = `${server}:${port}`
  try {
    const reached = await connectTo(connection)
    if (reached !== undefined) {
      const fix = 'Check MAIL_SERVER and MAIL_PORT, the firewall, and the certificate of the mail server.'
      return [failed(NAME, `${where} cannot be used: ${reached}`, fix)]
    }
    const isEncrypted = connection.secure
    if (username !== undefined) {
      const refused = await signIn(connection, { user: username, pass: password ?? '' })
      const fix = 'Check MAIL_USERNAME and MAIL_PASSWORD.'
      if (refused !== undefined) return [failed(NAME, `${where} does not let ${username} in: ${refused}`, fix)]
    }
    connection.quit()
    return [judgeMail({ server, port, isEncrypted, username })]
  } finally {
    connection.close()
  }
}

/** Whether mails, and the password that lets them be sent, are safe on their way. */
export function judgeMail({ server, port, isEncrypted, username }: MailFacts): Finding {
  const signedIn = username === undefined ? 'without signing in' : `signed in as ${username}`
  const found = `${server}:${port}, ${isEncrypted ? 'encrypted' : 'not encrypted'}, ${signedIn}`
  if (isEncrypted || isLocal(server)) return ok(NAME, found)
  return warning(NAME, found, 'Use a server that speaks TLS: port 465, or 587 with STARTTLS.')
}

/** @returns why it did not go, undefined when it did */
function connectTo(connection: SMTPConnection): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  connection.once('error', (error) => resolve(reasonOf(error)))
  connection.connect((error) => resolve(error ? reasonOf(error) : undefined))
  return promise
}

function signIn(connection: SMTPConnection, credentials: SMTPConnection.Credentials): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  connection.once('error', (error) => resolve(reasonOf(error)))
  connection.login(credentials, (error) => resolve(error ? reasonOf(error) : undefined))
  return promise
}
