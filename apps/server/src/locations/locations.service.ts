import { appendAudit } from '../audit/audit.service.ts'
import type { Database, TenantTransaction } from '../db/database.ts'
import { withTenant } from '../db/tenant.ts'
import { runOnce } from '../idempotency/idempotency.service.ts'
import { configChanged } from '../organizations/organizations.service.ts'
import type { Actor } from '../shared/actor.ts'
import type { Clock } from '../shared/clock.ts'
import { decodeCursor, toPage } from '../shared/cursor.ts'
import { newId } from '../shared/id.ts'
import type { Once } from '../shared/once.ts'
import { locationNotFound } from './locations.errors.ts'
import * as queries from './locations.queries.ts'
import type { LocationCreate, LocationPatch, LocationView } from './locations.schemas.ts'

export type LocationDeps = { db: Database; clock: Clock }

/** A page of locations, by name. */
export async function listLocations(
  { db }: LocationDeps,
  organizationId: string,
  { cursor, limit = 50 }: { cursor?: string; limit?: number },
) {
  const [name = '', id = ''] = cursor === undefined ? [] : decodeCursor(cursor, ['text', 'uuid'])
  const after = cursor === undefined ? undefined : { name, id }
  const rows = await withTenant(db, organizationId, (tx) =>
    queries.listLocations(tx, organizationId, { after, limit: limit + 1 }),
  )
  return toPage(rows, limit, { keyOf: (row) => [row.name, row.id], toView: (row): LocationView => row })
}

/** Adds a location. */
export async function createLocation(
  { db, clock }: LocationDeps,
  organizationId: string,
  request: { actor: Actor; once: Once | undefined; body: LocationCreate },
) {
  const { actor, once, body } = request
  return withTenant(db, organizationId, (tx) =>
    runOnce(tx, organizationId, once, () =>
      addLocation(tx, organizationId, { actor, nowMs: clock.nowMs(), location: body }),
    ),
  )
}

/** Adds a location in a transaction under way. */
export async function addLocation(
  tx: TenantTransaction,
  organizationId: string,
  { actor, nowMs, location }: { actor: Actor; nowMs: number; location: LocationCreate },
): Promise<LocationView> {
  const added = await queries.insertLocation(tx, organizationId, { id: newId(nowMs), ...location })
  await record(tx, organizationId, { actor, atMs: nowMs, action: 'location.created', id: added.id, detail: location })
  return added
}

/**
 * Changes a location.
 * @throws {AppError} location.not_found
 */
export async function updateLocation(
  { db, clock }: LocationDeps,
  organizationId: string,
  { actor, id, changes }: { actor: Actor; id: string; changes: LocationPatch },
): Promise<LocationView> {
  return withTenant(db, organizationId, async (tx) => {
    const location = await queries.updateLocation(tx, organizationId, id, changes)
    if (!location) throw locationNotFound()
    await record(tx, organizationId, { actor, atMs: clock.nowMs(), action: 'location.updated', id, detail: changes })
    return location
  })
}

type Change = { actor: Actor; atMs: number; action: string; id: string; detail: object }

async function record(tx: TenantTransaction, organizationId: string, { id, ...change }: Change): Promise<void> {
  await appendAudit(tx, organizationId, { ...change, entity: 'location', entityId: id })
  await configChanged(tx, organizationId)
}
