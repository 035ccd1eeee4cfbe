import type { OpenHours } from './schedule.ts'
import type { SpanSet } from './spans.ts'

/** A group session that exists already: of the service that is asked about, with this provider. */
export type SessionSeats = { readonly startMs: number; readonly endMs: number; readonly seatsLeft: number }

/** Somebody who can serve. `busy` holds what they cannot be booked in, buffers of other bookings included. */
export type ProviderInput = {
  readonly id: string
  readonly hours: OpenHours
  readonly busy: SpanSet
  readonly sessions?: readonly SessionSeats[]
}

/** Interchangeable units, each given by what it is busy with; `count` of them are needed at once. */
export type ResourcePool = { readonly count: number; readonly units: readonly SpanSet[] }

/** All that decides which starts are free. Instants are epoch ms UTC, lengths whole minutes. */
export type SlotQuery = {
  /** starts are looked for from here on */
  readonly fromMs: number
  /** and before here */
  readonly toMs: number
  readonly nowMs: number
  /** above 0 */
  readonly lengthMin: number
  /** distance between two starts, counted in local minutes from the beginning of a window; above 0 */
  readonly stepMin: number
  readonly bufferBeforeMin: number
  readonly bufferAfterMin: number
  /** a start is at least this far ahead */
  readonly noticeMin: number
  /** a start is before this instant; see `bookingWindowEnd` */
  readonly windowEndMs?: number
  /** seats of one session; 1, the default, is an ordinary appointment */
  readonly capacity?: number
  /** seats wanted, 1 by default */
  readonly seats?: number
  /** hours of the service itself, on top of those of the providers */
  readonly serviceHours?: OpenHours
  readonly providers: readonly ProviderInput[]
  readonly pools?: readonly ResourcePool[]
}

/** The same in milliseconds, checked. */
export type SlotRules = {
  readonly lengthMs: number
  readonly stepMs: number
  readonly beforeMs: number
  readonly afterMs: number
  readonly capacity: number
  readonly seats: number
  /** starts from here on */
  readonly firstMs: number
  /** and before here */
  readonly lastMs: number
}

const MINUTE_MS = 60_000

/** @throws {RangeError} naming the value that is no whole number in its range */
export function rulesOf(query: SlotQuery): SlotRules {
  const { fromMs, toMs, nowMs, windowEndMs = Infinity, capacity = 1, seats = 1 } = query
  for (const [name, ms] of Object.entries({ fromMs, toMs, nowMs })) {
    if (!Number.isFinite(ms)) throw new RangeError(`${name} must be a number of milliseconds`)
  }
  const noticeMs = minutesToMs('noticeMin', query.noticeMin, 0)
  return {
    lengthMs: minutesToMs('lengthMin', query.lengthMin, 1),
    stepMs: minutesToMs('stepMin', query.stepMin, 1),
    beforeMs: minutesToMs('bufferBeforeMin', query.bufferBeforeMin, 0),
    afterMs: minutesToMs('bufferAfterMin', query.bufferAfterMin, 0),
    capacity: wholeNumber('capacity', capacity, 1),
    seats: wholeNumber('seats', seats, 1),
    firstMs: Math.max(fromMs, nowMs + noticeMs),
    lastMs: Math.min(toMs, windowEndMs),
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
