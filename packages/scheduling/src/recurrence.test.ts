import { describe, expect, test } from 'vitest'
import { SAID } from '../test/said.ts'
import { formatRecurrence, occurrences, occurrenceSpans, parseRecurrence, type Recurrence } from './index.ts'

const ms = (instant: string) => Date.parse(instant)
const YEAR_2026 = [ms('2026-01-01T00:00Z'), ms('2027-01-01T00:00Z')] as const

function recurrence(startsAt: string, rule: string, more: Partial<Recurrence> = {}): Recurrence {
  return { startsAt, timeZone: 'Europe/Berlin', rule: parseRecurrence(rule), ...more }
}
const localsOf = (one: Recurrence) => occurrences(one, ...YEAR_2026).map(({ local }) => local)

describe('when the clocks change', () => {
  test('a local time stays what it is', () => {
    const weekly = recurrence('2026-03-22T10:00', 'FREQ=WEEKLY;COUNT=2')
    expect(occurrences(weekly, ...YEAR_2026).map(({ startMs }) => new Date(startMs).toISOString())).toEqual([
      '2026-03-22T09:00:00.000Z',
      '2026-03-29T08:00:00.000Z',
    ])
  })

  test('a local time that is skipped is read with the offset before, and says that it does not exist', () => {
    const daily = recurrence('2026-03-28T02:30', 'FREQ=DAILY;COUNT=3')
    expect(occurrences(daily, ...YEAR_2026)).toEqual([
      { local: '2026-03-28T02:30:00', startMs: ms('2026-03-28T01:30Z'), exists: true },
      { local: '2026-03-29T02:30:00', startMs: ms('2026-03-29T01:30Z'), exists: false },
      { local: '2026-03-30T02:30:00', startMs: ms('2026-03-30T00:30Z'), exists: true },
    ])
  })

  test('a local time that comes twice is its first', () => {
    const daily = recurrence('2026-10-25T02:30', 'FREQ=DAILY;COUNT=1')
    expect(occurrences(daily, ...YEAR_2026)).toMatchObject([{ startMs: ms('2026-10-25T00:30Z'), exists: true }])
  })

  test.each([
    ['by half an hour', 'Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:45Z'],
    ['at midnight', 'America/Santiago', '2026-09-06T00:10', '2026-09-06T04:10Z'],
  ])('%s', (_how, timeZone, startsAt, instant) => {
    const [only] = occurrences(recurrence(startsAt, 'FREQ=DAILY;COUNT=1', { timeZone }), ...YEAR_2026)
    expect(only).toMatchObject({ startMs: ms(instant), exists: false })
  })
})

describe('exceptions and additions', () => {
  test('a date takes out all of its times, a time only itself', () => {
    const twice = recurrence('2026-06-01T09:00', 'FREQ=DAILY;BYHOUR=9,15;COUNT=6', {
      except: ['2026-06-01', '2026-06-02T15:00'],
    })
    expect(localsOf(twice)).toEqual(['2026-06-02T09:00:00', '2026-06-03T09:00:00', '2026-06-03T15:00:00'])
  })

  test('what is left out counts all the same', () => {
    const daily = recurrence('2026-06-01T09:00', 'FREQ=DAILY;COUNT=2', { except: ['2026-06-01'] })
    expect(localsOf(daily)).toEqual(['2026-06-02T09:00:00'])
  })

  test('more times come in their order, each once', () => {
    const daily = recurrence('2026-06-01T09:00', 'FREQ=DAILY;COUNT=2', {
      extra: ['2026-06-02T09:00', '2026-06-01T12:00', '2026-06-01T12:00:00'],
    })
    expect(localsOf(daily)).toEqual(['2026-06-01T09:00:00', '2026-06-01T12:00:00', '2026-06-02T09:00:00'])
  })
})

describe('the end', () => {
  test.each([
    ['a date holds to the end of the day', 'UNTIL=20260602', 2],
    ['a local time is part of it', 'UNTIL=20260602T090000', 2],
    ['a local time before is not', 'UNTIL=20260602T085959', 1],
    ['an instant is read as one: 9 in Berlin is 7 in UTC', 'UNTIL=20260602T070000Z', 2],
    ['an instant before is not', 'UNTIL=20260602T065959Z', 1],
  ])('%s', (_what, until, count) => {
    expect(localsOf(recurrence('2026-06-01T09:00', `FREQ=DAILY;${until}`))).toHaveLength(count)
  })

  test('a rule that never comes ends all the same', () => {
    expect(localsOf(recurrence('2020-01-01T09:00', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3'))).toEqual([])
    expect(localsOf(recurrence('2020-01-01T09:00', 'FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30'))).toEqual([])
  })

  test('more times than are asked for are refused, not cut off', () => {
    const minutely = recurrence('2026-01-01T00:00', 'FREQ=MINUTELY')
    expect(() => occurrences(minutely, ...YEAR_2026)).toThrow('there are more than 10000 times')
    expect(() => occurrences(minutely, ms('2026-01-01T00:00Z'), ms('2026-01-01T00:10Z'), 9)).toThrow(SAID)
  })
})

test('a first time that the rule does not give is none of its times', () => {
  // The first of June 2026 is a Monday.
  expect(localsOf(recurrence('2026-06-01T09:00', 'FREQ=WEEKLY;BYDAY=TU;COUNT=1'))).toEqual(['2026-06-02T09:00:00'])
})

test('only what lies in the asked time comes, the end of which is no part of it', () => {
  const daily = recurrence('2026-06-01T09:00', 'FREQ=DAILY')
  const found = occurrences(daily, ms('2026-06-05T07:00Z'), ms('2026-06-07T07:00Z'))
  expect(found.map(({ local }) => local)).toEqual(['2026-06-05T09:00:00', '2026-06-06T09:00:00'])
})

test('spans last as long as is said, and reach into the asked time', () => {
  const nights = recurrence('2026-06-01T22:00', 'FREQ=DAILY')
  expect(occurrenceSpans(nights, 600, ms('2026-06-10T00:00Z'), ms('2026-06-10T21:00Z'))).toEqual([
    { startMs: ms('2026-06-09T20:00Z'), endMs: ms('2026-06-10T06:00Z') },
    { startMs: ms('2026-06-10T20:00Z'), endMs: ms('2026-06-11T06:00Z') },
  ])
  // What ends when the asked time begins is not part of it.
  expect(occurrenceSpans(nights, 600, ms('2026-06-10T06:00Z'), ms('2026-06-10T07:00Z'))).toEqual([])
  expect(() => occurrenceSpans(nights, 0, 0, 1)).toThrow(SAID)
})

describe('a rule is written', () => {
  test.each([
    ['freq=weekly;byday=tu,mo', 'FREQ=WEEKLY;BYDAY=TU,MO'],
    ['FREQ=DAILY;INTERVAL=1;WKST=MO', 'FREQ=DAILY'],
    ['BYMONTH=3,1,3;FREQ=YEARLY;BYDAY=+1SU,-1SU', 'FREQ=YEARLY;BYDAY=1SU,-1SU;BYMONTH=1,3'],
    ['FREQ=DAILY;BYSECOND=60', 'FREQ=DAILY;BYSECOND=59'],
    ['FREQ=DAILY;UNTIL=20260102T030405Z', 'FREQ=DAILY;UNTIL=20260102T030405Z'],
    ['FREQ=WEEKLY;INTERVAL=2;COUNT=3;WKST=SU', 'FREQ=WEEKLY;COUNT=3;INTERVAL=2;WKST=SU'],
  ])('%s as %s', (given, written) => {
    expect(formatRecurrence(parseRecurrence(given))).toBe(written)
  })
})

describe('what is no rule is refused, with what was expected', () => {
  test.each([
    ['', 'a rule has no part without a name'],
    ['COUNT=3', 'FREQ must be one of'],
    ['FREQ=FORTNIGHTLY', 'FREQ must be one of'],
    ['FREQ=DAILY;FREQ=DAILY', 'FREQ must be there once'],
    ['FREQ=DAILY;BYEASTER=1', 'a rule has no part BYEASTER'],
    ['FREQ=DAILY;COUNT', 'COUNT must be followed by = and a value'],
    ['FREQ=DAILY;COUNT=1=2', 'COUNT must be followed by = and a value'],
    ['FREQ=DAILY;COUNT=0', 'COUNT must be a whole number from 1'],
    ['FREQ=DAILY;INTERVAL=-1', 'INTERVAL must be a whole number from 1'],
    ['FREQ=DAILY;INTERVAL=1.5', 'INTERVAL must be a whole number from 1'],
    ['FREQ=DAILY;COUNT=2;UNTIL=20260101', 'COUNT and UNTIL do not go together'],
    ['FREQ=DAILY;UNTIL=20260230', 'not a date'],
    ['FREQ=DAILY;UNTIL=20260101T250000', 'UNTIL must be a date or a date and time'],
    ['FREQ=DAILY;UNTIL=tomorrow', 'UNTIL must be a date or a date and time'],
    ['FREQ=DAILY;BYHOUR=24', 'BYHOUR must be numbers from 0 to 23, not 24'],
    ['FREQ=DAILY;BYMINUTE=-1', 'BYMINUTE must be numbers from 0 to 59'],
    ['FREQ=DAILY;BYSECOND=61', 'BYSECOND must be numbers from 0 to 60'],
    ['FREQ=MONTHLY;BYMONTHDAY=0', 'BYMONTHDAY must be numbers from 1 to 31, or the same below 0'],
    ['FREQ=MONTHLY;BYMONTHDAY=-32', 'BYMONTHDAY must be numbers'],
    ['FREQ=YEARLY;BYYEARDAY=367', 'BYYEARDAY must be numbers'],
    ['FREQ=YEARLY;BYWEEKNO=54', 'BYWEEKNO must be numbers'],
    ['FREQ=YEARLY;BYMONTH=13', 'BYMONTH must be numbers'],
    ['FREQ=YEARLY;BYMONTH=x', 'BYMONTH must be numbers'],
    ['FREQ=WEEKLY;BYDAY=XX', 'BYDAY must be MO, TU'],
    ['FREQ=MONTHLY;BYDAY=0MO', 'BYDAY counts weekdays from 1 to 53'],
    ['FREQ=MONTHLY;BYDAY=54MO', 'BYDAY counts weekdays from 1 to 53'],
    ['FREQ=WEEKLY;BYDAY=1MO', 'BYDAY counts weekdays only when FREQ is MONTHLY or YEARLY'],
    ['FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO', 'BYDAY does not count weekdays together with BYWEEKNO'],
    ['FREQ=MONTHLY;BYWEEKNO=1', 'BYWEEKNO goes with FREQ=YEARLY only'],
    ['FREQ=WEEKLY;BYMONTHDAY=1', 'BYMONTHDAY does not go with FREQ=WEEKLY'],
    ['FREQ=DAILY;BYYEARDAY=1', 'BYYEARDAY does not go with FREQ=DAILY'],
    ['FREQ=DAILY;BYSETPOS=1', 'BYSETPOS needs another part'],
    ['FREQ=WEEKLY;WKST=1', 'WKST must be MO, TU'],
  ])('%s', (text, message) => {
    expect(() => parseRecurrence(text)).toThrow(SAID)
    expect(() => parseRecurrence(text)).toThrow(message)
  })

  test.each(['2026-06-01', '2026-06-01T25:00', '2026-06-01 09:00', 'x2026-06-01T09:00', '2026-06-01T09:00Z', ''])(
    'a start of %s',
    (startsAt) => {
      expect(() => localsOf(recurrence(startsAt, 'FREQ=DAILY;COUNT=1'))).toThrow(
        'not a local date and time of the form',
      )
    },
  )

  test('a start on a day that is none', () => {
    expect(() => localsOf(recurrence('2026-02-30T09:00', 'FREQ=DAILY;COUNT=1'))).toThrow(SAID)
  })
})
