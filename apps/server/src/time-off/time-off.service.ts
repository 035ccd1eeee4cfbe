import { localDateOf, type BusyTime } from '@slotkeeper/scheduling'
import { appendAudit } from '../audit/audit.service.ts'
import type { Database, TenantTransaction } from '../db/database.ts'
import { withTenant } from '../db/tenant.ts'
import { runOnce } from '../idempotency/idempotency.service.ts'
import { configChanged } from '../organizations/organizations.service.ts'
import { providerNotFound } from '../providers/providers.errors.ts'
import { resourceNotFound } from '../resources/resources.errors.ts'
import type { Actor } from '../shared/actor.ts'
import type { Clock } from '../shared/clock.ts'
import { decodeCursor, toPage } from '../shared/cursor.ts'
import { newId } from '../shared/id.ts'
import type { Once } from '../shared/once.ts'
import { notYourTimeOff, timeOffNotFound } from './time-off.errors.ts'
import * as queries from './time-off.queries.ts'
import { busyOf, checkTimes, mayChange, toView } from './time-off.rules.ts'
import type { TimeOffCreate, TimeOffPatch, TimeOffView } from './time-off.schemas.ts'

export type TimeOffDeps = { db: Database; clock: Clock }

/** A provider, or a resource. */
export type OffSubject = { kind: 'provider' | 'resource'; id: string }

const DAY_MS = 86_400_000

/**
 * When people and things are off in a stretch of time, by their ids, as the engine takes it. What reaches over its ends
 * is there whole.
 * @returns an entry for everyone who has any
 */
export async function loadTimeOff(
  tx: TenantTransaction,
  organizationId: string,
  subjectIds: string[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<Map<string, BusyTime[]>> {
  const dates = { fromDate: dateNear(fromMs - DAY_MS), toDate: dateNear(toMs + DAY_MS) }
  const rows = await queries.findTimeOff(tx, organizationId, subjectIds, dates)
  const busy = new Map<string, BusyTime[]>()
  for (const row of rows) {
    const times = busyOf(row, fromMs, toMs)
    if (times.length > 0) busy.set(row.subjectId, [...(busy.get(row.subjectId) ?? []), ...times])
  }
  return busy
}

/**
 * A page of the time off of somebody or something, the latest first.
 * @throws {AppError} provider.not_found, resource.not_found
 */
export async function listTimeOff(
  { db, clock }: TimeOffDeps,
  organizationId: string,
  request: { actor: Actor; subject: OffSubject; query: { cursor?: string; limit?: number } },
) {
  const { actor, query } = request
  const { cursor, limit = 50 } = query
  const [startsAt = '', id = ''] = cursor === undefined ? [] : decodeCursor(cursor, ['text', 'uuid'])
  const after = cursor === undefined ? undefined : { startsAt, id }
  return withTenant(db, organizationId, async (tx) => {
    const subject = await findSubject(tx, organizationId, request.subject)
    const rows = await queries.listTimeOff(tx, organizationId, subject.id, { after, limit: limit + 1 })
    const seesNotes = mayChange(actor, subject)
    return toPage(rows, limit, {
      keyOf: (row) => [row.startsAt, row.id],
      toView: (row) => toView(row, clock.nowMs(), seesNotes),
    })
  })
}

/**
 * Enters time off.
 * @throws {AppError} provider.not_found, resource.not_found, auth.forbidden, request.invalid
 */
export async function createTimeOff(
  { db, clock }: TimeOffDeps,
  organizationId: string,
  request: { actor: Actor; once: Once | undefined; subject: OffSubject; body: TimeOffCreate },
): Promise<TimeOffView> {
  const { actor, once, subject, body } = request
  return withTenant(db, organizationId, async (tx) => {
    if (!mayChange(actor, await findSubject(tx, organizationId, subject))) throw notYourTimeOff()
    return runOnce(tx, organizationId, once, () =>
      addTimeOff(tx, organizationId, { actor, nowMs: clock.nowMs(), subjectId: subject.id, timeOff: body }),
    )
  })
}

/**
 * Time off that is only thought of, as the engine takes it.
 * @throws {AppError} request.invalid naming every field that cannot be as it is
 */
export function previewTimeOff(timeOff: TimeOffCreate, { fromMs, toMs }: { fromMs: number; toMs: number }): BusyTime[] {
  return busyOf({ id: '', ...checkTimes({ rule: null, except: [], ...timeOff }) }, fromMs, toMs)
}

/**
 * Enters time off of a provider or a resource in a transaction under way.
 * @throws {AppError} request.invalid naming every field that cannot be as it is
 */
export async function addTimeOff(
  tx: TenantTransaction,
  organizationId: string,
  add: { actor: Actor; nowMs: number; subjectId: string; timeOff: TimeOffCreate },
): Promise<TimeOffView> {
  const { actor, nowMs, subjectId, timeOff } = add
  const row = { id: newId(nowMs), subjectId, ...checkTimes({ rule: null, except: [], note: '', ...timeOff }) }
  await queries.insertTimeOff(tx, organizationId, row)
  const { id, note: _note, ...detail } = row
  await record(tx, organizationId, { actor, atMs: nowMs, action: 'time_off.created', id, detail })
  return toView(row, nowMs, true)
}

/**
 * Changes time off.
 * @throws {AppError} time_off.not_found, auth.forbidden, request.invalid
 */
export async function updateTimeOff(
  { db, clock }: TimeOffDeps,
  organizationId: string,
  { actor, id, patch }: { actor: Actor; id: string; patch: TimeOffPatch },
): Promise<TimeOffView> {
  const nowMs = clock.nowMs()
  return withTenant(db, organizationId, async (tx) => {
    const before = await lockOwn(tx, organizationId, { actor, id })
    const row = checkTimes({ ...before, ...patch })
    await queries.updateTimeOff(tx, organizationId, row)
    const { note, ...plain } = patch
    const detail = { subjectId: row.subjectId, ...plain, ...(note !== undefined && { note: 'changed' }) }
    await record(tx, organizationId, { actor, atMs: nowMs, action: 'time_off.updated', id, detail })
    return toView(row, nowMs, true)
  })
}

/**
 * Takes time off back.
 * @throws {AppError} time_off.not_found, auth.forbidden
 */
export async function deleteTimeOff(
  { db, clock }: TimeOffDeps,
  organizationId: string,
  { actor, id }: { actor: Actor; id: string },
): Promise<void> {
  await withTenant(db, organizationId, async (tx) => {
    const { note: _note, id: _id, ...detail } = await lockOwn(tx, organizationId, { actor, id })
    await queries.deleteTimeOff(tx, organizationId, id)
    await record(tx, organizationId, { actor, atMs: clock.nowMs(), action: 'time_off.deleted', id, detail })
  })
}

async function findSubject(tx: TenantTransaction, organizationId: string, { kind, id }: OffSubject) {
  const found = await queries.findSubject(tx, organizationId, id)
  if (found?.kind !== kind) throw kind === 'provider' ? providerNotFound() : resourceNotFound()
  return found
}

async function lockOwn(tx: TenantTransaction, organizationId: string, { actor, id }: { actor: Actor; id: string }) {
  const row = await queries.lockTimeOff(tx, organizationId, id)
  if (!row) throw timeOffNotFound()
  const subject = await queries.findSubject(tx, organizationId, row.subjectId)
  if (!subject || !mayChange(actor, subject)) throw notYourTimeOff()
  return row
}

/** The date of an instant, which no zone is more than a day away from. */
function dateNear(instantMs: number): string {
  return localDateOf(instantMs, 'UTC')
}

type Change = { actor: Actor; atMs: number; action: string; id: string; detail: object }

async function record(tx: TenantTransaction, organizationId: string, { id, ...change }: Change): Promise<void> {
  await appendAudit(tx, organizationId, { ...change, entity: 'time_off', entityId: id })
  await configChanged(tx, organizationId)
}
