import { describe, expect, test } from 'vitest'
import { whenShown, zonesThatDiffer } from '../test/clock-changes.ts'
import { expandSchedule, findSlots, NEVER_BUSY } from './index.ts'
import { localMsToDate } from './zones.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const STEP_MIN = 30
const LENGTH_MIN = 5

/** All day, and one that begins and ends within the half hours at which clocks change. */
const WINDOWS = [
  { startMin: 0, endMin: 1440 },
  { startMin: 10, endMin: 1430 },
]

describe.each(zonesThatDiffer())(
  'over every change of the clocks, 2020 to 2035: $timeZone',
  ({ timeZone, changes }) => {
    test.each(WINDOWS)(
      'every time on the grid that the clocks show from $startMin to $endMin is offered once, at its first occurrence',
      (window) => {
        for (const { atMs, beforeMs } of changes) {
          const dayMs = Math.floor((atMs + beforeMs) / DAY_MS) * DAY_MS
          const days = [dayMs - DAY_MS, dayMs, dayMs + DAY_MS]
          expect(offeredStarts(timeZone, window, days)).toEqual(shownStarts(timeZone, window, days))
        }
      },
    )
  },
)

type Window = { startMin: number; endMin: number }

/** What the engine offers on some days. Its calls stand here only. */
function offeredStarts(timeZone: string, window: Window, days: readonly number[]): number[] {
  const weekly = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, ...window }))
  const dates = days.map(localMsToDate)
  const hours = expandSchedule({ timeZone, weekly, overrides: [] }, dates[0] ?? '', dates.at(-1) ?? '')
  const candidates = [{ id: 'ada', hours, busy: NEVER_BUSY }]
  const slots = findSlots({
    fromMs: (days[0] ?? 0) - 2 * DAY_MS,
    toMs: (days.at(-1) ?? 0) + 3 * DAY_MS,
    nowMs: 0,
    noticeMin: 0,
    steps: { everyMin: STEP_MIN },
    segments: [{ lengthMin: LENGTH_MIN, requirements: [{ kind: 'provider', count: 1, candidates }] }],
  })
  return [...slots.startsMs]
}

/** The first occurrences of the times on the grid, as Temporal finds them. */
function shownStarts(timeZone: string, { startMin, endMin }: Window, days: readonly number[]): number[] {
  const starts = days.flatMap((dayMs) => {
    const lastMs = whenShown(dayMs + endMin * MINUTE_MS, timeZone).orLaterMs - LENGTH_MIN * MINUTE_MS
    const found: number[] = []
    for (let min = startMin; min < endMin; min += STEP_MIN) {
      const startMs = whenShown(dayMs + min * MINUTE_MS, timeZone).exactMs
      if (startMs !== undefined && startMs <= lastMs) found.push(startMs)
    }
    return found
  })
  return starts.sort((a, b) => a - b)
}
