import { once } from 'node:events'
import { createServer, request } from 'node:http'

/** CloudFront and the load balancer: what people's browsers reach, seen from this machine. */
export type Balancer = AsyncDisposable & { url: string }

const VISITOR = '203.0.113.7'
const CLOUDFRONT = '130.176.1.1'

/**
 * Passes requests on to a web process with the headers that both add, as if they had come to the installation's address.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
 */
export async function startBalancer(target: string, domain: string): Promise<Balancer> {
  const server = createServer((incoming, outgoing) => {
    const { method, url: path = '/', headers } = incoming
    const added = {
      host: domain,
      ...(headers.origin !== undefined && { origin: `https://${domain}` }),
      'x-forwarded-for': `${VISITOR}, ${CLOUDFRONT}`,
      ...{ 'x-forwarded-proto': 'https', 'x-forwarded-port': '443', via: '2.0 abc.cloudfront.net (CloudFront)' },
      ...{ 'x-amz-cf-id': crypto.randomUUID(), 'x-amzn-trace-id': `Root=1-67891233-${crypto.randomUUID().slice(-12)}` },
      'x-origin-verify': 'what only CloudFront knows',
    }
    const passed = request(new URL(path, target), { method, headers: { ...headers, ...added } }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    passed.on('error', () => outgoing.writeHead(502).end())
    incoming.pipe(passed)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the balancer listens on no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
