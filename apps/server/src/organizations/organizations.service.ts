import { appendAudit } from '../audit/audit.service.ts'
import type { Database, TenantTransaction } from '../db/database.ts'
import { databaseErrorOf } from '../db/errors.ts'
import { withTenant } from '../db/tenant.ts'
import { runOnce } from '../idempotency/idempotency.service.ts'
import type { Actor } from '../shared/actor.ts'
import type { Clock } from '../shared/clock.ts'
import { newId } from '../shared/id.ts'
import type { Once } from '../shared/once.ts'
import { organizationNotFound, slugTaken } from './organizations.errors.ts'
import * as queries from './organizations.queries.ts'
import { checkOrganization } from './organizations.rules.ts'
import type { OrganizationCreate, OrganizationPatch, OrganizationView } from './organizations.schemas.ts'

export type OrganizationDeps = { db: Database; clock: Clock }

/** @throws {AppError} organization.not_found */
export async function findOrganizationId(db: Database, slug: string): Promise<string> {
  const found = await queries.findIdBySlug(db.kysely, slug)
  if (!found) throw organizationNotFound()
  return found.organizationId
}

/** The ids of all organizations, for work that is done for each of them. */
export async function listOrganizationIds(db: Database): Promise<string[]> {
  return (await queries.listIds(db.kysely)).map(({ organizationId }) => organizationId)
}

/** @throws {AppError} organization.not_found */
export async function getOrganization({ db }: { db: Database }, organizationId: string): Promise<OrganizationView> {
  return withTenant(db, organizationId, (tx) => readOrganization(tx, organizationId))
}

/** What the organization is called. */
export async function organizationName(tx: TenantTransaction, organizationId: string): Promise<string> {
  return (await readOrganization(tx, organizationId)).name
}

/** The zone, language and currency of the organization, for what is made in it without its own. */
export async function readOrganization(tx: TenantTransaction, organizationId: string): Promise<OrganizationView> {
  const organization = await queries.findOrganization(tx, organizationId)
  if (!organization) throw organizationNotFound()
  return organization
}

export type NewOrganization = { userId: string; once: Once | undefined; body: OrganizationCreate }

/**
 * Sets up an organization; whoever asks becomes its owner through `addOwner`, in the same transaction.
 * @throws {AppError} organization.slug_taken, request.invalid
 */
export async function createOrganization(
  { db, clock }: OrganizationDeps,
  { userId, once, body }: NewOrganization,
  addOwner: (tx: TenantTransaction, organizationId: string, member: { id: string; userId: string }) => Promise<void>,
): Promise<OrganizationView> {
  checkOrganization(body)
  const nowMs = clock.nowMs()
  const id = newId(nowMs)
  const { slug, ...fields } = body
  const create = () =>
    withTenant(db, id, async (tx) => {
      await queries.insertOrganization(tx, id, slug, fields)
      return runOnce(tx, id, once, async () => {
        const member = { id: newId(nowMs), userId }
        await addOwner(tx, id, member)
        const actor = { kind: 'user', userId } as const
        await appendAudit(tx, id, {
          atMs: nowMs,
          actor,
          action: 'organization.created',
          entity: 'organization',
          entityId: id,
        })
        return readOrganization(tx, id)
      })
    })
  try {
    return await create()
  } catch (error) {
    if (databaseErrorOf(error)?.constraint !== 'organization_slug_pkey') throw error
    return repeated(db, { slug, once, cause: error })
  }
}

/** The slug is taken: by somebody else, or by the same request that came before. */
async function repeated(db: Database, { slug, once, cause }: { slug: string; once: Once | undefined; cause: unknown }) {
  if (!once) throw slugTaken(slug, cause)
  const id = await findOrganizationId(db, slug)
  const taken = () => Promise.reject(slugTaken(slug, cause))
  return withTenant(db, id, (tx) => runOnce<OrganizationView>(tx, id, once, taken))
}

/** @throws {AppError} request.invalid */
export async function updateOrganization(
  { db, clock }: OrganizationDeps,
  organizationId: string,
  { actor, body }: { actor: Actor; body: OrganizationPatch },
): Promise<OrganizationView> {
  checkOrganization(body)
  return withTenant(db, organizationId, async (tx) => {
    await queries.updateOrganization(tx, organizationId, body)
    await configChanged(tx, organizationId)
    const detail = { fields: Object.keys(body) }
    await appendAudit(tx, organizationId, {
      ...{
        atMs: clock.nowMs(),
        actor,
        action: 'organization.updated',
        entity: 'organization',
        entityId: organizationId,
        detail,
      },
    })
    return readOrganization(tx, organizationId)
  })
}

/** Whatever was computed from services, staff, schedules or settings is stale now. */
export function configChanged(tx: TenantTransaction, organizationId: string): Promise<void> {
  return queries.bumpConfigVersion(tx, organizationId)
}
