import type { FastifyInstance } from 'fastify'
import type { Config } from '../config/config.ts'
import type { Clock } from '../shared/clock.ts'
import { VISITOR_HEADER, type Auth } from './auth.service.ts'
import { createSignUpLinks } from './sign-up-link.ts'
import { admitSignUp } from './sign-up.service.ts'

/** What the product uses of the sign-in library; nothing else of it can be reached. */
const PATHS = [
  ['POST', '/sign-in/email'],
  ['POST', '/sign-up/email'],
  ['POST', '/sign-out'],
  ['GET', '/get-session'],
] as const

const BODY_LIMIT_BYTES = 8 * 1024

type AuthDeps = { auth: Auth; config: Config; clock: Clock }

/** Signing in, up and out, under /api/auth. */
export async function authRoutes(app: FastifyInstance, { auth, config, clock }: AuthDeps): Promise<void> {
  const signUp = { config, clock, links: createSignUpLinks(config) }
  for (const [method, path] of PATHS) {
    app.route({
      method,
      url: `/api/auth${path}`,
      bodyLimit: BODY_LIMIT_BYTES,
      schema: { hide: true },
      config: { access: 'public', scope: 'none' },
      handler: async (request, reply) => {
        const headers = new Headers()
        for (const [name, value] of Object.entries(request.headers))
          if (typeof value === 'string') headers.set(name, value)
        headers.delete('content-length')
        headers.set(VISITOR_HEADER, request.ip)
        const url = new URL(request.url, `${request.protocol}://${request.host}`)
        const told = path === '/sign-up/email' ? admitSignUp(signUp, sent(request.body)) : sent(request.body)
        const body = method === 'POST' ? { body: JSON.stringify(told) } : {}
        const answer = await auth.handler(new Request(url, { method, headers, ...body }))
        reply.code(answer.status)
        for (const [name, value] of answer.headers) if (name !== 'set-cookie') reply.header(name, value)
        for (const cookie of answer.headers.getSetCookie()) reply.header('set-cookie', cookie)
        return reply.header('cache-control', 'no-store').send(await answer.text())
      },
    })
  }
}

function sent(body: unknown): object {
  return typeof body === 'object' && body !== null ? body : {}
}
