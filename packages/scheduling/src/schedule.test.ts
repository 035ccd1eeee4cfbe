import { describe, expect, test } from 'vitest'
import { SAID } from '../test/said.ts'
import { ask, at, DAY, everyDay, hoursOf, ms, oneOf, person, shift, timesOf, wallTimes, window } from '../test/ask.ts'
import { expandSchedule, openSpans, type LocalWindow, type Schedule, type SlotQuery } from './index.ts'
import { decidedBy, zoneAt } from './schedule.ts'

/** What is open from the day before to the day after, as times in UTC with the day of the month. */
function openIn(schedule: Partial<Schedule>, from = shift(DAY, -1), to = shift(DAY, 1)): string[] {
  const flat = openSpans(expandSchedule({ timeZone: 'UTC', weekly: [], ...schedule }, from, to))
  const shown = Array.from(flat, (instantMs) => new Date(instantMs).toISOString().slice(8, 16))
  return shown.flatMap((start, index) => (index % 2 === 0 ? [`${start} to ${shown[index + 1] ?? ''}`] : []))
}

/** The starts of an appointment in one schedule, whatever its hours. */
const startsIn = (
  schedule: Partial<Schedule>,
  lengthMin: number,
  more: Partial<SlotQuery> = {},
  windows: LocalWindow[] = [],
) =>
  timesOf(
    ask({
      ...{ fromMs: at('12:00') - 86_400_000, toMs: at('12:00') + 86_400_000, steps: { everyMin: 60 } },
      segments: [{ lengthMin, requirements: [oneOf([person('ada', { hours: hoursOf(windows, schedule) })])] }],
      ...more,
    }),
  )

const morning = window('09:00', '10:00')
const night = { startMin: 22 * 60, endMin: 26 * 60 }

describe('the hours of a week', () => {
  test('come back on their weekdays, Monday being 1 and Sunday 7', () => {
    const weekly = [
      { weekday: 1, ...morning },
      { weekday: 7, ...window('20:00', '21:00') },
    ]
    const week = openIn({ weekly }, '2026-06-08', '2026-06-15')
    expect(week).toEqual(['08T09:00 to 08T10:00', '14T20:00 to 14T21:00', '15T09:00 to 15T10:00'])
  })

  test('are those of the local clocks', () => {
    const summer = openIn({ timeZone: 'Europe/Berlin', weekly: everyDay(morning) }, DAY, DAY)
    expect(summer).toEqual(['10T07:00 to 10T08:00'])
  })

  test('may come in any order', () => {
    const weekly = [...everyDay(window('14:00', '15:00')), ...everyDay(morning)]
    expect(openIn({ weekly }, DAY, DAY)).toEqual(['10T09:00 to 10T10:00', '10T14:00 to 10T15:00'])
  })

  test('from midnight to midnight leave nothing closed', () => {
    expect(openIn({ weekly: everyDay(window('00:00', '24:00')) })).toEqual(['09T00:00 to 12T00:00'])
  })

  test('are expanded for windows that begin on the dates, of which the last may end later', () => {
    expect(openIn({ weekly: everyDay(night) }, DAY, DAY)).toEqual(['10T22:00 to 11T02:00'])
  })
})

describe('a window over midnight', () => {
  test('belongs to the date on which it begins', () => {
    const weekly = [{ weekday: 3, ...night }]
    expect(openIn({ weekly })).toEqual(['10T22:00 to 11T02:00'])
  })

  test('holds an appointment over midnight', () => {
    expect(startsIn({ weekly: [{ weekday: 3, ...night }] }, 120)).toEqual(['22:00', '23:00', '00:00'])
  })

  test('may last for a whole day', () => {
    const weekly = [{ weekday: 3, startMin: 22 * 60, endMin: 46 * 60 }]
    expect(openIn({ weekly })).toEqual(['10T22:00 to 11T22:00'])
  })

  test('ends at midnight where the next date is closed', () => {
    const closures = [{ fromDate: shift(DAY, 1), toDate: shift(DAY, 1) }]
    expect(openIn({ weekly: everyDay(night), closures }, DAY, DAY)).toEqual(['10T22:00 to 11T00:00'])
  })

  test('goes on where the next date is a holiday, on which only nothing begins', () => {
    const holidays = [{ date: shift(DAY, 1) }]
    expect(openIn({ weekly: everyDay(night), holidays })).toEqual(['09T22:00 to 10T02:00', '10T22:00 to 11T02:00'])
  })

  test('ends when clocks show its end, however long the night is', () => {
    const weekly = everyDay({ startMin: 22 * 60, endMin: 28 * 60 })
    expect(openIn({ timeZone: 'Europe/Berlin', weekly }, '2026-03-28', '2026-03-28')).toEqual(['28T21:00 to 29T02:00'])
    expect(openIn({ timeZone: 'Europe/Berlin', weekly }, '2026-10-24', '2026-10-24')).toEqual(['24T20:00 to 25T03:00'])
  })
})

describe('windows next to each other', () => {
  test('stay two where they touch by day: no appointment reaches from one into the other', () => {
    const weekly = everyDay(window('09:00', '10:00'), window('10:00', '11:00'))
    expect(startsIn({ weekly: weekly.filter(({ weekday }) => weekday === 3) }, 60)).toEqual(['09:00', '10:00'])
    expect(startsIn({ weekly: weekly.filter(({ weekday }) => weekday === 3) }, 61)).toEqual([])
  })

  test('are one opening where they meet at midnight', () => {
    const weekly = [
      { weekday: 3, ...window('23:00', '24:00') },
      { weekday: 4, ...window('00:00', '01:00') },
    ]
    expect(startsIn({ weekly }, 120)).toEqual(['23:00'])
  })

  test('are one opening where they overlap; the later begins when the earlier ends', () => {
    const weekly = [
      { weekday: 3, ...night },
      { weekday: 4, ...window('01:30', '04:30') },
    ]
    // The steps of the later still count from its own beginning.
    expect(startsIn({ weekly }, 60)).toEqual(['22:00', '23:00', '00:00', '01:00', '02:30', '03:30'])
    expect(startsIn({ weekly }, 180)).toEqual(['22:00', '23:00', '00:00', '01:00'])
  })

  test('count once where one lies within the other', () => {
    const weekly = [
      { weekday: 3, startMin: 22 * 60, endMin: 30 * 60 },
      { weekday: 4, ...window('01:30', '02:30') },
    ]
    expect(startsIn({ weekly }, 240)).toEqual(['22:00', '23:00', '00:00', '01:00', '02:00'])
  })
})

describe('special dates', () => {
  const weekly = everyDay(morning)

  test('an override replaces the windows of its date, and without windows leaves none', () => {
    const overrides = [
      { date: DAY, windows: [window('15:00', '16:00')] },
      { date: shift(DAY, 1), windows: [] },
    ]
    expect(openIn({ weekly, overrides })).toEqual(['09T09:00 to 09T10:00', '10T15:00 to 10T16:00'])
  })

  test('no window begins on a holiday', () => {
    expect(openIn({ weekly, holidays: [{ date: DAY, name: 'Founders’ day' }] })).toEqual([
      '09T09:00 to 09T10:00',
      '11T09:00 to 11T10:00',
    ])
  })

  test('an override on a holiday wins', () => {
    const overrides = [{ date: DAY, windows: [window('15:00', '16:00')] }]
    expect(openIn({ weekly, holidays: [{ date: DAY }], overrides })).toContain('10T15:00 to 10T16:00')
  })

  test('a closure wins over everything, on all of its dates', () => {
    const overrides = [{ date: DAY, windows: [window('15:00', '16:00')] }]
    const closures = [{ fromDate: shift(DAY, -1), toDate: DAY }]
    expect(openIn({ weekly, overrides, closures })).toEqual(['11T09:00 to 11T10:00'])
  })

  test.each([
    ['the week', {}, { kind: 'weekly_hours' }],
    ['a holiday', { holidays: [{ date: DAY, name: 'Works' }] }, { kind: 'holiday', date: DAY, name: 'Works' }],
    [
      'an override, even on a holiday',
      { holidays: [{ date: DAY }], overrides: [{ date: DAY, windows: [] }] },
      { kind: 'override', date: DAY },
    ],
    [
      'a closure, even with an override',
      { overrides: [{ date: DAY, windows: [] }], closures: [{ fromDate: '2026-06-01', toDate: DAY, name: 'Away' }] },
      { kind: 'closure', fromDate: '2026-06-01', toDate: DAY, name: 'Away' },
    ],
  ])('a date may be decided by %s', (_what, special, because) => {
    expect(decidedBy({ timeZone: 'UTC', weekly: [], ...special }, DAY)).toEqual(because)
  })

  test('dates beside those are decided by the week', () => {
    const closures = [{ fromDate: DAY, toDate: DAY }]
    const schedule = { timeZone: 'UTC', weekly: [], closures, holidays: [{ date: DAY }] }
    expect(decidedBy(schedule, shift(DAY, -1))).toEqual({ kind: 'weekly_hours' })
    expect(decidedBy(schedule, shift(DAY, 1))).toEqual({ kind: 'weekly_hours' })
  })
})

describe('a stay elsewhere', () => {
  const stays = [
    { fromDate: DAY, toDate: DAY, timeZone: 'Asia/Tokyo' },
    { fromDate: DAY, toDate: shift(DAY, 1), timeZone: 'America/New_York' },
  ]
  const travelling = { timeZone: 'UTC', weekly: everyDay(morning), stays }

  test('makes the clocks there count on its dates, and the first stay on a date holds', () => {
    expect(openIn(travelling)).toEqual(['09T09:00 to 09T10:00', '10T00:00 to 10T01:00', '11T13:00 to 11T14:00'])
  })

  test('keeps hours in order where a flight turns them round', () => {
    // 23:00 in New York is noon of the next day in Tokyo, where 09:00 has passed.
    const weekly = everyDay(window('09:00', '23:00'))
    const tokyo = { fromDate: shift(DAY, 1), toDate: shift(DAY, 1), timeZone: 'Asia/Tokyo' }
    const home = { timeZone: 'America/New_York', weekly, stays: [tokyo] }
    expect(openIn(home, DAY, shift(DAY, 1))).toEqual(['10T13:00 to 11T14:00'])
  })

  test('tells the zone whose clocks count at an instant', () => {
    expect(zoneAt(travelling, ms('2026-06-09T12:00Z'))).toBe('UTC')
    expect(zoneAt(travelling, ms('2026-06-09T15:00Z'))).toBe('Asia/Tokyo')
    expect(zoneAt(travelling, ms('2026-06-11T12:00Z'))).toBe('America/New_York')
    expect(zoneAt(travelling, ms('2026-06-12T04:00Z'))).toBe('UTC')
  })
})

describe('where a boundary does not exist or comes twice', () => {
  test('a beginning that is skipped is the moment of the change; starts count from the time that is skipped', () => {
    const hours = expandSchedule(
      { timeZone: 'Europe/Berlin', weekly: everyDay(window('02:20', '04:00')) },
      '2026-03-29',
      '2026-03-29',
    )
    const query = ask({ fromMs: ms('2026-03-28T00:00Z'), toMs: ms('2026-03-30T00:00Z') }, [
      oneOf([person('ada', { hours })]),
    ])
    expect([...hours.windows]).toEqual([ms('2026-03-29T01:00Z'), ms('2026-03-29T02:00Z')])
    expect(wallTimes(query, 'Europe/Berlin')).toEqual(['03:20 +02:00'])
  })

  test('an end that is skipped is the moment of the change', () => {
    const open = openIn(
      { timeZone: 'Europe/Berlin', weekly: everyDay(window('01:00', '02:30')) },
      '2026-03-29',
      '2026-03-29',
    )
    expect(open).toEqual(['29T00:00 to 29T01:00'])
  })

  test('a window that is skipped altogether is none', () => {
    expect(
      openIn({ timeZone: 'Europe/Berlin', weekly: everyDay(window('02:00', '03:00')) }, '2026-03-29', '2026-03-29'),
    ).toEqual([])
  })

  test('a boundary that comes twice is its first occurrence', () => {
    const berlin = { timeZone: 'Europe/Berlin', weekly: everyDay(window('02:30', '04:00')) }
    expect(openIn(berlin, '2026-10-25', '2026-10-25')).toEqual(['25T00:30 to 25T03:00'])
    const ending = { timeZone: 'Europe/Berlin', weekly: everyDay(window('01:00', '02:30')) }
    expect(openIn(ending, '2026-10-25', '2026-10-25')).toEqual(['24T23:00 to 25T00:30'])
  })
})

describe('bad input', () => {
  const weekly = everyDay(window('09:00', '11:00'))

  test.each<[string, Partial<Schedule>]>([
    ['an unknown zone', { timeZone: 'Europe/Atlantis' }],
    ['a weekday that is none', { weekly: [{ weekday: 8, startMin: 0, endMin: 60 }] }],
    ['another', { weekly: [{ weekday: 0, startMin: 0, endMin: 60 }] }],
    ['a window that ends before it begins', { weekly: [{ weekday: 1, startMin: 60, endMin: 30 }] }],
    ['a window of no time', { weekly: [{ weekday: 1, startMin: 60, endMin: 60 }] }],
    ['a window of more than a day', { weekly: [{ weekday: 1, startMin: 60, endMin: 1501 }] }],
    ['a window that begins on the next day', { weekly: [{ weekday: 1, startMin: 1440, endMin: 1500 }] }],
    ['a window that begins on the day before', { weekly: [{ weekday: 1, startMin: -1, endMin: 60 }] }],
    ['a window of seconds', { weekly: [{ weekday: 1, startMin: 0.5, endMin: 60 }] }],
    ['windows that overlap', { weekly: everyDay(window('09:00', '11:00'), window('10:00', '12:00')) }],
    ['an override whose windows overlap', { overrides: [{ date: DAY, windows: [morning, morning] }] }],
    ['an override on a date that is none', { overrides: [{ date: '2026-02-30', windows: [] }] }],
    ['a holiday on a date that is none', { holidays: [{ date: 'Christmas' }] }],
    ['a closure that ends before it begins', { closures: [{ fromDate: DAY, toDate: shift(DAY, -1) }] }],
    ['a stay that ends before it begins', { stays: [{ fromDate: DAY, toDate: shift(DAY, -1), timeZone: 'UTC' }] }],
    ['a stay nowhere', { stays: [{ fromDate: DAY, toDate: DAY, timeZone: 'Europe/Atlantis' }] }],
  ])('%s is refused', (_what, wrong) => {
    const schedule = { timeZone: 'UTC', weekly, ...wrong }
    expect(() => expandSchedule(schedule, '2026-06-08', '2026-06-14')).toThrow(SAID)
  })

  test('dates that are none are refused', () => {
    expect(() => expandSchedule({ timeZone: 'UTC', weekly }, '2026-6-8', DAY)).toThrow(SAID)
    expect(() => expandSchedule({ timeZone: 'UTC', weekly }, DAY, '2026-06-31')).toThrow(SAID)
  })

  test('dates in disorder have no hours', () => {
    expect(openIn({ weekly }, DAY, shift(DAY, -1))).toEqual([])
  })
})
