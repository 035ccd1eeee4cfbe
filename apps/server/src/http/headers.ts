import type { FastifyReply, FastifyRequest } from 'fastify'

const YEAR_S = 31_536_000

/**
 * Headers for every answer of the API: the id by which the log knows it, and that it is data, in which nothing may run and
 * which may not be framed or taken for a page. Pages bring headers of their own.
 */
export function apiHeaders({ publicUrl }: { publicUrl: string }) {
  const fixed = {
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    ...(publicUrl.startsWith('https:') && { 'strict-transport-security': `max-age=${YEAR_S}` }),
  }
  return (request: FastifyRequest, reply: FastifyReply): void => {
    reply.headers(fixed).header('x-request-id', request.id)
  }
}
