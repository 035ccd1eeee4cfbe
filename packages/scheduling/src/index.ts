export { intersect, overlaps, spanSet, spanSetFromFlat, subtract, union, type Span, type SpanSet } from './spans.ts'
export {
  expandSchedule,
  openSpans,
  type DateOverride,
  type LocalWindow,
  type OpenHours,
  type Schedule,
  type WeeklyWindow,
} from './schedule.ts'
export type { ProviderInput, ResourcePool, SessionSeats, SlotQuery } from './query.ts'
export { checkStart, findSlots, type RefusalReason, type Slots, type StartCheck } from './slots.ts'
export { bookingWindowEnd, localDateOf, localTimes, startOfDateMs, type LocalTimes } from './zones.ts'
export { provideTemporal, type TemporalSource } from './zones.ts'
