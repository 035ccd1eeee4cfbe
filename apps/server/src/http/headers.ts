import type { FastifyReply, FastifyRequest } from 'fastify'

const YEAR_S = 31_536_000

type Site = { publicUrl: string }

/** Headers for whatever is answered, be it data, a page or a file: it is what it says it is, and no part of other sites. */
export function commonHeaders({ publicUrl }: Site): Record<string, string> {
  return {
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    // For what does not know frame-ancestors.
    'x-frame-options': 'DENY',
    ...(publicUrl.startsWith('https:') && { 'strict-transport-security': `max-age=${YEAR_S}` }),
  }
}

/**
 * Headers for every answer of the API: the id by which the log knows it, and that it is data, in which nothing may run and
 * which may not be framed or taken for a page. Pages bring headers of their own.
 */
export function apiHeaders(site: Site) {
  const fixed = {
    ...commonHeaders(site),
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    // Most of it is somebody's: what may be kept says so itself.
    'cache-control': 'no-store',
  }
  return (request: FastifyRequest, reply: FastifyReply): void => {
    reply.headers(fixed).header('x-request-id', request.id)
  }
}
