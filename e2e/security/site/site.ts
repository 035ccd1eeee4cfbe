import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSignUpLinks } from '../../../apps/server/src/auth/sign-up-link.ts'
import { buildWebIfStale } from '../../../apps/server/src/local/web-build.ts'
import { ROOT } from '../../../scripts/shared/run-command.ts'
import { redisServer } from '../../integrity/system/redis.ts'
import type { LinkFor } from '../../stack/sign-up.ts'
import { startStack } from '../../stack/stack.ts'
import { startTlsFront } from './tls-front.ts'

/** The running product, as people and attackers meet it. */
export type Site = AsyncDisposable & {
  /** the web process itself, without TLS */
  url: string
  /** PUBLIC_URL: a proxy that ends TLS stands there */
  publicUrl: string
  databaseUrl: string
  mailUrl: string
  /** the link by which the account of an address is made */
  linkFor: LinkFor
  /** what no answer may ever have in it */
  secrets: string[]
}

const LINK_MS = 3_600_000

/** Starts a production: PostgreSQL, Redis, mail inbox, worker, web process, TLS in front. Dispose of it, and nothing is left. */
export async function startSite(signUp: 'invited' | 'confirmed' = 'confirmed'): Promise<Site> {
  await buildWebIfStale(ROOT)
  const stack = new AsyncDisposableStack()
  try {
    const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-security-'))
    stack.defer(() => rm(folder, { recursive: true, force: true }))
    const redis = await redisServer(folder)
    await redis.start()
    stack.defer(redis.kill)
    const front = stack.use(await startTlsFront())
    const secretKey = randomBytes(48).toString('base64url')
    const settings = {
      SECRET_KEY: secretKey,
      PUBLIC_URL: front.url,
      REDIS_URL: `redis://127.0.0.1:${String(redis.port)}`,
      TRUST_PROXY: '1',
      ENVIRONMENT: 'production',
      SIGN_UP: signUp,
      // Thousands of requests come from one address here; what limits do is told by tests of their own.
      ACCEPTED_RISKS: 'rate-limit-off: a test; database-owner: a test; sign-up-open: a test',
    }
    const product = stack.use(await startStack({ webProcesses: 1, settings }))
    const links = createSignUpLinks({ secretKey, secretKeyPrevious: undefined, publicUrl: front.url })
    const [web] = product.web
    if (!web) throw new Error('There is no web process')
    front.passTo(Number(new URL(web.url).port))
    return {
      linkFor: (email) => Promise.resolve(links.urlFor(email, Temporal.Now.instant().epochMilliseconds + LINK_MS)),
      ...{ url: web.url, publicUrl: front.url, databaseUrl: product.databaseUrl, mailUrl: product.mailUrl },
      secrets: [secretKey, new URL(product.databaseUrl).password].filter((secret) => secret.length > 7),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}
