import { spanSetFromFlat, type SpanSet } from './spans.ts'

const MINUTE_MS = 60_000

/** What keeps somebody or something from being booked. `unreadable` stands for an outside calendar nobody can read now. */
export type BusyKind = 'booking' | 'hold' | 'time_off' | 'external' | 'unreadable'

/** One busy time. Instants are epoch ms UTC, half-open; buffers lie outside of them. */
export type BusyTime = {
  readonly startMs: number
  readonly endMs: number
  readonly kind: BusyKind
  /** of the booking, hold, absence or calendar, for explanations */
  readonly id?: string
  readonly bufferBeforeMin?: number
  readonly bufferAfterMin?: number
}

const MADE = Symbol('made by busyTimes or busySpans')

/** All that keeps one subject busy. Made by `busyTimes` and `busySpans` only. */
export type Busy = {
  /** buffers included */
  readonly spans: SpanSet
  /** what the spans are made of; undefined when only the spans are known */
  readonly times: readonly BusyTime[] | undefined
  readonly [MADE]: true
}

/**
 * Busy times whose kinds and ids explanations can tell.
 * @throws {RangeError} when a time does not end after its start, or a buffer is below 0
 */
export function busyTimes(times: readonly BusyTime[]): Busy {
  const flat = new Float64Array(2 * times.length)
  times.forEach((time, index) => {
    if (!(time.endMs > time.startMs))
      throw new RangeError(`a busy time must end after its start: ${time.startMs} to ${time.endMs}`)
    const { startMs, endMs } = occupied(time)
    flat[2 * index] = startMs
    flat[2 * index + 1] = endMs
  })
  return { spans: spanSetFromFlat(flat), times, [MADE]: true }
}

/**
 * Busy times of which only the extent is known: flat pairs of epoch ms, in any order, buffers included. This is the fast
 * way in for listings, which need no causes.
 * @throws {RangeError} when a pair does not end after its start
 */
export function busySpans(flat: Float64Array | readonly number[]): Busy {
  return { spans: spanSetFromFlat(flat), times: undefined, [MADE]: true }
}

/** Nothing to do all day. */
export const NEVER_BUSY: Busy = busySpans([])

/** The time that a busy time takes, buffers included. */
export function occupied({ startMs, endMs, bufferBeforeMin = 0, bufferAfterMin = 0 }: BusyTime) {
  if (!(bufferBeforeMin >= 0 && bufferAfterMin >= 0)) throw new RangeError('a buffer must be 0 minutes or more')
  return { startMs: startMs - bufferBeforeMin * MINUTE_MS, endMs: endMs + bufferAfterMin * MINUTE_MS }
}
