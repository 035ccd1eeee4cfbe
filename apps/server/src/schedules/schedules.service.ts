import type { Schedule } from '@slotkeeper/scheduling'
import { appendAudit } from '../audit/audit.service.ts'
import type { Database, TenantTransaction } from '../db/database.ts'
import { withTenant } from '../db/tenant.ts'
import { checkPlace, publicHolidays, yearsAround, type Years } from '../holidays/holidays.service.ts'
import { runOnce } from '../idempotency/idempotency.service.ts'
import { configChanged } from '../organizations/organizations.service.ts'
import type { Actor } from '../shared/actor.ts'
import { systemClock, type Clock } from '../shared/clock.ts'
import { decodeCursor, toPage } from '../shared/cursor.ts'
import { newId } from '../shared/id.ts'
import type { Once } from '../shared/once.ts'
import { replaceParts } from './schedule-parts.queries.ts'
import { notYourSchedule, scheduleNotFound } from './schedules.errors.ts'
import * as queries from './schedules.queries.ts'
import { checkHours, mayChange, OFFICE_HOURS, type Hours } from './schedules.rules.ts'
import type { ScheduleCreate, SchedulePatch, ScheduleView } from './schedules.schemas.ts'

export type ScheduleDeps = { db: Database; clock: Clock }

/** A page of schedules, by name. */
export async function listSchedules(
  { db }: ScheduleDeps,
  organizationId: string,
  { cursor, limit = 50 }: { cursor?: string; limit?: number },
) {
  const [name = '', id = ''] = cursor === undefined ? [] : decodeCursor(cursor, ['text', 'uuid'])
  const after = cursor === undefined ? undefined : { name, id }
  const rows = await withTenant(db, organizationId, (tx) =>
    queries.listSchedules(tx, organizationId, { after, limit: limit + 1 }),
  )
  return toPage(rows, limit, { keyOf: (row) => [row.name, row.id], toView: (row): ScheduleView => row })
}

/** @throws {AppError} schedule.not_found */
export async function getSchedule({ db }: ScheduleDeps, organizationId: string, id: string): Promise<ScheduleView> {
  return withTenant(db, organizationId, (tx) => findSchedule(tx, organizationId, id))
}

/**
 * Schedules as the engine takes them, by id.
 * @param years  for which public holidays are told; from last year to the year after next when left out
 * @returns without those that there are not
 */
export async function loadSchedules(
  tx: TenantTransaction,
  organizationId: string,
  ids: string[],
  years: Years = yearsAround(systemClock.nowMs()),
): Promise<Map<string, Schedule>> {
  const rows = await queries.findSchedules(tx, organizationId, ids)
  const toSchedule = engineSchedules(tx, organizationId, years)
  const loaded = new Map<string, Schedule>()
  for (const { id, name: _name, ...hours } of rows) loaded.set(id, await toSchedule(hours))
  return loaded
}

/**
 * A schedule as it is and as it would be after a change, as the engine takes them. Nothing is changed.
 * @throws {AppError} schedule.not_found; request.invalid naming every field that cannot be as it is
 */
export async function previewSchedule(
  tx: TenantTransaction,
  organizationId: string,
  request: { id: string; patch: SchedulePatch; years: Years },
): Promise<{ before: Schedule; after: Schedule }> {
  const { id, name: _name, ...hours } = await findSchedule(tx, organizationId, request.id)
  const { name: _newName, ...changes } = await checkAll(request.patch)
  const toSchedule = engineSchedules(tx, organizationId, request.years)
  return { before: await toSchedule(hours), after: await toSchedule({ ...hours, ...changes }) }
}

/**
 * Adds a schedule.
 * @throws {AppError} request.invalid naming every field that cannot be as it is
 */
export async function createSchedule(
  { db, clock }: ScheduleDeps,
  organizationId: string,
  request: { actor: Actor; once: Once | undefined; body: ScheduleCreate },
) {
  const { actor, once, body } = request
  return withTenant(db, organizationId, (tx) =>
    runOnce(tx, organizationId, once, async () => {
      const nowMs = clock.nowMs()
      const id = await addSchedule(tx, organizationId, { actor, nowMs, schedule: body })
      return findSchedule(tx, organizationId, id)
    }),
  )
}

/**
 * Adds a schedule in a transaction under way; without weekly hours it is open Monday to Friday from 9 to 17.
 * @returns its id
 * @throws {AppError} request.invalid naming every field that cannot be as it is
 */
export async function addSchedule(
  tx: TenantTransaction,
  organizationId: string,
  add: { actor: Actor; nowMs: number; schedule: Omit<ScheduleCreate, 'weekly'> & Partial<ScheduleCreate> },
): Promise<string> {
  const { actor, nowMs, schedule } = add
  const { name, timeZone, weekly = OFFICE_HOURS, holidays, ...parts } = await checkAll(schedule)
  const id = newId(nowMs)
  await queries.insertSchedule(tx, organizationId, { id, name, timeZone, ...holidayColumns(holidays) })
  await replaceParts(tx, organizationId, id, { weekly, ...parts })
  await record(tx, organizationId, { actor, atMs: nowMs, action: 'schedule.created', id, detail: { name, timeZone } })
  return id
}

/**
 * Changes a schedule; lists are replaced as wholes when given.
 * @throws {AppError} schedule.not_found; auth.forbidden for a provider whose own hours it is not alone; request.invalid
 */
export async function updateSchedule(
  { db, clock }: ScheduleDeps,
  organizationId: string,
  { actor, id, patch }: { actor: Actor; id: string; patch: SchedulePatch },
): Promise<ScheduleView> {
  const changes = await checkAll(patch)
  return withTenant(db, organizationId, async (tx) => {
    const users = await queries.lockSchedule(tx, organizationId, id)
    if (!users) throw scheduleNotFound()
    if (!mayChange(actor, users)) throw notYourSchedule()
    const { weekly, overrides, closures, stays, holidays, ...plain } = changes
    const columns = { ...plain, ...holidayColumns(holidays) }
    if (Object.keys(columns).length > 0) await queries.updateSchedule(tx, organizationId, id, columns)
    await replaceParts(tx, organizationId, id, { weekly, overrides, closures, stays })
    await record(tx, organizationId, { actor, atMs: clock.nowMs(), action: 'schedule.updated', id, detail: changes })
    return findSchedule(tx, organizationId, id)
  })
}

/** @throws {AppError} request.invalid naming every field that cannot be as it is */
async function checkAll<Given extends Partial<Hours>>(given: Given): Promise<Given> {
  if (!given.holidays) return checkHours(given)
  const { place, errors } = await checkPlace(given.holidays, 'holidays.')
  return { ...checkHours(given, errors), ...(place && { holidays: place }) }
}

function holidayColumns(holidays: Hours['holidays'] | undefined) {
  if (holidays === undefined) return {}
  return { holidayCountry: holidays?.country ?? null, holidayRegion: holidays?.region ?? null }
}

/** Turns hours into what the engine takes, with the holidays named as the business speaks. */
function engineSchedules(tx: TenantTransaction, organizationId: string, years: Years) {
  let locale: Promise<string> | undefined
  return async ({ holidays: place, ...hours }: Hours): Promise<Schedule> => {
    if (!place) return hours
    locale ??= queries.organizationLocale(tx, organizationId)
    return { ...hours, holidays: await publicHolidays(place, years, await locale) }
  }
}

async function findSchedule(tx: TenantTransaction, organizationId: string, id: string): Promise<ScheduleView> {
  const [schedule] = await queries.findSchedules(tx, organizationId, [id])
  if (!schedule) throw scheduleNotFound()
  return schedule
}

type Change = { actor: Actor; atMs: number; action: string; id: string; detail: object }

async function record(tx: TenantTransaction, organizationId: string, { id, ...change }: Change): Promise<void> {
  await appendAudit(tx, organizationId, { ...change, entity: 'schedule', entityId: id })
  await configChanged(tx, organizationId)
}
