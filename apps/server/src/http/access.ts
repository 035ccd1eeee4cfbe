import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Auth } from '../auth/auth.service.ts'
import { COOKIE_PREFIX } from '../auth/auth.service.ts'
import type { Database } from '../db/database.ts'
import { findMember } from '../members/members.service.ts'
import { organizationNotFound } from '../organizations/organizations.errors.ts'
import { findOrganizationId } from '../organizations/organizations.service.ts'
import type { Actor } from '../shared/actor.ts'
import { AppError } from '../shared/app-error.ts'
import { BoundedMap } from '../shared/bounded-map.ts'
import { roleReaches, type Role } from '../shared/role.ts'

/** Who may call an operation: everybody, whoever has the link, whoever is signed in, or members from a role on. */
export type Access = 'public' | 'link' | 'user' | Role

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    actor: Actor
    /** the id of the organization that the address names */
    organizationId: string
  }
}

type AccessDeps = { auth: Auth; db: Database; config: { publicUrl: string } }

const ANONYMOUS: Actor = { kind: 'anonymous' }
const SLUGS_MAX = 10_000
const SLUG_LENGTH_MAX = 48
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

/** Every route says who may call it; this finds out who calls, and lets in or refuses, before anything is read. */
export function registerAccess(app: FastifyInstance, { auth, db, config }: AccessDeps): void {
  const organizations = new BoundedMap<string>(SLUGS_MAX)
  app.decorateRequest('actor')
  app.decorateRequest('organizationId', '')
  app.addHook('onRoute', ({ url, config: declared }) => {
    if (!declared?.access) throw new Error(`${url} does not say who may call it`)
  })
  // Before the body is read, but after the limits, which routes have as their own: who is refused is counted, too.
  app.addHook('preParsing', async (request) => {
    request.actor = ANONYMOUS
    const { url = '', config: declared } = request.routeOptions
    const access = declared.access
    // Only what no route takes says nothing, and is refused.
    if (!access) return
    const slug = slugOf(request)
    if (slug !== undefined) request.organizationId = await organizationOf(slug)
    if (access === 'link') return
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

  async function actorOf(request: FastifyRequest): Promise<Actor> {
    const signedIn = await auth.sessionOf(new Headers({ cookie: request.headers.cookie ?? '' }))
    if (!signedIn) return ANONYMOUS
    const { userId } = signedIn
    const member = request.organizationId ? await findMember(db, request.organizationId, userId) : undefined
    return member ?? { kind: 'user', userId }
  }
}

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
