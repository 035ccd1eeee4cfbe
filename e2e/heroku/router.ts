import { once } from 'node:events'
import { createServer, request } from 'node:http'

/** What stands between people and a web process. */
export type Router = AsyncDisposable & { port: number }

/**
 * Ends TLS (so it says) and passes requests on with the headers that the platform's documentation names.
 * @see https://devcenter.heroku.com/articles/http-routing
 */
export async function startRouter(toPort: number): Promise<Router> {
  const server = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming
    const said = headers['x-forwarded-for']
    const client = incoming.socket.remoteAddress ?? ''
    const forwarded = {
      'x-forwarded-for': said === undefined ? client : `${[said].flat().join(', ')}, ${client}`,
      ...{ 'x-forwarded-proto': 'https', 'x-forwarded-port': '443', via: '1.1 heroku-router' },
      ...{ 'x-request-id': crypto.randomUUID(), 'x-request-start': String(Temporal.Now.instant().epochMilliseconds) },
    }
    const passed = request(
      { port: toPort, host: '127.0.0.1', method, path, headers: { ...headers, ...forwarded } },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      },
    )
    passed.on('error', () => outgoing.writeHead(503).end('Application error'))
    incoming.pipe(passed)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the router listens on no port')
  return {
    port: address.port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
