import { createServer } from 'node:http'
import { startFront, type Front } from '../stack/front.ts'

/**
 * Ends TLS (so it says) and passes requests on with the headers that the platform's documentation names.
 * @see https://devcenter.heroku.com/articles/http-routing
 */
export function startRouter(toPort: number): Promise<Front> {
  return startFront((listener) => createServer(listener), {
    target: () => `http://127.0.0.1:${toPort}`,
    headersFor: ({ headers, socket }) => {
      const said = headers['x-forwarded-for']
      const client = socket.remoteAddress ?? ''
      return {
        'x-forwarded-for': said === undefined ? client : `${[said].flat().join(', ')}, ${client}`,
        ...{ 'x-forwarded-proto': 'https', 'x-forwarded-port': '443', via: '1.1 heroku-router' },
        ...{ 'x-request-id': crypto.randomUUID(), 'x-request-start': String(Temporal.Now.instant().epochMilliseconds) },
      }
    },
    refuse: (outgoing) => outgoing.writeHead(503).end('Application error'),
  })
}
