export { bookingWindow, type BookingWindowRule } from './booking-window.ts'
export { busySpans, busyTimes, NEVER_BUSY, type Busy, type BusyKind, type BusyTime } from './busy.ts'
export { impactOf, misfitsOf, type Arrangement, type Booked, type Misfit, type Taken } from './impact.ts'
export { limit, type Counted, type Limit, type LimitClock, type LimitRule } from './limits.ts'
export type { Candidate, Requirement, Segment, Session, SlotQuery, Steps, Turn } from './query.ts'
export type { Absence, LimitUse } from './absence.ts'
export { checkStart, publicReason, type PublicReason, type Refusal, type StartCheck } from './refusals.ts'
export { formatRecurrence, parseRecurrence, type RecurrenceRule } from './recurrence-rule.ts'
export { occurrences, occurrenceSpans, type Occurrence, type Recurrence } from './recurrence.ts'
export {
  expandSchedule,
  openSpans,
  type ClosedBecause,
  type Closure,
  type DateOverride,
  type Holiday,
  type LocalWindow,
  type OpenHours,
  type Schedule,
  type Stay,
  type WeeklyWindow,
} from './schedule.ts'
export { checkSeries, type SeriesOptions, type SeriesResult, type SeriesStart } from './series.ts'
export { findSlots, type Slots } from './slots.ts'
export { intersect, overlaps, spanSet, spanSetFromFlat, subtract, union, type Span, type SpanSet } from './spans.ts'
export {
  localDateOf,
  localTimes,
  provideTemporal,
  startOfDateMs,
  type LocalTimes,
  type TemporalSource,
} from './zones.ts'
