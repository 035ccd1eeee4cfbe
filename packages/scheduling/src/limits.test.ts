import { describe, expect, test } from 'vitest'
import { SAID } from '../test/said.ts'
import { ask, at, hoursOf, ms, oneOf, person, refusalsAt, timesOf, window } from '../test/ask.ts'
import { findSlots, limit, type Counted, type LimitClock, type LimitRule } from './index.ts'
import { countedToo, isLimited, usedAt } from './limits.ts'

const UTC = { timeZone: 'UTC' }
const appointments = (...starts: string[]): Counted[] => starts.map((start) => ({ startMs: ms(start), minutes: 30 }))

/** Whether one more half hour may start. */
const mayStart = (rule: LimitRule, counted: Counted[], start: string, clock: LimitClock = UTC) =>
  !isLimited(limit(rule, clock, counted), ms(start), 30)

describe('a limit per day', () => {
  const two = appointments('2026-06-10T09:00Z', '2026-06-10T15:00Z')

  test('by count allows as many as it says', () => {
    expect(mayStart({ per: 'day', maxCount: 3 }, two, '2026-06-10T11:00Z')).toBe(true)
    expect(mayStart({ per: 'day', maxCount: 2 }, two, '2026-06-10T11:00Z')).toBe(false)
  })

  test('by minutes allows an appointment that just fits', () => {
    expect(mayStart({ per: 'day', maxMinutes: 90 }, two, '2026-06-10T11:00Z')).toBe(true)
    expect(mayStart({ per: 'day', maxMinutes: 89 }, two, '2026-06-10T11:00Z')).toBe(false)
  })

  test('by both holds as soon as one is reached', () => {
    expect(mayStart({ per: 'day', maxCount: 3, maxMinutes: 60 }, two, '2026-06-10T11:00Z')).toBe(false)
    expect(mayStart({ per: 'day', maxCount: 2, maxMinutes: 600 }, two, '2026-06-10T11:00Z')).toBe(false)
    expect(mayStart({ per: 'day', maxCount: 3, maxMinutes: 600 }, two, '2026-06-10T11:00Z')).toBe(true)
  })

  test('leaves other days alone', () => {
    const rule = { per: 'day', maxCount: 2 } as const
    expect(mayStart(rule, two, '2026-06-09T23:59Z')).toBe(true)
    expect(mayStart(rule, two, '2026-06-10T00:00Z')).toBe(false)
    expect(mayStart(rule, two, '2026-06-10T23:59Z')).toBe(false)
    expect(mayStart(rule, two, '2026-06-11T00:00Z')).toBe(true)
  })

  test('leaves a day between full ones alone, and knows every one of them', () => {
    const counted = appointments('2026-06-10T09:00Z', '2026-06-12T09:00Z')
    const days = [10, 11, 12, 13].map((day) => mayStart({ per: 'day', maxCount: 1 }, counted, `2026-06-${day}T11:00Z`))
    expect(days).toEqual([false, true, false, true])
  })

  test('of none, or of less than one appointment, forbids every day', () => {
    expect(mayStart({ per: 'day', maxCount: 0 }, [], '2026-06-10T11:00Z')).toBe(false)
    expect(mayStart({ per: 'day', maxMinutes: 29 }, [], '2026-06-10T11:00Z')).toBe(false)
    expect(mayStart({ per: 'day', maxMinutes: 30 }, [], '2026-06-10T11:00Z')).toBe(true)
  })

  test('means local days: an appointment late in the evening counts for the date there', () => {
    // In New York it is still the evening of the ninth.
    const night = appointments('2026-06-10T02:00Z')
    const clock = { timeZone: 'America/New_York' }
    expect(mayStart({ per: 'day', maxCount: 1 }, night, '2026-06-09T14:00Z', clock)).toBe(false)
    expect(mayStart({ per: 'day', maxCount: 1 }, night, '2026-06-10T14:00Z', clock)).toBe(true)
  })

  test('knows that a day may have 23 or 25 hours', () => {
    const clock = { timeZone: 'Europe/Berlin' }
    const rule = { per: 'day', maxCount: 1 } as const
    const spring = appointments('2026-03-29T10:00Z')
    expect(mayStart(rule, spring, '2026-03-28T22:59Z', clock)).toBe(true)
    expect(mayStart(rule, spring, '2026-03-29T21:59Z', clock)).toBe(false)
    expect(mayStart(rule, spring, '2026-03-29T22:00Z', clock)).toBe(true)
    const autumn = appointments('2026-10-25T10:00Z')
    expect(mayStart(rule, autumn, '2026-10-25T22:59Z', clock)).toBe(false)
    expect(mayStart(rule, autumn, '2026-10-25T23:00Z', clock)).toBe(true)
  })

  test('counts what starts in hours of a date that come after the next has begun for that next date', () => {
    // Casey went from 02:00 on the fifth back to 23:00 on the fourth, at 15:00 UTC.
    const clock = { timeZone: 'Antarctica/Casey' }
    const rule = { per: 'day', maxCount: 2 } as const
    const [early, again, late] = ['2010-03-04T14:00Z', '2010-03-04T15:30Z', '2010-03-05T12:00Z']
    for (const counted of [appointments(early, again), appointments(again, early)]) {
      expect(mayStart(rule, counted, late, clock)).toBe(false)
      expect(mayStart(rule, counted, '2010-03-04T12:00Z', clock)).toBe(true)
    }
    expect(usedAt(limit(rule, clock, appointments(late)), ms(again)).count).toBe(1)
  })
})

describe('a limit per week', () => {
  const rule = { per: 'week', maxCount: 1 } as const
  const wednesday = appointments('2026-06-10T09:00Z')

  test('begins on Monday', () => {
    expect(mayStart(rule, wednesday, '2026-06-07T23:59Z')).toBe(true)
    expect(mayStart(rule, wednesday, '2026-06-08T00:00Z')).toBe(false)
    expect(mayStart(rule, wednesday, '2026-06-14T23:59Z')).toBe(false)
    expect(mayStart(rule, wednesday, '2026-06-15T00:00Z')).toBe(true)
  })

  test('begins on another weekday where it says so', () => {
    const clock = { timeZone: 'UTC', weekStartsOn: 7 }
    expect(mayStart(rule, wednesday, '2026-06-07T00:00Z', clock)).toBe(false)
    expect(mayStart(rule, wednesday, '2026-06-14T00:00Z', clock)).toBe(true)
    const fromWednesday = { timeZone: 'UTC', weekStartsOn: 3 }
    expect(mayStart(rule, wednesday, '2026-06-09T12:00Z', fromWednesday)).toBe(true)
    expect(mayStart(rule, wednesday, '2026-06-16T12:00Z', fromWednesday)).toBe(false)
  })

  test('works before 1970 as after', () => {
    const long = appointments('1969-12-31T09:00Z')
    expect(mayStart(rule, long, '1969-12-29T00:00Z')).toBe(false)
    expect(mayStart(rule, long, '1969-12-28T23:59Z')).toBe(true)
    expect(mayStart(rule, long, '1970-01-04T23:59Z')).toBe(false)
  })
})

describe('a limit per month', () => {
  test('ends with the month, whatever its length', () => {
    const rule = { per: 'month', maxCount: 1 } as const
    const february = appointments('2028-02-29T09:00Z')
    expect(mayStart(rule, february, '2028-01-31T23:59Z')).toBe(true)
    expect(mayStart(rule, february, '2028-02-01T00:00Z')).toBe(false)
    expect(mayStart(rule, february, '2028-03-01T00:00Z')).toBe(true)
  })

  test('of December ends with the year', () => {
    const december = appointments('2026-12-31T09:00Z')
    expect(mayStart({ per: 'month', maxCount: 1 }, december, '2026-12-01T00:00Z')).toBe(false)
    expect(mayStart({ per: 'month', maxCount: 1 }, december, '2027-01-01T00:00Z')).toBe(true)
  })
})

describe('what counts', () => {
  test('can be added to without changing the limit that was', () => {
    const before = limit({ per: 'day', maxCount: 2 }, UTC, appointments('2026-06-10T09:00Z'))
    const after = countedToo(before, { startMs: ms('2026-06-10T12:00Z'), minutes: 45 })
    expect(usedAt(after, ms('2026-06-10T00:00Z'))).toMatchObject({ count: 2, minutes: 75 })
    expect(usedAt(before, ms('2026-06-10T00:00Z'))).toMatchObject({ count: 1, minutes: 30 })
  })

  test('is nothing in a period of which nothing is known', () => {
    const known = limit({ per: 'day', maxCount: 2 }, UTC, appointments('2026-06-10T09:00Z'))
    expect(usedAt(known, ms('2026-06-11T12:00Z'))).toEqual({
      ...{ startMs: ms('2026-06-11T00:00Z'), endMs: ms('2026-06-12T00:00Z') },
      ...{ count: 0, minutes: 0 },
    })
  })

  test('may come in any order', () => {
    const starts = ['2026-06-10T09:00Z', '2026-06-12T09:00Z', '2026-06-10T15:00Z']
    const one = limit({ per: 'day', maxCount: 2 }, UTC, appointments(...starts))
    const other = limit({ per: 'day', maxCount: 2 }, UTC, appointments(...starts.reverse()))
    expect(new Map([...one.periods].sort())).toEqual(new Map([...other.periods].sort()))
  })
})

describe('whom a limit concerns', () => {
  const full = limit({ per: 'day', maxCount: 1 }, UTC, appointments('2026-06-10T16:00Z'))
  const minutes = (maxMinutes: number) => limit({ per: 'day', maxMinutes }, UTC, [])

  test('a candidate’s keeps only that candidate from serving', () => {
    const slots = findSlots(ask({}, [oneOf([person('ada', { limits: [full] }), person('bob')])]))
    expect(slots.candidatesAt(0)).toEqual([1])
    expect(slots.startsMs).toHaveLength(6)
  })

  test('the service’s and the customer’s keep anybody from starting', () => {
    expect(timesOf(ask({ limits: [{ of: 'service', limit: full }] }))).toEqual([])
    expect(timesOf(ask({ limits: [{ of: 'customer', limit: full }] }))).toEqual([])
  })

  test('a candidate’s counts the candidate’s part, the others’ the whole appointment', () => {
    const twoSteps = (of: object, ada: object) =>
      ask({
        ...of,
        segments: [
          { lengthMin: 30, requirements: [oneOf([person('ada', ada)])] },
          { lengthMin: 30, requirements: [] },
        ],
      })
    expect(timesOf(twoSteps({}, { limits: [minutes(30)] }))).toHaveLength(6)
    expect(timesOf(twoSteps({}, { limits: [minutes(29)] }))).toEqual([])
    expect(timesOf(twoSteps({ limits: [{ of: 'service', limit: minutes(60) }] }, {}))).toHaveLength(6)
    expect(timesOf(twoSteps({ limits: [{ of: 'customer', limit: minutes(59) }] }, {}))).toEqual([])
  })

  test('a candidate’s counts for the period in which their part starts, not the appointment', () => {
    const late = { hours: hoursOf([window('23:30', '24:00'), window('00:00', '01:00')]) }
    const tomorrow = limit({ per: 'day', maxCount: 1 }, UTC, appointments('2026-06-11T08:00Z'))
    const query = ask({
      toMs: at('23:59'),
      segments: [
        { lengthMin: 30, requirements: [oneOf([person('ada', late)])] },
        { lengthMin: 30, requirements: [oneOf([person('bob', { ...late, limits: [tomorrow] })])] },
      ],
    })
    expect(refusalsAt(query, at('23:30'))).toMatchObject([
      {
        reason: 'not_enough',
        requirement: 1,
        absent: [{ id: 'bob', causes: [{ cause: 'limit', limit: { count: 1 } }] }],
      },
    ])
    expect(timesOf(query)).toContain('00:00')
  })
})

describe('bad input', () => {
  test.each([
    ['maxCount', { per: 'day', maxCount: -1 }, UTC],
    ['maxCount', { per: 'day', maxCount: 1.5 }, UTC],
    ['maxMinutes', { per: 'week', maxMinutes: Number.NaN }, UTC],
    ['weekStartsOn', { per: 'week', maxCount: 1 }, { timeZone: 'UTC', weekStartsOn: 0 }],
    ['weekStartsOn', { per: 'week', maxCount: 1 }, { timeZone: 'UTC', weekStartsOn: 8 }],
  ] as const)('%s out of its range is refused by name', (name, rule, clock) => {
    const refused = expect(() => limit(rule, clock, []))
    refused.toThrow(SAID)
    refused.toThrow(new RegExp(`^${name} must be`))
  })

  test('an unknown zone is refused', () => {
    const counted = appointments('2026-06-10T09:00Z')
    expect(() => limit({ per: 'day', maxCount: 1 }, { timeZone: 'Europe/Atlantis' }, counted)).toThrow(SAID)
  })
})
