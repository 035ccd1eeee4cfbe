import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { findKey } from '../api-keys/api-keys.service.ts'
import type { Auth } from '../auth/auth.service.ts'
import { COOKIE_PREFIX } from '../auth/auth.service.ts'
import type { Database } from '../db/database.ts'
import { findMember } from '../members/members.service.ts'
import { organizationNotFound } from '../organizations/organizations.errors.ts'
import { findOrganizationId } from '../organizations/organizations.service.ts'
import type { Actor } from '../shared/actor.ts'
import { AppError } from '../shared/app-error.ts'
import { BoundedMap } from '../shared/bounded-map.ts'
import type { Clock } from '../shared/clock.ts'
import type { KeyScope } from '../shared/key-scope.ts'
import { roleReaches, type Role } from '../shared/role.ts'

/** Who may call an operation: everybody, whoever has the link, whoever is signed in, or members from a role on. */
export type Access = 'public' | 'link' | 'user' | Role

/** Which scope a key needs for an operation; `none` when no key may do it. */
export type Scope = KeyScope | 'none'

declare module 'fastify' {
  interface FastifyContextConfig {
    access: Access
    scope: Scope
  }
  interface FastifyRequest {
    actor: Actor
    /** the id of the organization that the address names */
    organizationId: string
  }
}

type AccessDeps = { auth: Auth; db: Database; clock: Clock; config: { publicUrl: string; rateLimit: boolean } }

const ANONYMOUS: Actor = { kind: 'anonymous' }
/** The requests of a key in a minute, from wherever they come. */
const KEY_REQUESTS_PER_MINUTE = 600
const SLUGS_MAX = 10_000
const SLUG_LENGTH_MAX = 48
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

/** Every route says who may call it; this finds out who calls, and lets in or refuses, before anything is read. */
export function registerAccess(app: FastifyInstance, deps: AccessDeps): void {
  const { auth, db, config } = deps
  const limitKey = config.rateLimit ? keyLimit(app) : undefined
  const organizations = new BoundedMap<string>(SLUGS_MAX)
  app.decorateRequest('actor')
  app.decorateRequest('organizationId', '')
  app.addHook('onRoute', ({ url, config: declared }) => checkDeclared(url, declared))
  // Before the body is read, but after the limits, which routes have as their own: who is refused is counted, too.
  app.addHook('preParsing', async (request, reply) => {
    request.actor = ANONYMOUS
    const { url = '' } = request.routeOptions
    const { access, scope } = declaredBy(request)
    // Only what no route takes says nothing, and is refused.
    if (!access || !scope) return
    const slug = slugOf(request)
    if (slug !== undefined) request.organizationId = await organizationOf(slug)
    if (access === 'link') return
    const key = url.startsWith('/api/v1/') ? bearerOf(request) : undefined
    if (key !== undefined) {
      request.actor = await keyActorOf(request, reply, { key, scope })
      return
    }
    const hasCookie = request.headers.cookie?.includes(`${COOKIE_PREFIX}.session_token=`) ?? false
    // Asked of the route: an address can be written in many ways, as %61 is an a, too.
    if (hasCookie && url.startsWith('/api/v1/')) {
      refuseOtherSites(request, config.publicUrl)
      request.actor = await actorOf(request)
    }
    if (access !== 'public') requireAccess(request.actor, access)
  })

  async function organizationOf(slug: string): Promise<string> {
    if (slug.length > SLUG_LENGTH_MAX || !/^[a-z0-9-]+$/.test(slug)) throw organizationNotFound()
    const known = organizations.get(slug)
    if (known) return known
    const id = await findOrganizationId(db, slug)
    organizations.set(slug, id)
    return id
  }

  /** @throws {AppError} auth.required, rate.limited, auth.forbidden */
  async function keyActorOf(
    request: FastifyRequest,
    reply: FastifyReply,
    { key, scope }: { key: string; scope: Scope },
  ): Promise<Actor> {
    const found = await findKey(deps, key)
    if (!found) throw keyRefused()
    await limitKey?.(request, reply, found.keyId)
    const { organizationId } = request
    if (organizationId !== '' && organizationId !== found.organizationId)
      throw new AppError('auth.forbidden', 'This API key belongs to another organization.')
    if (scope === 'none') throw new AppError('auth.forbidden', 'This takes a person: no API key may do it.')
    if (!found.scopes.includes(scope))
      throw new AppError('auth.forbidden', `This takes an API key with the scope ${scope}.`)
    return { kind: 'key', keyId: found.keyId }
  }

  async function actorOf(request: FastifyRequest): Promise<Actor> {
    const signedIn = await auth.sessionOf(new Headers({ cookie: request.headers.cookie ?? '' }))
    if (!signedIn) return ANONYMOUS
    const { userId } = signedIn
    const member = request.organizationId ? await findMember(db, request.organizationId, userId) : undefined
    return member ?? { kind: 'user', userId }
  }
}

/** What a route says of itself: the compiler asks for all of it, but not of routes that say nothing at all. */
type Declared = Partial<FastifyContextConfig>

function declaredBy({ routeOptions }: FastifyRequest): Declared {
  return routeOptions.config
}

/** @throws when the route does not say who may call it, or lets keys do what takes an admin */
function checkDeclared(url: string, { access, scope }: Declared = {}): void {
  if (!access) throw new Error(`${url} does not say who may call it`)
  if (!scope) throw new Error(`${url} does not say with which keys`)
  if ((access === 'admin' || access === 'owner') && scope !== 'none') throw new Error(`${url} takes a person`)
}

/** Counts what comes with a key; all that is known of a key before it was proved counts for the address alone. */
function keyLimit(app: FastifyInstance) {
  const keyIds = new WeakMap<FastifyRequest, string>()
  const count = app.createRateLimit({
    max: KEY_REQUESTS_PER_MINUTE,
    timeWindow: 60_000,
    keyGenerator: (request) => `key:${keyIds.get(request) ?? ''}`,
  })
  return async (request: FastifyRequest, reply: FastifyReply, keyId: string): Promise<void> => {
    keyIds.set(request, keyId)
    const counted = await count(request)
    if (counted.isAllowed || !counted.isExceeded) return
    reply.header('retry-after', counted.ttlInSeconds)
    throw new AppError('rate.limited', 'Too many requests with this API key. Wait a little and try again.')
  }
}

/** What stands after Bearer. Other ways to say who one is are none of ours: proxies use them. */
function bearerOf({ headers }: FastifyRequest): string | undefined {
  const { authorization = '' } = headers
  return /^bearer(?:\s|$)/i.test(authorization) ? authorization.slice('bearer '.length).trim() : undefined
}

const keyRefused = () =>
  new AppError('auth.required', 'This API key is unknown, has expired or was revoked. An admin makes new ones.')

function slugOf(request: FastifyRequest): string | undefined {
  const { params } = request
  if (typeof params !== 'object' || params === null || !('organization' in params)) return undefined
  return String(params.organization)
}

/** @throws {AppError} auth.required, auth.forbidden */
function requireAccess(actor: Actor, access: 'user' | Role): void {
  if (actor.kind === 'anonymous') throw new AppError('auth.required', 'Sign in to do this.')
  if (access === 'user') return
  if (actor.kind !== 'member') throw new AppError('auth.forbidden', 'You are not a member of this organization.')
  if (!roleReaches(actor.role, access))
    throw new AppError('auth.forbidden', `This takes the role ${access} or a higher one.`)
}

/** A cookie comes along from whatever page sends a request: those of other sites must not act in its owner's name. */
function refuseOtherSites(request: FastifyRequest, publicUrl: string): void {
  const { origin } = request.headers
  if (SAFE_METHODS.includes(request.method) || origin === undefined) return
  const own = [new URL(publicUrl).host, request.host]
  if (URL.canParse(origin) && own.includes(new URL(origin).host)) return
  throw new AppError('auth.origin_refused', 'This request was made by a page of another site.')
}
