import { createServer } from 'node:http'
import { startFront, type Front } from '../stack/front.ts'

const VISITOR = '203.0.113.7'
const CLOUDFRONT = '130.176.1.1'

/**
 * CloudFront and the load balancer, seen from this machine: passes requests on to a web process with the headers that both
 * add, as if they had come to the installation's address.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
 */
export function startBalancer(target: string, domain: string): Promise<Front> {
  return startFront((listener) => createServer(listener), {
    target: () => target,
    headersFor: ({ headers }) => ({
      host: domain,
      ...(headers.origin !== undefined && { origin: `https://${domain}` }),
      'x-forwarded-for': `${VISITOR}, ${CLOUDFRONT}`,
      ...{ 'x-forwarded-proto': 'https', 'x-forwarded-port': '443', via: '2.0 abc.cloudfront.net (CloudFront)' },
      ...{ 'x-amz-cf-id': crypto.randomUUID(), 'x-amzn-trace-id': `Root=1-67891233-${crypto.randomUUID().slice(-12)}` },
      'x-origin-verify': 'what only CloudFront knows',
    }),
    refuse: (outgoing) => outgoing.writeHead(502).end(),
  })
}
