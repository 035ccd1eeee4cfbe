import { describe, expect, test } from 'vitest'
import { layOut, openOn, rowsIn, visibleHours, windowOn } from './calendar-layout.ts'

const BERLIN = 'Europe/Berlin'
const span = (start: string, end: string) => ({ startMs: Date.parse(start), endMs: Date.parse(end) })

describe('where an appointment stands on a day', () => {
  test('by the clock on the wall of the calendar’s zone', () => {
    const item = span('2026-07-01T08:00Z', '2026-07-01T08:45Z')
    expect(windowOn('2026-07-01', item, BERLIN)).toEqual({ startMin: 600, endMin: 645 })
    expect(windowOn('2026-07-02', item, BERLIN)).toBeNull()
  })

  test('one that ends at midnight is not on the next day', () => {
    const item = span('2026-07-01T21:00Z', '2026-07-01T22:00Z')
    expect(windowOn('2026-07-01', item, BERLIN)).toEqual({ startMin: 1380, endMin: 1440 })
    expect(windowOn('2026-07-02', item, BERLIN)).toBeNull()
  })

  test('one over midnight is on both days', () => {
    const item = span('2026-07-01T21:30Z', '2026-07-01T22:30Z')
    expect(windowOn('2026-07-01', item, BERLIN)).toEqual({ startMin: 1410, endMin: 1440 })
    expect(windowOn('2026-07-02', item, BERLIN)).toEqual({ startMin: 0, endMin: 30 })
  })

  test('across the skipped hour it reaches from the time it begins to the time it ends', () => {
    const item = span('2026-03-29T00:30Z', '2026-03-29T01:30Z')
    expect(windowOn('2026-03-29', item, BERLIN)).toEqual({ startMin: 90, endMin: 210 })
  })

  test('across the repeated hour it is as long as it takes, never backwards', () => {
    const item = span('2026-10-25T00:30Z', '2026-10-25T01:15Z')
    expect(windowOn('2026-10-25', item, BERLIN)).toEqual({ startMin: 150, endMin: 195 })
  })
})

describe('what overlaps stands side by side', () => {
  const lanes = (items: { startMs: number; endMs: number }[]) =>
    layOut('2026-07-01', items, 'UTC').map(({ lane, laneSpan }) => [lane, laneSpan])

  test('what overlaps nothing is as wide as the day', () => {
    expect(
      lanes([span('2026-07-01T08:00Z', '2026-07-01T09:00Z'), span('2026-07-01T09:00Z', '2026-07-01T10:00Z')]),
    ).toEqual([
      [0, 1],
      [0, 1],
    ])
    const three = ['08:00Z', '08:15Z', '12:00Z'].map((time) => {
      const start = Date.parse(`2026-07-01T${time}`)
      return { startMs: start, endMs: start + 3_600_000 }
    })
    expect(lanes(three)).toEqual([
      [0, 1],
      [1, 1],
      [0, 2],
    ])
  })

  test('very short ones are drawn longer, and count as long', () => {
    expect(
      lanes([span('2026-07-01T08:00Z', '2026-07-01T08:05Z'), span('2026-07-01T08:10Z', '2026-07-01T08:15Z')]),
    ).toEqual([
      [0, 1],
      [1, 1],
    ])
  })
})

test('the calendar shows the whole hours that everything needs, and office hours of an empty day', () => {
  expect(visibleHours([{ startMin: 545, endMin: 610 }])).toEqual({ startMin: 540, endMin: 660 })
  expect(visibleHours([{ startMin: 1435, endMin: 1440 }])).toEqual({ startMin: 1380, endMin: 1440 })
  expect(visibleHours([])).toEqual({ startMin: 540, endMin: 1020 })
})

test('rows count from the first hour shown; the last minutes of a day still have room', () => {
  const visible = { startMin: 540, endMin: 1440 }
  expect(rowsIn(visible, { startMin: 540, endMin: 600 })).toEqual({ row: 1, span: 12 })
  expect(rowsIn(visible, { startMin: 1435, endMin: 1440 })).toEqual({ row: 177, span: 4 })
})

describe('when a schedule is open on a date', () => {
  const schedule = {
    timeZone: 'America/New_York',
    weekly: [{ weekday: 3, startMin: 480, endMin: 1200 }],
    overrides: [{ date: '2026-07-08', windows: [] }],
  }

  test('its hours are moved into the zone of the calendar, over midnight too', () => {
    expect(openOn(schedule, '2026-07-01', BERLIN)).toEqual([{ startMin: 840, endMin: 1440 }])
    expect(openOn(schedule, '2026-07-02', BERLIN)).toEqual([{ startMin: 0, endMin: 120 }])
  })

  test('an exception replaces the weekly hours', () => {
    expect(openOn(schedule, '2026-07-08', BERLIN)).toEqual([])
    expect(openOn(schedule, '2026-07-08', 'America/New_York')).toEqual([])
  })
})
