import { once } from 'node:events'
import {
  request,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { Server as TlsServer } from 'node:https'

/** What stands between people and a web process, on the loopback address. */
export type Front = AsyncDisposable & { port: number }

type Passing = {
  /** where requests go on to, asked for each */
  target: () => string
  /** added to those that came, or put in their place */
  headersFor: (incoming: IncomingMessage) => OutgoingHttpHeaders
  /** nobody has answered */
  refuse: (outgoing: ServerResponse) => void
}

/** Passes requests on with headers of its own, and answers back. `create` makes the server, with TLS or without. */
export async function startFront(
  create: (listener: RequestListener) => Server | TlsServer,
  { target, headersFor, refuse }: Passing,
): Promise<Front> {
  const server = create((incoming, outgoing) => {
    const { method, url = '/', headers } = incoming
    const { hostname, port } = new URL(target())
    const options = { hostname, port, path: url, method, headers: { ...headers, ...headersFor(incoming) } }
    const passed = request(options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    passed.on('error', () => refuse(outgoing))
    outgoing.on('close', () => passed.destroy())
    incoming.pipe(passed)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the front listens on no port')
  return {
    port: address.port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
