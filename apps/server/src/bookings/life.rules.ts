import type { BookingState } from './bookings.schemas.ts'

const MINUTE_MS = 60_000

/** All steps in the life of a booking. The database has the same ones in `booking_step`, and the last word. */
export const STEPS = [
  { from: 'pending', to: 'confirmed' },
  { from: 'pending', to: 'cancelled' },
  { from: 'confirmed', to: 'completed' },
  { from: 'confirmed', to: 'no_show' },
  { from: 'confirmed', to: 'cancelled' },
  { from: 'completed', to: 'no_show' },
  { from: 'no_show', to: 'completed' },
] as const satisfies readonly { from: BookingState; to: BookingState }[]

/** One of them: a step that there is not cannot be written down. */
export type Step = (typeof STEPS)[number]

/** The step to a state from another; undefined when there is none. */
export function stepTo(to: BookingState, from: BookingState): Step | undefined {
  return STEPS.find((step) => step.from === from && step.to === to)
}

/** People may be checked in from this long before the appointment on. */
const CHECK_IN_EARLY_MS = 12 * 60 * MINUTE_MS

export function mayCheckIn(
  { state, startMs, endMs }: { state: BookingState; startMs: number; endMs: number },
  nowMs: number,
) {
  return state === 'confirmed' && startMs - CHECK_IN_EARLY_MS <= nowMs && nowMs < endMs
}

/** An appointment can have been kept or missed as soon as it has begun. */
export function hasBegun(startMs: number, nowMs: number): boolean {
  return startMs <= nowMs
}

/** What nobody has said anything about counts as kept this long after its end. */
export const COMPLETED_AFTER_MS = 12 * 60 * MINUTE_MS

export type ApprovalFacts = {
  approval: 'none' | 'blocking' | 'open'
  noShowLimit: number | null
  /** appointments that the customer missed within a year */
  noShows: number
  isMember: boolean
}

/**
 * How a booking begins: members book at once, and so does everybody where the service asks for no approval and the
 * customer has not missed too many appointments. A request takes its time, unless the service leaves it to others.
 */
export function beginningOf({ approval, noShowLimit, noShows, isMember }: ApprovalFacts): {
  state: 'pending' | 'confirmed'
  claimsTime: boolean
} {
  const isWatched = noShowLimit !== null && noShows >= noShowLimit
  if (isMember || (approval === 'none' && !isWatched)) return { state: 'confirmed', claimsTime: true }
  return { state: 'pending', claimsTime: approval !== 'open' }
}

/** Whether a cancellation comes later than the policy lets customers cancel. */
export function isLate({ startMs, cancelNoticeMin }: { startMs: number; cancelNoticeMin: number }, nowMs: number) {
  return nowMs > startMs - cancelNoticeMin * MINUTE_MS
}
