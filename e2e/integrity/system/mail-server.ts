import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

const HOST = '127.0.0.1'

/** One mail that the server has taken. */
export type Delivery = { messageId: string; atMs: number }

/** A real mail server that takes mails and remembers which. */
export type MailServer = {
  port: number
  deliveries: Delivery[]
  /** answers every mail with "try again later" (451) while it is so */
  refuse: (isRefusing: boolean) => void
  stop: () => Promise<void>
}

export async function startMailServer(): Promise<MailServer> {
  const deliveries: Delivery[] = []
  const state = { isRefusing: false }
  const server = new SMTPServer({
    authOptional: true,
    closeTimeout: 100,
    disabledCommands: ['STARTTLS'],
    onMailFrom: (_address, _session, done) => done(state.isRefusing ? later() : null),
    onData: (stream, _session, done) => {
      text(stream).then(
        (mail) => {
          deliveries.push({ messageId: messageIdOf(mail), atMs: Date.now() })
          done()
        },
        (error: unknown) => done(new Error('the mail broke off', { cause: error })),
      )
    },
  })
  // A worker that is killed breaks its connections off.
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve))
  const address = server.server.address()
  if (address === null || typeof address === 'string') throw new Error('the mail server listens on no port')
  return {
    port: address.port,
    deliveries,
    refuse: (isRefusing) => {
      state.isRefusing = isRefusing
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

function later(): Error {
  return Object.assign(new Error('Try again later'), { responseCode: 451 })
}

/** The part before the @ of the Message-ID: the id of the message in the ledger. */
function messageIdOf(mail: string): string {
  return /^Message-ID:\s*<([^@>]+)@/im.exec(mail)?.[1] ?? ''
}
