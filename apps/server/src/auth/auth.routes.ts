import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import type { Config } from '../config/config.ts'
import type { Database } from '../db/database.ts'
import type { Clock } from '../shared/clock.ts'
import { closed, Email, Locale } from '../shared/schemas.ts'
import { VISITOR_HEADER, type Auth } from './auth.service.ts'
import { createSignUpLinks } from './sign-up-link.ts'
import { admitSignUp, askForAccount } from './sign-up.service.ts'

/** What the product uses of the sign-in library; nothing else of it can be reached. */
const PATHS = [
  ['POST', '/sign-in/email'],
  ['POST', '/sign-up/email'],
  ['POST', '/sign-out'],
  ['GET', '/get-session'],
] as const

const BODY_LIMIT_BYTES = 8 * 1024

type AuthDeps = { auth: Auth; db: Database; config: Config; clock: Clock }

const SignUpAsk = Type.Object({ email: Email, locale: Type.Optional(Locale) }, closed)

/** Mails that one visitor may have sent to anybody in a minute, and that anybody may have sent to one address in an hour. */
const ASKS = { ofVisitor: { max: 5, timeWindow: 60_000 }, forAddress: { max: 3, timeWindow: 3_600_000 } }

/** Signing in, up and out, under /api/auth. */
export async function authRoutes(app: FastifyInstance, deps: AuthDeps): Promise<void> {
  const { auth, config, clock } = deps
  askRoute(app, deps)
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

/** Asking for an account by mail: the answer is the same for every address. */
function askRoute(app: FastifyInstance, deps: AuthDeps): void {
  const isTooOften = deps.config.rateLimit ? addressLimit(app) : () => Promise.resolve(false)
  app.post<{ Body: Static<typeof SignUpAsk> }>(
    '/api/auth/sign-up/ask',
    {
      ...{ bodyLimit: BODY_LIMIT_BYTES, schema: { hide: true, body: SignUpAsk } },
      config: { access: 'public', scope: 'none', ...(deps.config.rateLimit && { rateLimit: ASKS.ofVisitor }) },
    },
    async (request, reply) => {
      const { email, locale = 'en' } = request.body
      // Who is written to too often is not told so either: it would say that somebody else has asked.
      if (!(await isTooOften(request))) await askForAccount(deps, { email, locale })
      return reply.code(202).send({})
    },
  )
}

/** Counts how often somebody asks for an address, whoever it is. */
function addressLimit(app: FastifyInstance) {
  const count = app.createRateLimit({
    ...ASKS.forAddress,
    keyGenerator: ({ body }) => `sign-up:${Value.Check(SignUpAsk, body) ? digestOf(body.email) : ''}`,
  })
  return async (request: FastifyRequest): Promise<boolean> => {
    const counted = await count(request)
    return !counted.isAllowed && counted.isExceeded
  }
}

function sent(body: unknown): object {
  return typeof body === 'object' && body !== null ? body : {}
}

/** Where limits are counted stand no addresses. */
function digestOf(email: string): string {
  return createHash('sha256').update(email.toLowerCase()).digest('base64url')
}
