import { describe, expect, test } from 'vitest'
import { SAID } from '../test/said.ts'
import { ms } from '../test/ask.ts'
import { bookingWindow, type BookingWindowRule } from './index.ts'

/** From the beginning of one instant to another, in UTC to the minute. */
function windowOf(rule: BookingWindowRule, now: string, timeZone = 'UTC') {
  const { fromMs, untilMs } = bookingWindow(rule, ms(now), timeZone)
  return [fromMs, untilMs].map((instantMs) => new Date(instantMs).toISOString().slice(0, 16))
}

// A Wednesday.
const NOW = '2026-06-10T12:00Z'

describe('so many days ahead', () => {
  test('are today and the days after it, whole', () => {
    expect(windowOf({ kind: 'days', days: 1 }, NOW)).toEqual(['2026-06-10T00:00', '2026-06-12T00:00'])
  })

  test('are today alone when there are none', () => {
    expect(windowOf({ kind: 'days', days: 0 }, NOW)).toEqual(['2026-06-10T00:00', '2026-06-11T00:00'])
  })

  test('are local days: tonight may be tomorrow already', () => {
    const late = '2026-06-09T23:30Z'
    expect(windowOf({ kind: 'days', days: 1 }, late)[1]).toBe('2026-06-11T00:00')
    expect(windowOf({ kind: 'days', days: 1 }, late, 'Europe/Berlin')).toEqual(['2026-06-09T22:00', '2026-06-11T22:00'])
  })

  test('end at local midnight though clocks have changed in between', () => {
    expect(windowOf({ kind: 'days', days: 1 }, '2026-03-28T12:00Z', 'Europe/Berlin')).toEqual([
      '2026-03-27T23:00',
      '2026-03-29T22:00',
    ])
  })

  test('where the clocks skip midnight, the day begins with its first minute', () => {
    // Cairo goes from 24:00 on the 23rd to 01:00 on the 24th.
    expect(windowOf({ kind: 'days', days: 0 }, '2026-04-24T12:00Z', 'Africa/Cairo')[0]).toBe('2026-04-23T22:00')
  })
})

describe('so many business days ahead', () => {
  const days = (count: number, more: object = {}) => windowOf({ kind: 'business_days', days: count, ...more }, NOW)[1]

  test('are counted from tomorrow, Monday to Friday', () => {
    expect(days(0)).toBe('2026-06-11T00:00')
    expect(days(2)).toBe('2026-06-13T00:00')
    expect(days(3)).toBe('2026-06-16T00:00')
  })

  test('may be other weekdays', () => {
    expect(days(1, { weekdays: [7] })).toBe('2026-06-15T00:00')
    expect(days(2, { weekdays: [6, 7] })).toBe('2026-06-15T00:00')
  })

  test('are no holidays', () => {
    expect(days(1, { holidays: ['2026-06-11', '2026-06-12'] })).toBe('2026-06-16T00:00')
  })

  test('a holiday today or on a weekend changes nothing', () => {
    expect(days(3, { holidays: ['2026-06-10', '2026-06-13'] })).toBe('2026-06-16T00:00')
  })

  test('that never come are refused', () => {
    expect(() => days(1, { weekdays: [] })).toThrow(SAID)
  })
})

describe('from one date to another', () => {
  test('both dates are in it, whatever today is', () => {
    const rule = { kind: 'range', fromDate: '2026-07-01', toDate: '2026-07-02' } as const
    expect(windowOf(rule, NOW)).toEqual(['2026-07-01T00:00', '2026-07-03T00:00'])
    expect(windowOf(rule, NOW, 'Asia/Tokyo')).toEqual(['2026-06-30T15:00', '2026-07-02T15:00'])
  })

  test('one day is a range', () => {
    const rule = { kind: 'range', fromDate: '2026-07-01', toDate: '2026-07-01' } as const
    expect(windowOf(rule, NOW)).toEqual(['2026-07-01T00:00', '2026-07-02T00:00'])
  })
})

describe('bad input', () => {
  test.each<[string, BookingWindowRule]>([
    ['days below 0', { kind: 'days', days: -1 }],
    ['days that are not whole', { kind: 'days', days: 1.5 }],
    ['days without end', { kind: 'business_days', days: Infinity }],
    ['dates in disorder', { kind: 'range', fromDate: '2026-07-02', toDate: '2026-07-01' }],
    ['a date that is none', { kind: 'range', fromDate: '2026-02-30', toDate: '2026-07-01' }],
    ['a holiday that is none', { kind: 'business_days', days: 1, holidays: ['2026-02-30'] }],
    ['another date that is none', { kind: 'range', fromDate: '2026-02-20', toDate: '2026-06-31' }],
  ])('%s: refused', (_what, rule) => {
    expect(() => windowOf(rule, NOW)).toThrow(SAID)
  })

  test('days go from none to a hundred years', () => {
    expect(windowOf({ kind: 'days', days: 36_600 }, NOW)[1]).toMatch(/^2126-/)
    for (const days of [-1, 36_601])
      expect(() => windowOf({ kind: 'days', days }, NOW)).toThrow('days must be a whole number from 0 to 36600')
  })

  test('an unknown zone is refused', () => {
    expect(() => windowOf({ kind: 'days', days: 1 }, NOW, 'Europe/Atlantis')).toThrow(SAID)
  })
})
