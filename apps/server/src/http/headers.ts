import type { FastifyInstance } from 'fastify'

const YEAR_S = 31_536_000

/**
 * Says with every answer of the API by which id the log knows it, and that it is data: nothing in it may run, be framed,
 * or be taken for a page. Pages bring headers of their own.
 */
export function registerHeaders(app: FastifyInstance, { publicUrl }: { publicUrl: string }): void {
  const fixed = {
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    ...(publicUrl.startsWith('https:') && { 'strict-transport-security': `max-age=${YEAR_S}` }),
  }
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(fixed).header('x-request-id', request.id)
    done()
  })
}
