import type { Schedule, Window } from './types.ts'
import { minuteOfDay, msOfMinute, weekdayOf } from './days.ts'
import { addDays, localDate } from '#lib/time/dates.ts'

/** Height of a row of the calendar's grid, in minutes. */
export const ROW_MIN = 5
const DAY_MIN = 1440
const MIN_PER_HOUR = 60
const MS_PER_MIN = 60_000
/** Shorter ones are drawn this long, so that one can read and hit them. */
const SHORTEST_MIN = 20
/** Of a day without hours or bookings. */
const USUAL: Window = { startMin: 9 * MIN_PER_HOUR, endMin: 17 * MIN_PER_HOUR }

export type Timed = { startMs: number; endMs: number }
export type Placed<Item> = { item: Item; window: Window; lane: number; laneSpan: number }

/**
 * Where an appointment stands on a local day, by the clock on the wall. Across a clock change it is drawn from the time
 * it begins to the time it ends; where the hour repeats and that would be backwards, as long as it takes.
 * @returns null when it is on another day
 */
export function windowOn(date: string, { startMs, endMs }: Timed, timeZone: string): Window | null {
  const startDate = localDate(startMs, timeZone)
  const endDate = localDate(endMs - 1, timeZone)
  if (date < startDate || date > endDate) return null
  const startMin = date === startDate ? minuteOfDay(startMs, timeZone) : 0
  if (date < endDate) return { startMin, endMin: DAY_MIN }
  const endMin = minuteOfDay(endMs, timeZone) || DAY_MIN
  const lengthMin = (endMs - startMs) / MS_PER_MIN
  return { startMin, endMin: endMin > startMin ? endMin : Math.min(DAY_MIN, startMin + lengthMin) }
}

/** Puts what overlaps side by side: each in the first lane that is free, and as wide as what stands beside it allows. */
export function layOut<Item extends Timed>(date: string, items: readonly Item[], timeZone: string): Placed<Item>[] {
  const ends: number[] = []
  const inLanes: Omit<Placed<Item>, 'laneSpan'>[] = []
  for (const item of [...items].sort((left, right) => left.startMs - right.startMs || left.endMs - right.endMs)) {
    const window = windowOn(date, item, timeZone)
    if (window === null) continue
    const free = ends.findIndex((endMin) => endMin <= window.startMin)
    const lane = free === -1 ? ends.length : free
    ends[lane] = drawnEndMin(window)
    inLanes.push({ item, window, lane })
  }
  return inLanes.map((own) => {
    const beside = inLanes.filter((other) => other.lane > own.lane && overlap(own.window, other.window))
    const nextLane = Math.min(ends.length, ...beside.map(({ lane }) => lane))
    return { ...own, laneSpan: nextLane - own.lane }
  })
}

/** The whole hours that show everything: opening hours and appointments alike. */
export function visibleHours(windows: readonly Window[]): Window {
  if (windows.length === 0) return USUAL
  const startMin = Math.min(...windows.map((window) => window.startMin))
  const endMin = Math.max(...windows.map(drawnEndMin))
  return {
    startMin: Math.floor(startMin / MIN_PER_HOUR) * MIN_PER_HOUR,
    endMin: Math.min(DAY_MIN, Math.ceil(endMin / MIN_PER_HOUR) * MIN_PER_HOUR),
  }
}

/** The rows of a window in a grid that shows `visible`: the first row is 1. */
export function rowsIn(visible: Window, window: Window): { row: number; span: number } {
  const startMin = Math.max(visible.startMin, Math.min(window.startMin, visible.endMin - SHORTEST_MIN))
  const endMin = Math.min(visible.endMin, Math.max(window.endMin, startMin + SHORTEST_MIN))
  const row = Math.floor((startMin - visible.startMin) / ROW_MIN) + 1
  return { row, span: Math.max(1, Math.ceil((endMin - visible.startMin) / ROW_MIN) + 1 - row) }
}

/** When a schedule is open on a date of the calendar, whose zone may be another one than its own. */
export function openOn(
  schedule: Pick<Schedule, 'weekly' | 'overrides' | 'timeZone'>,
  date: string,
  timeZone: string,
): Window[] {
  if (schedule.timeZone === timeZone) return ownWindows(schedule, date)
  return [addDays(date, -1), date, addDays(date, 1)].flatMap((ownDate) =>
    ownWindows(schedule, ownDate).flatMap(({ startMin, endMin }) => {
      const startMs = msOfMinute(ownDate, startMin, schedule.timeZone)
      const endMs = msOfMinute(ownDate, endMin, schedule.timeZone)
      return windowOn(date, { startMs, endMs }, timeZone) ?? []
    }),
  )
}

function ownWindows({ weekly, overrides }: Pick<Schedule, 'weekly' | 'overrides'>, date: string): Window[] {
  const override = overrides.find((one) => one.date === date)
  if (override) return override.windows
  const weekday = weekdayOf(date)
  return weekly.filter((window) => window.weekday === weekday)
}

function drawnEndMin({ startMin, endMin }: Window): number {
  return Math.max(endMin, startMin + SHORTEST_MIN)
}

function overlap(left: Window, right: Window): boolean {
  return left.startMin < drawnEndMin(right) && right.startMin < drawnEndMin(left)
}
