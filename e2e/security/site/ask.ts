import { Agent, request as plainRequest, type IncomingHttpHeaders } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'

/** A request, whose headers are sent as they are. */
export type Asked = {
  method: string
  /** path and query, as they go over the wire */
  path: string
  headers?: Record<string, string | string[]>
  body?: string | Buffer
}

export type Answer = { status: number; headers: IncomingHttpHeaders; text: string }

/** Whoever gets no answer within this is taken to hang. */
export const PATIENCE_MS = 20_000

const plain = new Agent({ keepAlive: true, maxSockets: 16 })
// The certificate in front of the product is a test's own.
const tls = new TlsAgent({ keepAlive: true, maxSockets: 16, rejectUnauthorized: false })

/**
 * Sends one request and reads its answer. Redirects are not followed.
 * @throws {Error} when there is no answer in time, or the connection ends without one
 */
export function ask(url: string, { method, path, headers = {}, body }: Asked): Promise<Answer> {
  const { hostname, port, protocol } = new URL(url)
  const [send, agent] = protocol === 'https:' ? [tlsRequest, tls] : [plainRequest, plain]
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const options = { hostname, port, agent, method, path, headers: { ...length, ...headers } }
  const sent = send(options, (answer) => {
    const chunks: Buffer[] = []
    answer.on('data', (chunk: Buffer) => chunks.push(chunk))
    answer.once('error', reject)
    answer.once('end', () => {
      resolve({
        status: answer.statusCode ?? 0,
        headers: answer.headers,
        text: Buffer.concat(chunks).toString('utf8'),
      })
    })
  })
  sent.setTimeout(PATIENCE_MS, () => sent.destroy(new Error(`no answer within ${String(PATIENCE_MS / 1000)} s`)))
  sent.once('error', reject)
  sent.end(body)
  return promise
}
