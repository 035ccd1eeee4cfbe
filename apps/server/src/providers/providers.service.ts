import { appendAudit } from '../audit/audit.service.ts'
import type { Database, TenantTransaction } from '../db/database.ts'
import { onConstraint } from '../db/errors.ts'
import { withTenant } from '../db/tenant.ts'
import { runOnce } from '../idempotency/idempotency.service.ts'
import { configChanged } from '../organizations/organizations.service.ts'
import { addSchedule } from '../schedules/schedules.service.ts'
import type { Actor } from '../shared/actor.ts'
import { invalidField } from '../shared/app-error.ts'
import type { Clock } from '../shared/clock.ts'
import { decodeCursor, toPage } from '../shared/cursor.ts'
import { newId } from '../shared/id.ts'
import type { Once } from '../shared/once.ts'
import { providerNotFound } from './providers.errors.ts'
import * as queries from './providers.queries.ts'
import { colourFor } from './providers.rules.ts'
import type { ProviderCreate, ProviderPatch, ProviderView } from './providers.schemas.ts'

export type ProviderDeps = { db: Database; clock: Clock }

/** A page of providers, in the order in which the business shows them. */
export async function listProviders(
  { db }: ProviderDeps,
  organizationId: string,
  { cursor, limit = 50 }: { cursor?: string; limit?: number },
) {
  const [position, name = '', id = ''] = cursor === undefined ? [] : decodeCursor(cursor, ['integer', 'text', 'uuid'])
  const after = position === undefined ? undefined : { position: Number(position), name, id }
  const rows = await withTenant(db, organizationId, (tx) =>
    queries.listProviders(tx, organizationId, { after, limit: limit + 1 }),
  )
  const keyOf = (row: ProviderView) => [String(row.position), row.name, row.id]
  return toPage(rows, limit, { keyOf, toView: (row): ProviderView => row })
}

/**
 * Adds a provider.
 * @throws {AppError} request.invalid when there is no such schedule
 */
export async function createProvider(
  { db, clock }: ProviderDeps,
  organizationId: string,
  request: { actor: Actor; once: Once | undefined; body: ProviderCreate },
) {
  const { actor, once, body } = request
  return withTenant(db, organizationId, (tx) =>
    runOnce(tx, organizationId, once, () =>
      addProvider(tx, organizationId, { actor, nowMs: clock.nowMs(), provider: body }),
    ),
  )
}

/**
 * Adds a provider in a transaction under way. Without a schedule they get one of their own; without a place in the order
 * they stand last; without a colour they get one that differs from those just before.
 * @throws {AppError} request.invalid when there is no such schedule
 */
export async function addProvider(
  tx: TenantTransaction,
  organizationId: string,
  add: { actor: Actor; nowMs: number; provider: ProviderCreate },
): Promise<ProviderView> {
  const { actor, nowMs, provider } = add
  const { count, nextPosition } = await queries.countProviders(tx, organizationId)
  const scheduleId = provider.scheduleId ?? (await addOwnSchedule(tx, organizationId, add))
  const row = { id: newId(nowMs), colour: colourFor(count), position: nextPosition, ...provider, scheduleId }
  const added = await queries
    .insertProvider(tx, organizationId, row)
    .catch(onConstraint(queries.SCHEDULE_KEY, noSuchSchedule))
  const detail = { name: provider.name, scheduleId }
  await record(tx, organizationId, { actor, atMs: nowMs, action: 'provider.created', id: added.id, detail })
  return added
}

async function addOwnSchedule(
  tx: TenantTransaction,
  organizationId: string,
  { actor, nowMs, provider }: { actor: Actor; nowMs: number; provider: ProviderCreate },
): Promise<string> {
  const timeZone = await queries.organizationTimeZone(tx, organizationId)
  return addSchedule(tx, organizationId, { actor, nowMs, schedule: { name: provider.name, timeZone } })
}

/**
 * Changes a provider. One who is no longer active keeps the bookings made so far.
 * @throws {AppError} provider.not_found; request.invalid when there is no such schedule
 */
export async function updateProvider(
  { db, clock }: ProviderDeps,
  organizationId: string,
  { actor, id, changes }: { actor: Actor; id: string; changes: ProviderPatch },
): Promise<ProviderView> {
  return withTenant(db, organizationId, async (tx) => {
    const provider = await queries
      .updateProvider(tx, organizationId, id, changes)
      .catch(onConstraint(queries.SCHEDULE_KEY, noSuchSchedule))
    if (!provider) throw providerNotFound()
    const { email, ...plain } = changes
    const detail = { ...plain, ...(email !== undefined && { email: 'changed' }) }
    await record(tx, organizationId, { actor, atMs: clock.nowMs(), action: 'provider.updated', id, detail })
    return provider
  })
}

const noSuchSchedule = () => invalidField('scheduleId', 'There is no such schedule.')

type Change = { actor: Actor; atMs: number; action: string; id: string; detail: object }

async function record(tx: TenantTransaction, organizationId: string, { id, ...change }: Change): Promise<void> {
  await appendAudit(tx, organizationId, { ...change, entity: 'provider', entityId: id })
  await configChanged(tx, organizationId)
}
