import { describe, expect, test } from 'vitest'
import { bookingWindowEnd, checkStart, expandSchedule, findSlots, openSpans, spanSet, startOfDateMs } from './index.ts'
import type { Schedule, SlotQuery } from './index.ts'

const MINUTE_MS = 60_000
const ms = (instant: string) => Date.parse(instant)
const window = (from: string, to: string) => ({ startMin: minuteOf(from), endMin: minuteOf(to) })
const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
const everyDay = (...windows: { startMin: number; endMin: number }[]) =>
  [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) => windows.map((one) => ({ weekday, ...one })))

/** One provider with the same hours every day, asked about one local date. */
function ask(timeZone: string, date: string, weekly: Schedule['weekly'], more: Partial<SlotQuery> = {}) {
  const hours = expandSchedule({ timeZone, weekly, overrides: [] }, date, date)
  const query: SlotQuery = {
    ...{ fromMs: startOfDateMs(date, timeZone), toMs: startOfDateMs(nextDay(date), timeZone), nowMs: 0 },
    ...{ lengthMin: 30, stepMin: 30, bufferBeforeMin: 0, bufferAfterMin: 0, noticeMin: 0 },
    providers: [{ id: 'ada', hours, busy: spanSet([]) }],
    ...more,
  }
  return query
}

const nextDay = (date: string) => Temporal.PlainDate.from(date).add({ days: 1 }).toString()
const startsOf = (query: SlotQuery) => Array.from(findSlots(query).startsMs, (at) => new Date(at).toISOString())
/** What the clocks on the wall show, with the offset, as two starts may show the same. */
const wallTimes = (query: SlotQuery, timeZone: string) =>
  Array.from(findSlots(query).startsMs, (at) => {
    const shown = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone)
    return `${shown.toPlainTime().toString({ smallestUnit: 'minute' })} ${shown.offset}`
  })

describe('hours', () => {
  test('a day may have several windows; starts are counted from the beginning of each', () => {
    const query = ask('UTC', '2026-06-10', everyDay(window('09:10', '10:10'), window('13:00', '14:00')))
    expect(startsOf(query).map((start) => start.slice(11, 16))).toEqual(['09:10', '09:40', '13:00', '13:30'])
  })

  test('an appointment ends within its window; the end itself is not part of the window', () => {
    const query = ask('UTC', '2026-06-10', everyDay(window('09:00', '10:00')), { lengthMin: 60, stepMin: 15 })
    expect(startsOf(query).map((start) => start.slice(11, 16))).toEqual(['09:00'])
  })

  test('windows that touch stay two: no appointment reaches from one into the other', () => {
    const query = ask('UTC', '2026-06-10', everyDay(window('09:00', '10:00'), window('10:00', '11:00')), {
      ...{ lengthMin: 45, stepMin: 45 },
    })
    expect(startsOf(query).map((start) => start.slice(11, 16))).toEqual(['09:00', '10:00'])
  })

  test('an override replaces the weekly hours of its date, and without windows closes it', () => {
    const weekly = everyDay(window('09:00', '10:00'))
    const overrides = [
      { date: '2026-06-10', windows: [window('15:00', '16:00')] },
      { date: '2026-06-11', windows: [] },
    ]
    const spans = openSpans(expandSchedule({ timeZone: 'UTC', weekly, overrides }, '2026-06-09', '2026-06-12'))
    const days = ['2026-06-09T09:00Z', '2026-06-10T15:00Z', '2026-06-12T09:00Z']
    expect([...spans]).toEqual(days.flatMap((start) => [ms(start), ms(start) + 60 * MINUTE_MS]))
  })

  test('hours of the service cut those of the provider, and begin the counting anew', () => {
    const serviceHours = expandSchedule(
      { timeZone: 'UTC', weekly: everyDay(window('09:20', '10:40')), overrides: [] },
      '2026-06-10',
      '2026-06-10',
    )
    const query = ask('UTC', '2026-06-10', everyDay(window('09:00', '12:00')), { serviceHours })
    expect(startsOf(query).map((start) => start.slice(11, 16))).toEqual(['09:20', '09:50'])
  })
})

describe('what is taken', () => {
  const weekly = everyDay(window('09:00', '12:00'))
  const busy = spanSet([{ startMs: ms('2026-06-10T10:00Z'), endMs: ms('2026-06-10T10:30Z') }])
  const withBusy = (more: Partial<SlotQuery>) => {
    const query = ask('UTC', '2026-06-10', weekly, more)
    return { ...query, providers: query.providers.map((provider) => ({ ...provider, busy })) }
  }

  test('appointments may touch what is busy, and not overlap it', () => {
    const starts = startsOf(withBusy({})).map((start) => start.slice(11, 16))
    expect(starts).toEqual(['09:00', '09:30', '10:30', '11:00', '11:30'])
  })

  test('buffers must be free too, and may lie outside the hours', () => {
    const starts = startsOf(withBusy({ bufferBeforeMin: 15, bufferAfterMin: 15 })).map((start) => start.slice(11, 16))
    expect(starts).toEqual(['09:00', '11:00', '11:30'])
  })

  test('a room is needed as much as a person', () => {
    const room = spanSet([{ startMs: ms('2026-06-10T09:00Z'), endMs: ms('2026-06-10T11:00Z') }])
    const query = withBusy({ pools: [{ count: 1, units: [room] }] })
    expect(startsOf(query).map((start) => start.slice(11, 16))).toEqual(['11:00', '11:30'])
    expect(checkStart(query, ms('2026-06-10T09:00Z'))).toEqual({ ok: false, reason: 'resource' })
  })

  test('of two providers, each start names those who are free', () => {
    const query = withBusy({})
    const [ada] = query.providers
    const both = { ...query, providers: ada ? [ada, { ...ada, id: 'bob', busy: spanSet([]) }] : [] }
    const slots = findSlots(both)
    expect(Array.from(slots.startsMs, (_start, index) => slots.providersAt(index))).toEqual([
      [0, 1],
      [0, 1],
      [1],
      [0, 1],
      [0, 1],
      [0, 1],
    ])
  })

  test('a session that exists offers its places, as long as enough are left', () => {
    const query = withBusy({ capacity: 8, seats: 2 })
    const startMs = ms('2026-06-10T10:00Z')
    const sessions = (seatsLeft: number) => ({
      ...query,
      providers: query.providers.map((one) => ({
        ...one,
        sessions: [{ startMs, endMs: startMs + 30 * MINUTE_MS, seatsLeft }],
      })),
    })
    expect(checkStart(sessions(2), startMs)).toMatchObject({ ok: true, seatsLeft: 2 })
    expect(checkStart(sessions(1), startMs)).toEqual({ ok: false, reason: 'full' })
  })
})

describe('how soon and how far ahead', () => {
  const weekly = everyDay(window('09:00', '11:00'))

  test('the notice is inclusive: a start exactly that far ahead is offered', () => {
    const query = ask('UTC', '2026-06-10', weekly, { nowMs: ms('2026-06-10T08:30Z'), noticeMin: 60 })
    expect(startsOf(query).map((start) => start.slice(11, 16))).toEqual(['09:30', '10:00', '10:30'])
  })

  test('the booking window ends with a local day', () => {
    const nowMs = ms('2026-06-09T23:30Z') // 10 June, 01:30 in Berlin
    expect(new Date(bookingWindowEnd(nowMs, 1, 'Europe/Berlin')).toISOString()).toBe('2026-06-11T22:00:00.000Z')
    expect(new Date(bookingWindowEnd(nowMs, 1, 'UTC')).toISOString()).toBe('2026-06-11T00:00:00.000Z')
  })

  test.each([
    ['past', '2026-06-10T08:00Z', { nowMs: ms('2026-06-10T08:30Z') }],
    ['notice', '2026-06-10T09:00Z', { nowMs: ms('2026-06-10T08:30Z'), noticeMin: 60 }],
    ['window', '2026-06-10T10:00Z', { windowEndMs: ms('2026-06-10T10:00Z') }],
    ['hours', '2026-06-10T12:00Z', {}],
    ['grid', '2026-06-10T09:10Z', {}],
    ['no_provider', '2026-06-10T09:00Z', { providers: [] }],
    ['full', '2026-06-10T09:00Z', { seats: 2 }],
  ] as const)('a start is refused because of: %s', (reason, start, more) => {
    expect(checkStart(ask('UTC', '2026-06-10', weekly, more), ms(start))).toEqual({ ok: false, reason })
  })
})

describe('when the clocks change', () => {
  const night = everyDay(window('01:00', '04:00'))

  test('local times that the clocks skip are not offered, and no other moves', () => {
    const times = wallTimes(ask('Europe/Berlin', '2026-03-29', night), 'Europe/Berlin')
    expect(times).toEqual(['01:00 +01:00', '01:30 +01:00', '03:00 +02:00', '03:30 +02:00'])
  })

  test('local times that come twice are offered once, at their first occurrence', () => {
    const times = wallTimes(ask('Europe/Berlin', '2026-10-25', night), 'Europe/Berlin')
    expect(times).toEqual([
      '01:00 +02:00',
      '01:30 +02:00',
      '02:00 +02:00',
      '02:30 +02:00',
      '03:00 +01:00',
      '03:30 +01:00',
    ])
  })

  test('where clocks move by half an hour, only that half hour is skipped', () => {
    const times = wallTimes(ask('Australia/Lord_Howe', '2026-10-04', night), 'Australia/Lord_Howe')
    expect(times).toEqual(['01:00 +10:30', '01:30 +10:30', '02:30 +11:00', '03:00 +11:00', '03:30 +11:00'])
  })

  test('a date that a place has skipped has no hours', () => {
    expect(startsOf(ask('Pacific/Apia', '2011-12-30', everyDay(window('09:00', '12:00'))))).toEqual([])
  })

  test('a day without a midnight begins with its first minute', () => {
    const times = wallTimes(ask('Africa/Cairo', '2026-04-24', everyDay(window('00:00', '02:00'))), 'Africa/Cairo')
    expect(times).toEqual(['01:00 +03:00', '01:30 +03:00'])
  })

  test('hours by day are as on any other day', () => {
    for (const date of ['2026-03-29', '2026-10-25', '2026-06-10']) {
      const times = wallTimes(ask('Europe/Berlin', date, everyDay(window('09:00', '10:00'))), 'Europe/Berlin')
      expect(times.map((time) => time.slice(0, 5))).toEqual(['09:00', '09:30'])
    }
  })
})

describe('bad input', () => {
  const weekly = everyDay(window('09:00', '11:00'))

  test.each([
    ['lengthMin', { lengthMin: 0 }],
    ['lengthMin', { lengthMin: 1.5 }],
    ['stepMin', { stepMin: -5 }],
    ['bufferBeforeMin', { bufferBeforeMin: -1 }],
    ['bufferAfterMin', { bufferAfterMin: Number.NaN }],
    ['noticeMin', { noticeMin: 0.5 }],
    ['capacity', { capacity: 0 }],
    ['seats', { seats: 0 }],
    ['fromMs', { fromMs: Number.NaN }],
    ['toMs', { toMs: Infinity }],
  ])('%s out of its range is refused by name', (name, more) => {
    expect(() => findSlots(ask('UTC', '2026-06-10', weekly, more))).toThrow(new RegExp(`^${name} must be`))
  })

  test.each([
    ['an unknown zone', { timeZone: 'Europe/Atlantis' }],
    ['a weekday that is none', { weekly: [{ weekday: 8, startMin: 0, endMin: 60 }] }],
    ['a window that ends before it begins', { weekly: [{ weekday: 1, startMin: 60, endMin: 30 }] }],
    ['a window past midnight', { weekly: [{ weekday: 1, startMin: 60, endMin: 1441 }] }],
    ['windows that overlap', { weekly: everyDay(window('09:00', '11:00'), window('10:00', '12:00')) }],
    ['an override on a date that is none', { overrides: [{ date: '2026-02-30', windows: [] }] }],
  ])('%s is refused', (_what, wrong) => {
    const schedule = { timeZone: 'UTC', weekly, overrides: [], ...wrong }
    expect(() => expandSchedule(schedule, '2026-06-08', '2026-06-14')).toThrow(RangeError)
  })
})

test('the example of the README', () => {
  const weekly = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, startMin: 9 * 60, endMin: 17 * 60 }))
  const hours = expandSchedule({ timeZone: 'Europe/Berlin', weekly, overrides: [] }, '2026-03-30', '2026-03-30')
  const busy = spanSet([{ startMs: ms('2026-03-30T08:00Z'), endMs: ms('2026-03-30T13:00Z') }])
  const query = {
    ...{ fromMs: ms('2026-03-30T00:00Z'), toMs: ms('2026-03-31T00:00Z'), nowMs: ms('2026-03-29T12:00Z') },
    ...{ lengthMin: 60, stepMin: 30, bufferBeforeMin: 0, bufferAfterMin: 10, noticeMin: 120 },
    providers: [{ id: 'ada', hours, busy }],
  }
  expect(startsOf(query).map((start) => start.slice(11, 16))).toEqual(['13:00', '13:30', '14:00'])
})
