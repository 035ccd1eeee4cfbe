import { describe, expect, test } from 'vitest'
import { shownMs, whenShown, zonesThatDiffer, type ClockChange } from '../test/clock-changes.ts'
import {
  firstInstant,
  instantOrAfterGap,
  localDateOf,
  localMsToDate,
  localTimes,
  offsetAt,
  startOfDateMs,
  zoneOffsets,
} from './zones.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
const AROUND_MS = 26 * HOUR_MS
const STEP_MS = 5 * MINUTE_MS

describe.each(zonesThatDiffer())('around every change of the clocks, 2020 to 2035: $timeZone', (zone) => {
  const { timeZone, changes } = zone
  const tableAround = (atMs: number) => zoneOffsets(timeZone, atMs - 2 * AROUND_MS, atMs + 2 * AROUND_MS)

  test('an instant has the offset and the date that Temporal gives it', () => {
    const wrong = changes.flatMap(({ atMs }) => {
      const table = tableAround(atMs)
      const instants = Float64Array.from(pointsAround([atMs]))
      const times = localTimes(instants, timeZone)
      return [...instants].filter((instantMs, at) => {
        const offsetMs = shownMs(instantMs, timeZone) - instantMs
        const date = localMsToDate(instantMs + offsetMs)
        const told = [times.offsetMin[at], times.dates[times.dateIndex[at] ?? -1], localDateOf(instantMs, timeZone)]
        return offsetAt(table, instantMs) !== offsetMs || !sameList(told, [offsetMs / MINUTE_MS, date, date])
      })
    })
    expect(wrong).toEqual([])
  })

  test('a local time is found at its first occurrence, and not where the clocks skip it', () => {
    const wrong = changes.flatMap((change) => {
      const table = tableAround(change.atMs)
      return pointsAround(edgesOf(change)).filter((localMs) => {
        const { exactMs, orLaterMs } = whenShown(localMs, timeZone)
        return firstInstant(table, localMs) !== exactMs || instantOrAfterGap(table, localMs) !== orLaterMs
      })
    })
    expect(wrong.map((localMs) => new Date(localMs).toISOString())).toEqual([])
  })

  test('a date begins when Temporal says', () => {
    const dates = changes.flatMap(({ atMs }) => [-1, 0, 1, 2].map((days) => localMsToDate(atMs + days * DAY_MS)))
    const wrong = dates.filter(
      (date) =>
        startOfDateMs(date, timeZone) !== Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds,
    )
    expect(wrong).toEqual([])
  })
})

/** What the clocks show when they change, before and after. */
function edgesOf({ atMs, beforeMs, afterMs }: ClockChange): number[] {
  return [atMs + beforeMs, atMs + afterMs]
}

/** Every five minutes from 26 hours before to 26 hours after, and right before and after the edges, ascending. */
function pointsAround(edgesMs: readonly number[]): number[] {
  const points = new Set(
    edgesMs.flatMap((edgeMs) => [-MINUTE_MS, -1000, -1, 0, 1, 1000, MINUTE_MS].map((by) => edgeMs + by)),
  )
  const end = Math.max(...edgesMs) + AROUND_MS
  for (let at = Math.min(...edgesMs) - AROUND_MS; at <= end; at += STEP_MS) points.add(at)
  return [...points].sort((a, b) => a - b)
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.every((value, index) => value === b[index])
}
