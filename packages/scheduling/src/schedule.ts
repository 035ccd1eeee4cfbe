import { spanSetFromFlat, type SpanSet } from './spans.ts'
import { dateToLocalMs, instantOrAfterGap, offsetIndex, zoneOffsets, type ZoneOffsets } from './zones.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** Part of a local day, in minutes after midnight: 0 <= start < end <= 1440. */
export type LocalWindow = { readonly startMin: number; readonly endMin: number }

/** A window that comes back every week. `weekday` is that of ISO 8601: Monday is 1, Sunday 7. */
export type WeeklyWindow = LocalWindow & { readonly weekday: number }

/** Replaces the weekly hours of one date (YYYY-MM-DD); without windows the date is closed. */
export type DateOverride = { readonly date: string; readonly windows: readonly LocalWindow[] }

/** When somebody or something is open: rules for the clocks of one place. */
export type Schedule = {
  /** IANA name */
  readonly timeZone: string
  readonly weekly: readonly WeeklyWindow[]
  readonly overrides: readonly DateOverride[]
}

/** A schedule expanded to instants over some dates. Made by `expandSchedule`; what is in it is the engine's own business. */
export type OpenHours = {
  readonly zone: ZoneOffsets
  /** start and end of every window, epoch ms, ascending, disjoint; windows that touch stay apart */
  readonly windows: Float64Array
  /** for every window the local time, as if UTC, from which its starts are counted */
  readonly anchorsMs: Float64Array
  /** for every window the offset that holds all through it; NaN when the clocks change in it */
  readonly offsetsMs: Float64Array
}

/**
 * Expands a schedule to the local dates from `fromDate` to `toDate`, both inclusive. A window boundary that the clocks
 * skip becomes the moment of the change; one that they show twice is its first occurrence.
 * @throws {RangeError} when the zone, a date or a window is none, or windows of one day overlap
 */
export function expandSchedule(schedule: Schedule, fromDate: string, toDate: string): OpenHours {
  const fromMs = dateToLocalMs(fromDate)
  const toMs = dateToLocalMs(toDate)
  const zone = zoneOffsets(schedule.timeZone, fromMs - DAY_MS, toMs + 2 * DAY_MS)
  const weekly = weeklyByDay(schedule.weekly)
  const overrides = new Map(
    schedule.overrides.map(({ date, windows }) => [dateToLocalMs(date), checkedDay(windows, date)]),
  )
  const flat: number[] = []
  const anchors: number[] = []
  const offsets: number[] = []
  for (let dayMs = fromMs; dayMs <= toMs; dayMs += DAY_MS) {
    for (const { startMin, endMin } of overrides.get(dayMs) ?? weekly[isoWeekday(dayMs) - 1] ?? []) {
      const anchorMs = dayMs + startMin * MINUTE_MS
      const startMs = instantOrAfterGap(zone, anchorMs)
      const endMs = instantOrAfterGap(zone, dayMs + endMin * MINUTE_MS)
      if (startMs >= endMs) continue
      flat.push(startMs, endMs)
      anchors.push(anchorMs)
      offsets.push(steadyOffset(zone, { startMs, endMs, anchorMs }))
    }
  }
  return {
    zone,
    windows: Float64Array.from(flat),
    anchorsMs: Float64Array.from(anchors),
    offsetsMs: Float64Array.from(offsets),
  }
}

/** The open time as spans; windows that touch become one. */
export function openSpans(hours: OpenHours): SpanSet {
  return spanSetFromFlat(hours.windows)
}

/** The offset of a window over which the clocks run on undisturbed; NaN otherwise. */
function steadyOffset(zone: ZoneOffsets, window: { startMs: number; endMs: number; anchorMs: number }): number {
  const index = offsetIndex(zone, window.startMs)
  const offsetMs = zone.offsetsMs[index] ?? 0
  const steady = (zone.sinceMs[index + 1] ?? Infinity) >= window.endMs && window.startMs + offsetMs === window.anchorMs
  // Right after clocks were put back, local times repeat those before the change: the slow way sorts that out.
  const fresh = (zone.sinceMs[index] ?? 0) + DAY_MS <= window.startMs
  return steady && fresh ? offsetMs : Number.NaN
}

function weeklyByDay(weekly: readonly WeeklyWindow[]): LocalWindow[][] {
  const days: WeeklyWindow[][] = [[], [], [], [], [], [], []]
  for (const window of weekly) {
    const day = days[window.weekday - 1]
    if (!day) throw new RangeError(`weekday must be 1 (Monday) to 7 (Sunday), not ${window.weekday}`)
    day.push(window)
  }
  return days.map((windows, index) => checkedDay(windows, `weekday ${index + 1}`))
}

function checkedDay(windows: readonly LocalWindow[], day: string): LocalWindow[] {
  const sorted = [...windows].sort((a, b) => a.startMin - b.startMin)
  let lastEndMin = 0
  for (const { startMin, endMin } of sorted) {
    const right =
      Number.isInteger(startMin) && Number.isInteger(endMin) && 0 <= startMin && startMin < endMin && endMin <= 1440
    if (!right)
      throw new RangeError(
        `a window must be whole minutes with 0 <= start < end <= 1440: ${startMin} to ${endMin} on ${day}`,
      )
    if (startMin < lastEndMin) throw new RangeError(`windows overlap on ${day}`)
    lastEndMin = endMin
  }
  return sorted
}

/** Monday is 1, Sunday 7. */
function isoWeekday(localDayMs: number): number {
  // 1970-01-01 was a Thursday.
  return ((((localDayMs / DAY_MS + 3) % 7) + 7) % 7) + 1
}
