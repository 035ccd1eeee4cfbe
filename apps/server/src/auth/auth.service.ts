import { argon2, createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { betterAuth } from 'better-auth'
import type { Config } from '../config/config.ts'
import { connectionOptions, openPool } from '../db/database.ts'
import { connectRedis } from '../db/redis.ts'
import { AppError } from '../shared/app-error.ts'
import { createResigner } from './previous-key.ts'
import { redisSessions } from './redis-sessions.ts'

/** Who is signed in. */
export type SignedIn = { userId: string; name: string; email: string }

export type Auth = {
  /** answers what comes in under /api/auth */
  handler: (request: Request) => Promise<Response>
  /** @throws {AppError} server.busy when it cannot be read */
  sessionOf: (headers: Headers) => Promise<SignedIn | undefined>
  /** @returns the id of the person with this address, made now unless they exist */
  createUser: (person: { name: string; email: string; password: string }) => Promise<string>
  close: () => Promise<void>
}

/** Names begin with this; the session's is `slotkeeper.session_token`. */
export const COOKIE_PREFIX = 'slotkeeper'

const DAY_S = 86_400
const SESSION_LIFE_S = 30 * DAY_S
const MIN_PASSWORD_LENGTH = 10

/** Signing in and up: people, passwords and sessions, in the schema `auth`. Sessions are in the database, whatever Redis does. */
export async function createAuth(config: Config, onError: (error: Error) => void): Promise<Auth> {
  const options = await connectionOptions(config.databaseUrl)
  const pool = openPool({ ...options, options: `${options.options ?? ''} -c search_path=auth`, max: 4 }, onError)
  const redis = config.redisUrl ? connectRedis(config.redisUrl, onError, config.redisTls) : undefined
  const auth = betterAuth({
    database: pool,
    baseURL: config.publicUrl,
    basePath: '/api/auth',
    secret: config.secretKey,
    trustedOrigins: (request) => originsOf(config.publicUrl, request),
    ...(redis && { secondaryStorage: redisSessions(redis, onError) }),
    emailAndPassword: {
      enabled: true,
      minPasswordLength: MIN_PASSWORD_LENGTH,
      maxPasswordLength: 200,
      password: { hash: hashPassword, verify: verifyPassword },
    },
    session: { expiresIn: SESSION_LIFE_S, updateAge: DAY_S, storeSessionInDatabase: true },
    rateLimit: {
      enabled: config.rateLimit,
      window: 60,
      max: 100,
      customRules: { '/sign-in/email': { window: 60, max: 10 } },
    },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: config.publicUrl.startsWith('https:'),
      // The library leaves it out where it believes that tests are running.
      disableOriginCheck: false,
      defaultCookieAttributes: { sameSite: 'lax', httpOnly: true },
      database: { generateId: 'uuid' },
      ipAddress: { ipAddressHeaders: [VISITOR_HEADER] },
    },
    telemetry: { enabled: false },
    logger: { disabled: true },
  })
  const resign = createResigner(config)
  return {
    handler(request) {
      const headers = resign(request.headers)
      return auth.handler(headers === request.headers ? request : new Request(request, { headers }))
    },
    async sessionOf(headers) {
      const session = await auth.api.getSession({ headers: resign(headers) }).catch(unreadable)
      return session ? { userId: session.user.id, name: session.user.name, email: session.user.email } : undefined
    },
    async createUser({ name, email, password }) {
      const found = await pool.query<{ id: string }>('select id from "user" where email = $1', [email.toLowerCase()])
      const [known] = found.rows
      if (known) return known.id
      const { user } = await auth.api.signUpEmail({ body: { name, email, password } })
      return user.id
    },
    async close() {
      redis?.disconnect()
      await pool.end()
    },
  }
}

/**
 * The library says of whatever keeps it from reading a session that the server failed. It reads nothing but the database,
 * so that is what is away.
 */
function unreadable(cause: unknown): never {
  throw new AppError('server.busy', 'It cannot be seen who you are at the moment. Try again in a few seconds.', {
    cause,
  })
}

/** The visitor's address, as our own server knows it. It overwrites whatever a visitor sends under this name. */
export const VISITOR_HEADER = 'x-slotkeeper-visitor'

/** Pages come from the public address; on one's own machine, also from its other names. */
function originsOf(publicUrl: string, request: Request | undefined): string[] {
  const { hostname } = new URL(publicUrl)
  const origin = request?.headers.get('origin')
  const isLocal = hostname === 'localhost' || hostname === '127.0.0.1'
  if (!isLocal || !origin || !URL.canParse(origin)) return [publicUrl]
  const asked = new URL(origin).hostname
  return asked === 'localhost' || asked === '127.0.0.1' ? [publicUrl, origin] : [publicUrl]
}

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const ARGON2 = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }
const hashArgon2 = promisify(argon2)

async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const hash = await hashArgon2('argon2id', { message: password, nonce, ...ARGON2 })
  return `argon2id$${nonce.toString('base64url')}$${hash.toString('base64url')}`
}

async function verifyPassword({ hash, password }: { hash: string; password: string }): Promise<boolean> {
  const [kind, nonce = '', kept = ''] = hash.split('$')
  if (kind !== 'argon2id') return false
  const message = await hashArgon2('argon2id', { message: password, nonce: Buffer.from(nonce, 'base64url'), ...ARGON2 })
  return timingSafeEqual(digest(message), digest(Buffer.from(kept, 'base64url')))
}

function digest(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}
