import { appendAudit } from '../audit/audit.service.ts'
import type { Database, TenantTransaction } from '../db/database.ts'
import { onConstraint } from '../db/errors.ts'
import { withTenant } from '../db/tenant.ts'
import { runOnce } from '../idempotency/idempotency.service.ts'
import { configChanged } from '../organizations/organizations.service.ts'
import type { Actor } from '../shared/actor.ts'
import { invalidField } from '../shared/app-error.ts'
import { toDate, type Clock } from '../shared/clock.ts'
import { decodeCursor, toPage } from '../shared/cursor.ts'
import { newId } from '../shared/id.ts'
import type { Once } from '../shared/once.ts'
import { resourceInUse, resourceNotFound } from './resources.errors.ts'
import * as queries from './resources.queries.ts'
import type { ResourceCreate, ResourcePatch, ResourceView } from './resources.schemas.ts'

export type ResourceDeps = { db: Database; clock: Clock }

/** A page of resources, by name. */
export async function listResources(
  { db }: ResourceDeps,
  organizationId: string,
  { cursor, limit = 50 }: { cursor?: string; limit?: number },
) {
  const [name = '', id = ''] = cursor === undefined ? [] : decodeCursor(cursor, ['text', 'uuid'])
  const after = cursor === undefined ? undefined : { name, id }
  const rows = await withTenant(db, organizationId, (tx) =>
    queries.listResources(tx, organizationId, { after, limit: limit + 1 }),
  )
  return toPage(rows, limit, { keyOf: (row) => [row.name, row.id], toView: (row): ResourceView => row })
}

/**
 * Adds a resource.
 * @throws {AppError} request.invalid when there is no such schedule
 */
export async function createResource(
  { db, clock }: ResourceDeps,
  organizationId: string,
  request: { actor: Actor; once: Once | undefined; body: ResourceCreate },
) {
  const { actor, once, body } = request
  return withTenant(db, organizationId, (tx) =>
    runOnce(tx, organizationId, once, () =>
      addResource(tx, organizationId, { actor, nowMs: clock.nowMs(), resource: body }),
    ),
  )
}

/**
 * Adds a resource in a transaction under way.
 * @throws {AppError} request.invalid when there is no such schedule
 */
export async function addResource(
  tx: TenantTransaction,
  organizationId: string,
  { actor, nowMs, resource }: { actor: Actor; nowMs: number; resource: ResourceCreate },
): Promise<ResourceView> {
  const added = await withSchedule(queries.insertResource(tx, organizationId, { id: newId(nowMs), ...resource }))
  await record(tx, organizationId, { actor, atMs: nowMs, action: 'resource.created', id: added.id, detail: resource })
  return added
}

/**
 * Changes a resource.
 * @throws {AppError} resource.not_found; resource.in_use when appointments to come claim more than would be left; request.invalid when there
 *   is no such schedule
 */
export async function updateResource(
  { db, clock }: ResourceDeps,
  organizationId: string,
  { actor, id, changes }: { actor: Actor; id: string; changes: ResourcePatch },
): Promise<ResourceView> {
  const nowMs = clock.nowMs()
  return withTenant(db, organizationId, async (tx) => {
    if (changes.quantity !== undefined) {
      await queries.lockUnits(tx, organizationId, id)
      const inUse = await queries.highestClaimedUnit(tx, organizationId, id, toDate(nowMs))
      if (inUse > changes.quantity) throw resourceInUse(inUse)
    }
    const resource = await withSchedule(queries.updateResource(tx, organizationId, id, changes))
    if (!resource) throw resourceNotFound()
    await record(tx, organizationId, { actor, atMs: nowMs, action: 'resource.updated', id, detail: changes })
    return resource
  })
}

/** Turns a schedule that there is not into what the caller can change. */
function withSchedule<Result>(write: Promise<Result>): Promise<Result> {
  return write.catch(onConstraint(queries.SCHEDULE_KEY, () => invalidField('scheduleId', 'There is no such schedule.')))
}

type Change = { actor: Actor; atMs: number; action: string; id: string; detail: object }

async function record(tx: TenantTransaction, organizationId: string, { id, ...change }: Change): Promise<void> {
  await appendAudit(tx, organizationId, { ...change, entity: 'resource', entityId: id })
  await configChanged(tx, organizationId)
}
