import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

/** An error as Sentry's servers get it. */
export type Reported = {
  level: string
  transaction: string
  release: string
  environment: string
  tags: Record<string, string>
  contexts: { trace: { trace_id: string; span_id?: string } }
  exception: { values: { type: string; value: string; stacktrace: { frames: { filename: string }[] } }[] }
}

/** Takes reports as Sentry's servers do. @see https://develop.sentry.dev/sdk/data-model/envelopes/ */
export async function startReceiver() {
  const errors: Reported[] = []
  const bodies: string[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const isKnown = request.url?.startsWith('/api/42/envelope/') && request.url.includes('sentry_key=public')
      bodies.push(body)
      const [, ...items] = body.split('\n')
      for (let at = 0; at + 1 < items.length; at += 2) {
        const { type } = JSON.parse(items[at] ?? '{}') as { type: string }
        if (type === 'event') errors.push(JSON.parse(items[at + 1] ?? '{}') as Reported)
      }
      response.writeHead(isKnown ? 200 : 403, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    dsn: `http://public@127.0.0.1:${port}/42`,
    errors,
    raw: () => bodies.join('\n'),
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
