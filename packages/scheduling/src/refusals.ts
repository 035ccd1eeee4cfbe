import { absencesOf, closedIn, useOf, type Absence, type LimitUse } from './absence.ts'
import { isLimited } from './limits.ts'
import { marginsOf, planOf, type Candidate, type Part, type Plan, type Session, type SlotQuery } from './query.ts'
import { liesInOpening, type ClosedBecause } from './schedule.ts'
import { search, slotsOf } from './slots.ts'
import { assignedAt, leadRow, tableAt, type Table } from './table.ts'
import { localDateOf, startOfDateMs } from './zones.ts'

const MINUTE_MS = 60_000

/** One reason why a start is not offered, with what caused it. For members only: see `publicReason`. */
export type Refusal =
  | { readonly reason: 'past' }
  | { readonly reason: 'notice'; readonly earliestMs: number }
  | { readonly reason: 'window'; readonly fromMs: number; readonly untilMs: number }
  | { readonly reason: 'service_closed'; readonly because: ClosedBecause }
  | { readonly reason: 'limit'; readonly of: 'service' | 'customer'; readonly limit: LimitUse }
  /** too few of those whom a requirement names can serve; `kind` and `requirement` (counted over all segments) say which */
  | {
      readonly reason: 'not_enough'
      readonly kind: 'provider' | 'resource'
      readonly requirement: number
      readonly needed: number
      readonly free: number
      readonly absent: readonly { readonly id: string; readonly causes: readonly Absence[] }[]
    }
  /** everybody is free, but one would have to serve two requirements at once */
  | { readonly reason: 'shared' }
  /** not one of the steps at which appointments start */
  | { readonly reason: 'steps' }
  | { readonly reason: 'seats'; readonly wanted: number; readonly left: number }
  /** another start leaves less useless time; see `SlotQuery.packed` */
  | { readonly reason: 'gap' }
  | { readonly reason: 'not_first'; readonly firstMs: number | undefined }
  /** of a series only: the clocks skip this local time */
  | { readonly reason: 'skipped' }
  /** of a series only: too close to another occurrence, which starts then */
  | { readonly reason: 'series'; readonly startMs: number }

/** Whether a start is offered and by whom it would be served, or all that stands against it. */
export type StartCheck =
  | {
      readonly ok: true
      /** for every requirement, in the order of the segments, who could serve: indexes of its candidates */
      readonly free: readonly (readonly number[])[]
      /** for every requirement who is to serve; none to join a session */
      readonly assigned: readonly (readonly number[])[]
      /** sessions that are open already and have the seats, most seats left first */
      readonly sessions: readonly Session[]
      readonly seatsLeft: number
    }
  | { readonly ok: false; readonly refusals: readonly Refusal[] }

/**
 * Whether one start is offered: exactly when `findSlots` lists it. Otherwise every reason that stands against it, found by
 * the very steps that make slots.
 * @throws {RangeError} when a value of the query is out of its range
 */
export function checkStart(query: SlotQuery, startMs: number): StartCheck {
  const plan = planOf({ ...query, fromMs: startMs, toMs: startMs + 1 })
  const slots = slotsOf(plan, search(plan, { firstMs: startMs, lastMs: startMs + 1 }))
  if (slots.startsMs.length === 0) return { ok: false, refusals: refusalsOf(plan, startMs) }
  return {
    ok: true,
    free: plan.parts.map((_part, requirement) => slots.candidatesAt(0, requirement)),
    assigned: slots.assignedAt(0),
    sessions: slots.sessionsAt(0),
    seatsLeft: slots.seatsLeftAt(0),
  }
}

function refusalsOf(plan: Plan, startMs: number): Refusal[] {
  const { query, lengthMs } = plan
  const refusals = boundsRefusals(plan, startMs)
  for (const { of, limit } of query.limits ?? []) {
    if (isLimited(limit, startMs, lengthMs / MINUTE_MS))
      refusals.push({ reason: 'limit', of, limit: useOf(limit, startMs) })
  }
  const seats = seatsRefusal(plan, startMs)
  if (seats) refusals.push(seats)
  const served = servingRefusals(plan, startMs)
  refusals.push(...served)
  // All that is left: it could be served, but others were preferred.
  if (refusals.length === 0) refusals.push(preferenceRefusal(plan, startMs))
  return refusals
}

function boundsRefusals({ query }: Plan, startMs: number): Refusal[] {
  const { nowMs, noticeMin, window } = query
  const refusals: Refusal[] = []
  const noticedMs = nowMs + noticeMin * MINUTE_MS
  if (startMs < nowMs) refusals.push({ reason: 'past' })
  else if (startMs < noticedMs) refusals.push({ reason: 'notice', earliestMs: noticedMs })
  if (window && (startMs < window.fromMs || startMs >= window.untilMs)) refusals.push({ reason: 'window', ...window })
  return refusals
}

/** Too few seats: in the sessions that are open then, or in any. */
function seatsRefusal({ query, lead, seats, capacity, lengthMs }: Plan, startMs: number): Refusal | undefined {
  const { chosen } = lead.requirement
  const here = (query.group?.sessions ?? []).filter(
    (one) =>
      one.startMs === startMs &&
      one.endMs - startMs === lengthMs &&
      (chosen === undefined || one.candidateIds.includes(chosen)),
  )
  const left = here.length > 0 ? Math.max(...here.map(({ seatsLeft }) => seatsLeft)) : capacity
  return left < seats ? { reason: 'seats', wanted: seats, left } : undefined
}

/** What stands against serving it afresh: hours, steps, people, rooms. */
function servingRefusals(plan: Plan, startMs: number): Refusal[] {
  const table = tableAt(plan, startMs)
  const { serviceHours } = plan.query
  const serviceClosed = serviceHours && closedIn(serviceHours, startMs, startMs + plan.lengthMs)
  if (serviceClosed) return [{ reason: 'service_closed', because: serviceClosed }, ...absenceRefusals(table, startMs)]
  const refusals = absenceRefusals(table, startMs)
  const someLead = table.leaders.count[0] !== 0
  const mayLead = plan.lead.requirement.candidates.some(
    ({ hours }) => hours && liesInOpening(hours, startMs, startMs + plan.lead.lengthMs),
  )
  if (!someLead && mayLead && !table.isStep) refusals.unshift({ reason: 'steps' })
  if (refusals.length > 0) return refusals
  if (!someLead) return [{ reason: 'steps' }]
  return assignedAt(table, 0) ? [] : [{ reason: 'shared' }]
}

/** The requirements of which too few can serve. */
function absenceRefusals(table: Table, startMs: number): Refusal[] {
  return table.plan.parts.flatMap((part, requirement): Refusal[] => {
    // Where nobody's steps have the start, that is told once, not of everybody.
    const row = requirement === 0 && table.isStep ? leadRow(table) : table.rows[requirement]
    const { kind, count: needed, chosen, candidates } = part.requirement
    const isFree = (index: number) => row?.free[index]?.[0] === 1
    const free = row?.count[0] ?? 0
    const isThere = chosen === undefined || candidates.some(({ id }, index) => id === chosen && isFree(index))
    if (free >= needed && isThere) return []
    const absent = candidates.flatMap((candidate, index) => {
      const isAsked = chosen === undefined || candidate.id === chosen || (free < needed && needed > 1)
      return isFree(index) || !isAsked ? [] : [{ id: candidate.id, causes: causesOf(candidate, part, startMs) }]
    })
    return [{ reason: 'not_enough', kind, requirement, needed, free, absent }]
  })
}

function causesOf(candidate: Candidate, part: Part, startMs: number): Absence[] {
  const fromMs = startMs + part.offsetMs
  const absences = absencesOf(candidate, { fromMs, toMs: fromMs + part.lengthMs, ...marginsOf(part, candidate) })
  return absences.length > 0 ? absences : [{ cause: 'steps' }]
}

/** It could be served, but the rules prefer another start. */
function preferenceRefusal(plan: Plan, startMs: number): Refusal {
  const { firstOfDay, ...query } = plan.query
  const only = { firstMs: startMs, lastMs: startMs + 1 }
  if (!firstOfDay || search({ ...plan, query }, only).startsMs.length === 0) return { reason: 'gap' }
  const { timeZone } = firstOfDay
  const date = localDateOf(startMs, timeZone)
  const firsts = search(plan, { firstMs: startOfDateMs(date, timeZone), lastMs: startMs }).startsMs
  // Where clocks go back over midnight, the date before goes on after this one has begun, and may have its first there.
  return { reason: 'not_first', firstMs: firsts.find((firstMs) => localDateOf(firstMs, timeZone) === date) }
}

/** A reason that may be told to anybody: nothing about who is where, with whom, or why. */
export type PublicReason =
  | 'past'
  | 'notice'
  | 'window'
  | 'no_provider'
  | 'full'
  | 'limit'
  | 'hours'
  | 'steps'
  | 'taken'
  | 'resource'
  | 'not_offered'

/**
 * The one reason for the public that says most: what follows from the published rules comes before what others have done.
 */
export function publicReason(refusals: readonly Refusal[]): PublicReason {
  const told = refusals.map(toPublic)
  return ORDER.find((reason) => told.includes(reason)) ?? 'not_offered'
}

const ORDER: readonly PublicReason[] = [
  ...(['past', 'notice', 'window', 'no_provider', 'hours', 'steps', 'full', 'limit', 'taken', 'resource'] as const),
]

function toPublic(refusal: Refusal): PublicReason {
  switch (refusal.reason) {
    case 'past':
    case 'notice':
    case 'window':
    case 'steps':
      return refusal.reason
    case 'service_closed':
      return 'hours'
    case 'seats':
      return 'full'
    case 'limit':
      // How much the business has to do is its own affair.
      return refusal.of === 'customer' ? 'limit' : 'taken'
    case 'not_enough':
      return publicAbsence(refusal)
    case 'shared':
      return 'taken'
    default:
      return 'not_offered'
  }
}

function publicAbsence({ kind, needed, free, absent }: Extract<Refusal, { reason: 'not_enough' }>): PublicReason {
  // Where enough are free, it is whoever was chosen who is missing.
  const missing = Math.max(needed - free, 1)
  if (absent.length < missing) return kind === 'provider' ? 'no_provider' : 'resource'
  const isOpen = ({ causes }: (typeof absent)[number]) => causes.every(({ cause }) => cause !== 'closed')
  if (absent.filter(isOpen).length < missing) return 'hours'
  return kind === 'provider' ? 'taken' : 'resource'
}
