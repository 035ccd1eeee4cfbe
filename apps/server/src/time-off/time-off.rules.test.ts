import { expect, test } from 'vitest'
import type { MemberActor } from '../shared/actor.ts'
import { AppError } from '../shared/app-error.ts'
import { busyOf, checkTimes, mayChange } from './time-off.rules.ts'

const LUNCH = {
  startsAt: '2026-03-02T12:00',
  timeZone: 'Europe/Berlin',
  durationMin: 60,
  rule: 'FREQ=WEEKLY;BYDAY=MO,WE' as string | null,
  except: [] as string[],
}

type Times = typeof LUNCH

/** The local times in Berlin, UTC elsewhere, at which it begins and ends. */
function spansOf(changes: Partial<Times>, from: string, to: string): string[] {
  const times = { id: 'x', ...LUNCH, ...changes }
  const text = (ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(ms)
      .toZonedDateTimeISO(times.timeZone)
      .toString({ timeZoneName: 'never', smallestUnit: 'minute' })
  const busy = busyOf(times, Date.parse(`${from}T00:00Z`), Date.parse(`${to}T00:00Z`))
  expect(busy.every(({ kind, id }) => kind === 'time_off' && id === 'x')).toBe(true)
  return busy.map(({ startMs, endMs }) => `${text(startMs)} ${text(endMs)}`)
}

function refusedFields(changes: Partial<Times>): string[] {
  try {
    checkTimes({ ...LUNCH, ...changes })
  } catch (error) {
    if (error instanceof AppError) return (error.fields ?? []).map(({ field, message }) => `${field}: ${message}`)
    throw error
  }
  return []
}

test('a weekly break comes back at its local time, over a clock change too, but not on a date left out', () => {
  expect(spansOf({ except: ['2026-04-01'] }, '2026-03-23', '2026-04-07')).toEqual([
    '2026-03-23T12:00+01:00 2026-03-23T13:00+01:00',
    '2026-03-25T12:00+01:00 2026-03-25T13:00+01:00',
    '2026-03-30T12:00+02:00 2026-03-30T13:00+02:00',
    '2026-04-06T12:00+02:00 2026-04-06T13:00+02:00',
  ])
})

test('whole days end at midnight, whether clocks change in them or not', () => {
  const days = { startsAt: '2026-03-28T00:00', durationMin: 2880, rule: null }
  expect(spansOf(days, '2026-03-01', '2026-05-01')).toEqual(['2026-03-28T00:00+01:00 2026-03-30T00:00+02:00'])
  const autumn = { startsAt: '2026-10-25T00:00', durationMin: 1440, rule: null }
  expect(spansOf(autumn, '2026-10-01', '2026-11-01')).toEqual(['2026-10-25T00:00+02:00 2026-10-26T00:00+01:00'])
})

test('a night ends when the clock says so', () => {
  const nights = { startsAt: '2026-03-28T22:00', durationMin: 480, rule: 'FREQ=DAILY;COUNT=2' }
  expect(spansOf(nights, '2026-03-01', '2026-05-01')).toEqual([
    '2026-03-28T22:00+01:00 2026-03-29T06:00+02:00',
    '2026-03-29T22:00+02:00 2026-03-30T06:00+02:00',
  ])
})

test('what begins at a time that the clocks skip takes its minutes after it', () => {
  const skipped = { startsAt: '2026-03-29T02:30', durationMin: 60, rule: null }
  expect(spansOf(skipped, '2026-03-01', '2026-05-01')).toEqual(['2026-03-29T03:30+02:00 2026-03-29T04:30+02:00'])
})

test('what began before and reaches into the time is there, what is over is not', () => {
  const vacation = { startsAt: '2026-03-02T00:00', durationMin: 14 * 1440, rule: null }
  expect(spansOf(vacation, '2026-03-15', '2026-03-16')).toHaveLength(1)
  expect(spansOf(vacation, '2026-03-16', '2026-03-17')).toEqual([])
  expect(spansOf(vacation, '2026-02-01', '2026-03-01')).toEqual([])
})

test('zone and rule are kept in their usual spelling, dates in order and once', () => {
  const checked = checkTimes({
    ...{ ...LUNCH, timeZone: 'europe/berlin', rule: 'byday=we;freq=weekly;interval=2' },
    except: ['2026-03-18', '2026-03-04', '2026-03-18'],
  })
  expect(checked).toMatchObject({
    ...{ timeZone: 'Europe/Berlin', rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=WE', except: ['2026-03-04', '2026-03-18'] },
  })
})

test.each([
  ['FREQ=NEVER', 'rule: FREQ must be one of SECONDLY, MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY, YEARLY.'],
  ['lunch', 'rule: A rule has no part LUNCH.'],
  ['FREQ=WEEKLY;COUNT=2;UNTIL=20260401', 'rule: COUNT and UNTIL do not go together.'],
  ['FREQ=HOURLY', 'rule: Time off comes back once a day at most: leave out hours, minutes and seconds.'],
  ['FREQ=DAILY;BYHOUR=1,2', 'rule: Time off comes back once a day at most: leave out hours, minutes and seconds.'],
  ['FREQ=YEARLY;INTERVAL=1000000', 'rule: INTERVAL must be 1000 at most.'],
  ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'rule: With this there is no time off at all.'],
  ['FREQ=WEEKLY;UNTIL=20260301', 'rule: With this there is no time off at all.'],
])('the rule %s is refused with a sentence', (rule, message) => {
  expect(refusedFields({ rule })).toEqual([message])
})

test('a rule that gives the leap day only is one', () => {
  expect(refusedFields({ rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29' })).toEqual([])
})

test.each([
  [{ startsAt: '2026-02-29T12:00' }, 'startsAt'],
  [{ startsAt: '2026-03-02T24:00' }, 'startsAt'],
  [{ startsAt: '1999-12-31T12:00' }, 'startsAt'],
  [{ timeZone: '+02:00' }, 'timeZone'],
  [{ except: ['2026-02-30'] }, 'except.0'],
  [{ rule: null, except: ['2026-03-04'] }, 'except'],
])('%j is refused', (changes, field) => {
  expect(refusedFields(changes).map((text) => text.split(':')[0])).toEqual([field])
})

test('managers change everybody’s time off; providers their own', () => {
  const anna: MemberActor = { kind: 'member', userId: 'u', memberId: 'm', role: 'provider', providerId: 'anna' }
  const own = { kind: 'provider', id: 'anna' }
  expect(mayChange(anna, own)).toBe(true)
  expect(mayChange(anna, { kind: 'provider', id: 'ben' })).toBe(false)
  expect(mayChange(anna, { kind: 'resource', id: 'room' })).toBe(false)
  expect(mayChange({ ...anna, role: 'viewer' }, own)).toBe(false)
  expect(mayChange({ ...anna, providerId: undefined }, own)).toBe(false)
  expect(mayChange({ ...anna, role: 'manager' }, { kind: 'resource', id: 'room' })).toBe(true)
  expect(mayChange({ kind: 'anonymous' }, own)).toBe(false)
})
