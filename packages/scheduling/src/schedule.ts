import { firstEndingAfter, spanSetFromFlat, type SpanSet } from './spans.ts'
import { dateToLocalMs, instantOrAfterGap, localDateOf, offsetIndex, zoneOffsets, type ZoneOffsets } from './zones.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const DAY_MIN = 1440

/**
 * Part of a local day, in minutes after midnight: 0 <= start < 1440, start < end <= start + 1440. An end above 1440 is on
 * the next day: 22:00 to 02:00 is `{ startMin: 1320, endMin: 1560 }`.
 */
export type LocalWindow = { readonly startMin: number; readonly endMin: number }

/** A window that comes back every week. `weekday` is that of ISO 8601: Monday is 1, Sunday 7. */
export type WeeklyWindow = LocalWindow & { readonly weekday: number }

/** Replaces the windows that begin on one date (YYYY-MM-DD); without windows, none begins. */
export type DateOverride = { readonly date: string; readonly windows: readonly LocalWindow[] }

/** A date (YYYY-MM-DD) on which no window begins, unless an override says otherwise. */
export type Holiday = { readonly date: string; readonly name?: string }

/** Dates, both inclusive, on which nothing is open, whatever else says so: a night that reaches into them ends at midnight. */
export type Closure = { readonly fromDate: string; readonly toDate: string; readonly name?: string }

/** Dates, both inclusive, on which the clocks of another place count. */
export type Stay = { readonly fromDate: string; readonly toDate: string; readonly timeZone: string }

/** When somebody or something is open: rules for the clocks of one place, or of several in turn. */
export type Schedule = {
  /** IANA name */
  readonly timeZone: string
  readonly weekly: readonly WeeklyWindow[]
  readonly overrides?: readonly DateOverride[]
  readonly holidays?: readonly Holiday[]
  readonly closures?: readonly Closure[]
  /** where the schedule's owner travels; the first that covers a date holds */
  readonly stays?: readonly Stay[]
}

/** A schedule expanded to instants over some dates. Made by `expandSchedule` only; what is in it is the engine's business. */
export type OpenHours = {
  readonly schedule: Schedule
  /** start and end of every window, epoch ms, ascending, disjoint */
  readonly windows: Float64Array
  /** start and end of every opening: an appointment lies within one */
  readonly openings: Float64Array
  /** for every window the end of its opening */
  readonly untilsMs: Float64Array
  /** for every window the local time, as if UTC, from which its starts are counted */
  readonly anchorsMs: Float64Array
  /** for every window the offset that holds all through it; NaN when the clocks change in it */
  readonly offsetsMs: Float64Array
  /** for every window the clocks that count */
  readonly zones: readonly ZoneOffsets[]
}

/**
 * Expands a schedule: all windows that begin on the local dates from `fromDate` to `toDate`, both inclusive. A window
 * boundary that the clocks skip becomes the moment of the change; one that they show twice is its first occurrence.
 * Windows that overlap, or that meet at midnight, are one opening; other windows that touch stay apart.
 * @throws {RangeError} when a zone, a date or a window is none, or windows of one day overlap
 */
export function expandSchedule(schedule: Schedule, fromDate: string, toDate: string): OpenHours {
  const days = daysOf(schedule)
  const fromMs = dateToLocalMs(fromDate)
  const toMs = dateToLocalMs(toDate)
  const zoneOf = zonesByDate(schedule, fromMs, toMs)
  const windows: Window[] = []
  for (let dayMs = fromMs; dayMs <= toMs; dayMs += DAY_MS) {
    const today = days.windowsOn(dayMs)
    if (today.length === 0) continue
    const zone = zoneOf(dayMs)
    for (const { startMin, endMin } of today) {
      const closes = endMin > DAY_MIN && days.isClosed(dayMs + DAY_MS) ? DAY_MIN : endMin
      const anchorMs = dayMs + startMin * MINUTE_MS
      const startMs = instantOrAfterGap(zone, anchorMs)
      const endMs = instantOrAfterGap(zone, dayMs + closes * MINUTE_MS)
      if (startMs < endMs) windows.push({ startMs, endMs, anchorMs, atMidnight: startMin === 0, zone })
    }
  }
  if (schedule.stays?.length) windows.sort((a, b) => a.startMs - b.startMs)
  return settle(schedule, windows)
}

/** The open time as spans; windows that touch become one. */
export function openSpans(hours: OpenHours): SpanSet {
  return spanSetFromFlat(hours.windows)
}

/** Why a schedule is closed at some time. */
export type ClosedBecause =
  | { readonly kind: 'weekly_hours' }
  | { readonly kind: 'override'; readonly date: string }
  | { readonly kind: 'holiday'; readonly date: string; readonly name?: string }
  | { readonly kind: 'closure'; readonly fromDate: string; readonly toDate: string; readonly name?: string }

/** What in a schedule decides about a local date, YYYY-MM-DD. */
export function decidedBy({ closures, overrides, holidays }: Schedule, date: string): ClosedBecause {
  const closure = closures?.find(({ fromDate, toDate }) => fromDate <= date && date <= toDate)
  if (closure) return { kind: 'closure', ...closure }
  if (overrides?.some((override) => override.date === date)) return { kind: 'override', date }
  const holiday = holidays?.find((one) => one.date === date)
  return holiday ? { kind: 'holiday', ...holiday } : { kind: 'weekly_hours' }
}

/** Whether a stretch of time lies in one opening. */
export function liesInOpening({ openings }: OpenHours, fromMs: number, toMs: number): boolean {
  const at = firstEndingAfter(openings, fromMs)
  return (openings[at] ?? Infinity) <= fromMs && toMs <= (openings[at + 1] ?? -Infinity)
}

/** The zone whose clocks count for a schedule at an instant. */
export function zoneAt({ timeZone, stays = [] }: Schedule, instantMs: number): string {
  const stay = stays.find((one) => {
    const date = localDateOf(instantMs, one.timeZone)
    return one.fromDate <= date && date <= one.toDate
  })
  return stay?.timeZone ?? timeZone
}

type Window = { startMs: number; endMs: number; anchorMs: number; atMidnight: boolean; zone: ZoneOffsets }

/** Cuts windows that overlap, and finds the openings. Windows come in the order of their starts. */
function settle(schedule: Schedule, windows: Window[]): OpenHours {
  const flat = new Float64Array(2 * windows.length)
  const openings: number[] = []
  const openingOf = new Uint32Array(windows.length)
  const anchorsMs = new Float64Array(windows.length)
  const offsetsMs = new Float64Array(windows.length)
  const zones: ZoneOffsets[] = []
  let count = 0
  for (const { endMs, anchorMs, atMidnight, zone, ...window } of windows) {
    const lastEndMs = openings.at(-1) ?? -Infinity
    if (endMs <= lastEndMs) continue
    const joins = window.startMs < lastEndMs || (window.startMs === lastEndMs && atMidnight)
    const startMs = Math.max(window.startMs, lastEndMs)
    if (joins) openings[openings.length - 1] = endMs
    else openings.push(startMs, endMs)
    flat[2 * count] = startMs
    flat[2 * count + 1] = endMs
    openingOf[count] = openings.length - 1
    anchorsMs[count] = anchorMs
    offsetsMs[count] = steadyOffset(zone, { startMs, endMs, anchorMs: anchorMs + startMs - window.startMs })
    zones.push(zone)
    count++
  }
  return {
    schedule,
    windows: flat.subarray(0, 2 * count),
    openings: Float64Array.from(openings),
    untilsMs: Float64Array.from(openingOf.subarray(0, count), (at) => openings[at] ?? 0),
    anchorsMs: anchorsMs.subarray(0, count),
    offsetsMs: offsetsMs.subarray(0, count),
    zones,
  }
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

type Days = { windowsOn: (dayMs: number) => readonly LocalWindow[]; isClosed: (dayMs: number) => boolean }

const NO_WINDOWS: readonly LocalWindow[] = []

/** The windows of local dates, which are given as midnight as if UTC. */
function daysOf({ weekly, overrides = [], holidays = [], closures = [] }: Schedule): Days {
  const byWeekday = weeklyByDay(weekly)
  const special = new Map<number, readonly LocalWindow[]>()
  for (const { date } of holidays) special.set(dateToLocalMs(date), NO_WINDOWS)
  for (const { date, windows } of overrides) special.set(dateToLocalMs(date), checkedDay(windows, date))
  const closed = closures.map(({ fromDate, toDate }) => dateRange(fromDate, toDate))
  const isClosed = (dayMs: number) => closed.some(({ fromMs, toMs }) => fromMs <= dayMs && dayMs <= toMs)
  const windowsOn = (dayMs: number) =>
    isClosed(dayMs) ? NO_WINDOWS : (special.get(dayMs) ?? byWeekday[isoWeekday(dayMs) - 1] ?? NO_WINDOWS)
  return { windowsOn, isClosed }
}

function zonesByDate({ timeZone, stays = [] }: Schedule, fromMs: number, toMs: number) {
  const offsets = (zone: string) => zoneOffsets(zone, fromMs - DAY_MS, toMs + 3 * DAY_MS)
  const home = offsets(timeZone)
  const away = stays.map((stay) => ({ ...dateRange(stay.fromDate, stay.toDate), zone: offsets(stay.timeZone) }))
  return (dayMs: number) => away.find((stay) => stay.fromMs <= dayMs && dayMs <= stay.toMs)?.zone ?? home
}

function dateRange(fromDate: string, toDate: string): { fromMs: number; toMs: number } {
  const range = { fromMs: dateToLocalMs(fromDate), toMs: dateToLocalMs(toDate) }
  if (range.toMs < range.fromMs) throw new RangeError(`dates must be in order: ${fromDate} to ${toDate}`)
  return range
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
    const whole = Number.isInteger(startMin) && Number.isInteger(endMin)
    if (!whole || startMin < 0 || startMin >= DAY_MIN || endMin <= startMin || endMin > startMin + DAY_MIN)
      throw new RangeError(
        `a window must be whole minutes with 0 <= start < 1440 and start < end <= start + 1440: ${startMin} to ${endMin} on ${day}`,
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
