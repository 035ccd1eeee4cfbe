/** One question to the engine as plain data, which generators shrink, the oracle reads, and `queryOf` puts to the engine. */
import {
  busySpans,
  busyTimes,
  expandSchedule,
  limit,
  type BusyTime,
  type Candidate,
  type Counted,
  type Limit,
  type LimitClock,
  type LimitRule,
  type OpenHours,
  type Requirement,
  type Schedule,
  type Session,
  type SlotQuery,
  type Steps,
  type Turn,
} from '../src/index.ts'

export type CaseLimit = { readonly rule: LimitRule; readonly clock: LimitClock; readonly counted: readonly Counted[] }

export type Subject = {
  readonly id: string
  /** index of a schedule; absent: always open */
  readonly schedule?: number | undefined
  readonly busy: readonly BusyTime[]
  /** only the extent of what is busy is told to the engine */
  readonly extentOnly: boolean
  readonly setUpMin?: number
  readonly cleanUpMin?: number
  readonly limits?: readonly CaseLimit[]
  readonly turn?: Turn
}

export type Need = {
  readonly kind: 'provider' | 'resource'
  readonly count: number
  /** indexes of subjects */
  readonly subjects: readonly number[]
  /** an id */
  readonly chosen?: string | undefined
  readonly bufferBeforeMin?: number
  readonly bufferAfterMin?: number
  readonly assign?: 'in_order' | 'by_turn'
}

export type Case = {
  /** the dates over which schedules are expanded, both inclusive */
  readonly fromDate: string
  readonly toDate: string
  readonly fromMs: number
  readonly toMs: number
  readonly nowMs: number
  readonly noticeMin: number
  readonly window?: { readonly fromMs: number; readonly untilMs: number } | undefined
  readonly steps: Steps
  readonly schedules: readonly Schedule[]
  /** subjects with the same schedule have the same `OpenHours`, not equal ones */
  readonly sharesHours: boolean
  readonly subjects: readonly Subject[]
  readonly segments: readonly { readonly lengthMin: number; readonly needs: readonly Need[] }[]
  /** index of a schedule */
  readonly service?: number | undefined
  readonly limits: readonly (CaseLimit & { readonly of: 'service' | 'customer' })[]
  readonly group?:
    { readonly capacity: number; readonly seats: number; readonly sessions: readonly Session[] } | undefined
  readonly usefulMin?: number | undefined
  readonly firstOfDayIn?: string | undefined
}

/** The question as the engine takes it. */
export function queryOf(ask: Case): SlotQuery {
  const { fromMs, toMs, nowMs, noticeMin, window, steps, segments, service, limits, group, usefulMin, firstOfDayIn } =
    ask
  const hoursOf = expander(ask)
  const candidateOf = (index: number) => toCandidate(subjectOf(ask, index), hoursOf)
  return {
    ...{ fromMs, toMs, nowMs, noticeMin, steps },
    segments: segments.map(({ lengthMin, needs }) => ({
      lengthMin,
      requirements: needs.map((need) => toRequirement(need, candidateOf)),
    })),
    ...(window && { window }),
    ...(service !== undefined && { serviceHours: hoursOf(service) }),
    limits: limits.map(({ of, ...one }) => ({ of, limit: toLimit(one) })),
    ...(group && { group }),
    ...(usefulMin !== undefined && { packed: { usefulMin } }),
    ...(firstOfDayIn !== undefined && { firstOfDay: { timeZone: firstOfDayIn } }),
  }
}

export function subjectOf({ subjects }: Case, index: number): Subject {
  const subject = subjects[index]
  if (!subject) throw new Error(`a case without subject ${index}`)
  return subject
}

/** All requirements in the order of the segments. */
export function needsOf({ segments }: Case): Need[] {
  return segments.flatMap(({ needs }) => needs)
}

function expander({ schedules, sharesHours, fromDate, toDate }: Case): (index: number) => OpenHours {
  const known = new Map<number, OpenHours>()
  return (index) => {
    const found = known.get(index)
    if (found && sharesHours) return found
    const schedule = schedules[index]
    if (!schedule) throw new Error(`a case without schedule ${index}`)
    const hours = expandSchedule(schedule, fromDate, toDate)
    known.set(index, hours)
    return hours
  }
}

function toRequirement({ subjects, chosen, ...need }: Need, candidateOf: (index: number) => Candidate): Requirement {
  return { ...need, candidates: subjects.map(candidateOf), ...(chosen !== undefined && { chosen }) }
}

function toCandidate(subject: Subject, hoursOf: (index: number) => OpenHours): Candidate {
  const { schedule, busy, extentOnly, limits, ...rest } = subject
  const flat = busy.flatMap(({ startMs, endMs, bufferBeforeMin = 0, bufferAfterMin = 0 }) => [
    startMs - bufferBeforeMin * 60_000,
    endMs + bufferAfterMin * 60_000,
  ])
  return {
    ...rest,
    ...(schedule !== undefined && { hours: hoursOf(schedule) }),
    busy: extentOnly ? busySpans(flat) : busyTimes(busy),
    ...(limits && { limits: limits.map(toLimit) }),
  }
}

function toLimit({ rule, clock, counted }: CaseLimit): Limit {
  return limit(rule, clock, counted)
}
