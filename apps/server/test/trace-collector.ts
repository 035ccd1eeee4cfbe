import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { hexIn, messagesIn, readMessage, textIn, type Message } from './protobuf.ts'

/** A span as a collector gets it. */
export type Span = {
  service: string
  name: string
  traceId: string
  spanId: string
  parentId: string
  links: string[]
  attributes: Record<string, string>
}

/** A collector that takes, from whoever has its key, traces by OTLP over HTTP, in protobuf, and keeps their spans. */
export async function startCollector({ key }: { key: string }) {
  const spans: Span[] = []
  const bodies: Buffer[] = []
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const isProtobuf = request.headers['content-type'] === 'application/x-protobuf'
      const isTraces = request.url === '/v1/traces' && isProtobuf && request.headers['api-key'] === key
      if (isTraces) {
        bodies.push(body)
        spans.push(...spansIn(readMessage(body)))
      }
      response.writeHead(isTraces ? 200 : 400, { 'content-type': 'application/x-protobuf' }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    endpoint: `http://127.0.0.1:${port}`,
    spans,
    /** everything that came, as it came */
    raw: () => Buffer.concat(bodies).toString('latin1'),
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** @see opentelemetry/proto/trace/v1/trace.proto: resource_spans, resource, scope_spans, spans */
function spansIn(request: Message): Span[] {
  return messagesIn(request, 1).flatMap((ofResource) => {
    const [resource = new Map()] = messagesIn(ofResource, 1)
    const service = attributesIn(resource, 1)['service.name'] ?? ''
    return messagesIn(ofResource, 2).flatMap((ofScope) =>
      messagesIn(ofScope, 2).map((span) => ({
        service,
        name: textIn(span, 5),
        traceId: hexIn(span, 1),
        spanId: hexIn(span, 2),
        parentId: hexIn(span, 4),
        links: messagesIn(span, 13).map((link) => hexIn(link, 1)),
        attributes: attributesIn(span, 9),
      })),
    )
  })
}

/** KeyValue with an AnyValue: text is its first field, a whole number its third. */
function attributesIn(message: Message, field: number): Record<string, string> {
  return Object.fromEntries(
    messagesIn(message, field).map((pair) => {
      const [value = new Map()] = messagesIn(pair, 2)
      return [textIn(pair, 1), value.has(3) ? String(value.get(3)?.[0]) : textIn(value, 1)]
    }),
  )
}
