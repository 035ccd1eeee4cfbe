import {
  expandSchedule,
  impactOf,
  localDateOf,
  type BusyTime,
  type OpenHours,
  type Schedule,
} from '@slotkeeper/scheduling'
import type { Database, TenantTransaction } from '../db/database.ts'
import { withTenant } from '../db/tenant.ts'
import { yearsAround, type Years } from '../holidays/holidays.service.ts'
import { loadSchedules, previewSchedule } from '../schedules/schedules.service.ts'
import { AppError } from '../shared/app-error.ts'
import { toDate, type Clock } from '../shared/clock.ts'
import { loadTimeOff, previewTimeOff } from '../time-off/time-off.service.ts'
import type { BookedRow, SubjectRow } from './impact-rows.ts'
import * as queries from './impact.queries.ts'
import { toArrangement, toBooked, toView, type Setting } from './impact.rules.ts'
import type { ImpactQuery, ImpactView } from './impact.schemas.ts'

export type ImpactDeps = { db: Database; clock: Clock }

const DAY_MS = 86_400_000

/** Bookings that are looked at, at most. */
const BOOKINGS_MAX = 2_000

/**
 * The bookings to come that fit now and would no longer after a change of hours, of a person or of a thing. Nothing is
 * changed.
 * @throws {AppError} schedule.not_found, provider.not_found, resource.not_found, request.invalid
 */
export async function previewImpact(
  { db, clock }: ImpactDeps,
  organizationId: string,
  query: ImpactQuery,
): Promise<ImpactView> {
  return withTenant(db, organizationId, async (tx) => {
    const change = await readChange(tx, organizationId, query, yearsAround(clock.nowMs()))
    const search = {
      subjectIds: change.subjects.map(({ id }) => id),
      scheduleIds: query.schedule ? [query.schedule.id] : [],
      now: toDate(clock.nowMs()),
      limit: BOOKINGS_MAX + 1,
    }
    const found = await queries.findBooked(tx, organizationId, search)
    const booked = found.slice(0, BOOKINGS_MAX)
    const rows = new Map(booked.map((row) => [row.id, row]))
    const off = await readTimeOff(tx, organizationId, { query, change, booked })
    const [before, after] = settings(change, booked, off).map((setting) => toArrangement(setting, booked))
    const affected = before && after ? impactOf(booked.map(toBooked), before, after) : []
    return {
      bookings: affected.flatMap(({ booking, misfits }) => {
        const row = rows.get(booking.id)
        return row ? [toView(row, misfits, change.subjects)] : []
      }),
      checked: booked.length,
      isComplete: found.length <= BOOKINGS_MAX,
    }
  })
}

/** Whom a change is about, as they are and as they would be, and the schedules before and after. */
type Change = {
  subjects: SubjectRow[]
  changed: SubjectRow[]
  before: Map<string, Schedule>
  after: Map<string, Schedule>
}

async function readChange(
  tx: TenantTransaction,
  organizationId: string,
  query: ImpactQuery,
  years: Years,
): Promise<Change> {
  const { schedule, provider, resource, timeOff } = query
  if (schedule) {
    const subjects = await queries.findSubjects(tx, organizationId, { ids: [], scheduleIds: [schedule.id] })
    const { before, after } = await previewSchedule(tx, organizationId, {
      ...{ id: schedule.id, patch: schedule.changes, years },
    })
    const as = (one: Schedule) => new Map([[schedule.id, one]])
    return { subjects, changed: subjects, before: as(before), after: as(after) }
  }
  const { id, ...changes } = provider ?? resource ?? { id: timeOff?.id ?? '' }
  const subjects = await queries.findSubjects(tx, organizationId, { ids: [id], scheduleIds: [] })
  if (subjects.length === 0) throw notFound(resource ? 'resource' : 'provider')
  const changed = subjects.map((subject) => ({ ...subject, ...changes }))
  const ids = [...subjects, ...changed].flatMap(({ scheduleId }) => scheduleId ?? [])
  const schedules = await loadSchedules(tx, organizationId, [...new Set(ids)], years)
  return { subjects, changed, before: schedules, after: schedules }
}

function notFound(kind: 'provider' | 'resource'): AppError {
  return new AppError(`${kind}.not_found`, `There is no such ${kind}.`)
}

type TimeOff = { before: ReadonlyMap<string, BusyTime[]>; after: ReadonlyMap<string, BusyTime[]> }

/** The time off of whom the change is about, as it is and as it would be. */
async function readTimeOff(
  tx: TenantTransaction,
  organizationId: string,
  { query, change, booked }: { query: ImpactQuery; change: Change; booked: BookedRow[] },
): Promise<TimeOff> {
  const span = spanOf(booked)
  const ids = change.subjects.map(({ id }) => id)
  const before = await loadTimeOff(tx, organizationId, ids, span)
  if (!query.timeOff) return { before, after: before }
  const { id, ...timeOff } = query.timeOff
  const times = [...(before.get(id) ?? []), ...previewTimeOff(timeOff, span)]
  return { before, after: new Map(before).set(id, times) }
}

/** From the first booking to the end of the last, and some days around. */
function spanOf(booked: BookedRow[]): { fromMs: number; toMs: number } {
  const firstMs = booked[0]?.startsAt.getTime() ?? 0
  const lastMs = Math.max(firstMs, ...booked.map(({ endsAt }) => endsAt.getTime()))
  return { fromMs: firstMs - 2 * DAY_MS, toMs: lastMs + 2 * DAY_MS }
}

/** How things are and how they would be, with hours for as long as there are bookings. */
function settings({ subjects, changed, before, after }: Change, booked: BookedRow[], off: TimeOff): Setting[] {
  const { fromMs, toMs } = spanOf(booked)
  const dates = [localDateOf(fromMs, 'UTC'), localDateOf(toMs, 'UTC')] as const
  const expand = (schedules: Map<string, Schedule>): Map<string, OpenHours> =>
    new Map([...schedules].map(([id, schedule]) => [id, expandSchedule(schedule, ...dates)]))
  return [
    { subjects, hours: expand(before), timeOff: off.before },
    { subjects: changed, hours: expand(after), timeOff: off.after },
  ]
}
