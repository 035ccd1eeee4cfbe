import type { Busy } from './busy.ts'
import type { Limit } from './limits.ts'
import type { OpenHours } from './schedule.ts'

const MINUTE_MS = 60_000

/** Somebody who can serve, or one unit of a room or device. The same `id` in several requirements is one and the same. */
export type Candidate = {
  readonly id: string
  /** absent: always open, which the candidates of the first requirement cannot be */
  readonly hours?: OpenHours
  readonly busy: Busy
  /** what it needs of its own before and after; the longer one of this and of the requirement's buffer holds */
  readonly setUpMin?: number
  readonly cleanUpMin?: number
  /** each counts the candidate's part of the appointment: its start and its minutes */
  readonly limits?: readonly Limit[]
  /** what decides whose turn it is, where the requirement is assigned `by_turn` */
  readonly turn?: Turn
}

/** What decides whose turn it is: highest priority first, then least `load` for the `weight`, then longest not served. */
export type Turn = {
  /** 0 by default; higher goes first */
  readonly priority?: number
  /** share of the work, above 0; 1 by default */
  readonly weight?: number
  /** what was served in the period over which it is to be fair, in any unit; 0 by default */
  readonly load?: number
  /** when they were given something last, epoch ms; never by default */
  readonly lastMs?: number
}

/** So many of these at once. All of them is collective; two requirements are "fixed plus one of". */
export type Requirement = {
  readonly kind: 'provider' | 'resource'
  /** how many of the candidates; 1 or more */
  readonly count: number
  /** each id once */
  readonly candidates: readonly Candidate[]
  /** one that must be among them: somebody the customer chose */
  readonly chosen?: string
  readonly bufferBeforeMin?: number
  readonly bufferAfterMin?: number
  /** in the order of the candidates, which is the default, or whoever's turn it is */
  readonly assign?: 'in_order' | 'by_turn'
}

/** One step of an appointment; the next begins when it ends. Without requirements it is a pause. */
export type Segment = { readonly lengthMin: number; readonly requirements: readonly Requirement[] }

/** A group session that exists, with seats left; who has it is named so that somebody chosen can be found in it. */
export type Session = {
  readonly id: string
  readonly startMs: number
  readonly endMs: number
  readonly seatsLeft: number
  readonly candidateIds: readonly string[]
}

/** At which of the open times appointments start. */
export type Steps = {
  /** distance between two starts in local minutes; above 0 */
  readonly everyMin: number
  /** the first start is so much after what it is counted from; 0 by default */
  readonly offsetMin?: number
  /** counted from the beginning of the window, which is the default, or from local midnight */
  readonly from?: 'window' | 'midnight'
}

/** All that decides which starts are free. Instants are epoch ms UTC, lengths whole minutes. */
export type SlotQuery = {
  /** starts are looked for from here on */
  readonly fromMs: number
  /** and before here */
  readonly toMs: number
  readonly nowMs: number
  /** a start is at least this far ahead */
  readonly noticeMin: number
  /** starts lie in here; see `bookingWindow` */
  readonly window?: { readonly fromMs: number; readonly untilMs: number }
  readonly steps: Steps
  /** the steps of the appointment; the first requirement of the first one leads: starts are counted in its hours */
  readonly segments: readonly Segment[]
  /** hours of the service itself, within which the whole appointment lies; starts count from the later beginning */
  readonly serviceHours?: OpenHours
  /** of the service and of the customer; each counts the whole appointment */
  readonly limits?: readonly { readonly of: 'service' | 'customer'; readonly limit: Limit }[]
  /** group sessions: without it an appointment is for one */
  readonly group?: {
    /** seats of a new session; 0 when only sessions that exist can be joined */
    readonly capacity: number
    /** seats wanted together */
    readonly seats: number
    readonly sessions: readonly Session[]
  }
  /**
   * Of the starts in a free stretch of whoever leads, offer only those that leave the least useless time: gaps to what is
   * before and after that are shorter than `usefulMin`.
   */
  readonly packed?: { readonly usefulMin: number }
  /** Offer only the first free start of every local day. */
  readonly firstOfDay?: { readonly timeZone: string }
}

/** What one requirement needs of time, in milliseconds. */
export type Part = {
  readonly requirement: Requirement
  readonly segment: number
  /** after the start of the appointment */
  readonly offsetMs: number
  readonly lengthMs: number
  readonly beforeMs: number
  readonly afterMs: number
}

/** A query in milliseconds, checked. */
export type Plan = {
  readonly query: SlotQuery
  readonly parts: readonly Part[]
  /** the requirement in whose hours starts are counted */
  readonly lead: Part
  readonly lengthMs: number
  readonly stepMs: number
  readonly offsetMs: number
  readonly fromMidnight: boolean
  /** the earliest start that notice and window allow */
  readonly earliestMs: number
  /** starts are before this */
  readonly latestMs: number
  readonly seats: number
  readonly capacity: number
}

/** @throws {RangeError} naming the value that is out of its range */
export function planOf(query: SlotQuery): Plan {
  const { nowMs, noticeMin, window, steps, group } = query
  checkInstants(query)
  for (const { seatsLeft } of group?.sessions ?? []) checkNumbers('session', { seatsLeft })
  const parts = partsOf(query)
  const lead = leadOf(parts)
  return {
    ...{ query, parts, lead },
    lengthMs: query.segments.reduce((sum, { lengthMin }) => sum + lengthMin * MINUTE_MS, 0),
    stepMs: minutesToMs('steps.everyMin', steps.everyMin, 1),
    offsetMs: minutesToMs('steps.offsetMin', steps.offsetMin ?? 0, 0),
    fromMidnight: steps.from === 'midnight',
    earliestMs: Math.max(nowMs + minutesToMs('noticeMin', noticeMin, 0), window?.fromMs ?? -Infinity),
    latestMs: window?.untilMs ?? Infinity,
    capacity: wholeNumber('group.capacity', group?.capacity ?? 1, 0),
    seats: wholeNumber('group.seats', group?.seats ?? 1, 1),
  }
}

function checkInstants({ fromMs, toMs, nowMs, window }: SlotQuery): void {
  for (const [name, ms] of Object.entries({ fromMs, toMs, nowMs })) {
    if (!Number.isFinite(ms)) throw new RangeError(`${name} must be a number of milliseconds, not ${ms}`)
  }
  checkNumbers('window', window)
}

function partsOf({ segments }: SlotQuery): Part[] {
  let offsetMs = 0
  return segments.flatMap(({ lengthMin, requirements }, segment) => {
    const place = { segment, offsetMs, lengthMs: minutesToMs('lengthMin', lengthMin, 1) }
    offsetMs += place.lengthMs
    return requirements.map((requirement) => partOf(requirement, place))
  })
}

function leadOf([lead]: readonly Part[]): Part {
  if (lead?.segment !== 0) throw new RangeError('the first segment must have a requirement')
  if (lead.requirement.candidates.some(({ hours }) => !hours))
    throw new RangeError('every candidate of the first requirement must have hours, in which starts are counted')
  return lead
}

type Place = { segment: number; offsetMs: number; lengthMs: number }

function partOf(requirement: Requirement, place: Place): Part {
  const { count, candidates, bufferBeforeMin = 0, bufferAfterMin = 0 } = requirement
  wholeNumber('count', count, 1)
  if (new Set(candidates.map(({ id }) => id)).size < candidates.length)
    throw new RangeError('a requirement names every candidate once')
  for (const { turn } of candidates) {
    checkNumbers('turn', turn)
    if (turn?.weight !== undefined && turn.weight <= 0) throw new RangeError('turn.weight must be above 0')
  }
  return {
    ...{ requirement, ...place },
    beforeMs: minutesToMs('bufferBeforeMin', bufferBeforeMin, 0),
    afterMs: minutesToMs('bufferAfterMin', bufferAfterMin, 0),
  }
}

/** The time around its part of an appointment that a candidate is taken for, in milliseconds. */
export function marginsOf({ beforeMs, afterMs }: Part, { setUpMin = 0, cleanUpMin = 0 }: Candidate) {
  return {
    beforeMs: Math.max(beforeMs, minutesToMs('setUpMin', setUpMin, 0)),
    afterMs: Math.max(afterMs, minutesToMs('cleanUpMin', cleanUpMin, 0)),
  }
}

/** Endless is a number too; what is none compares with nothing, and would go unnoticed. */
function checkNumbers(name: string, values: Readonly<Record<string, number>> | undefined): void {
  for (const [field, value] of Object.entries(values ?? {})) {
    if (Number.isNaN(value)) throw new RangeError(`${name}.${field} must be a number`)
  }
}

function minutesToMs(name: string, minutes: number, least: number): number {
  return wholeNumber(name, minutes, least) * MINUTE_MS
}

function wholeNumber(name: string, value: number, least: number): number {
  if (!Number.isInteger(value) || value < least)
    throw new RangeError(`${name} must be a whole number from ${least} on, not ${value}`)
  return value
}
