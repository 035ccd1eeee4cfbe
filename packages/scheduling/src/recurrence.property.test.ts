import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recurrenceByOracle } from '../test/recurrence-oracle.ts'
import { formatRecurrence, occurrences, parseRecurrence } from './index.ts'

const RUNS = Math.ceil(Number(process.env['PROPERTY_CASES'] ?? 2000) / 5)
const SEED = 5545

const list = (least: number, most: number, { fromEnd = false, maxLength = 3 } = {}) =>
  fc
    .uniqueArray(fc.integer({ min: least, max: most }), { minLength: 1, maxLength })
    .chain((values) => fc.boolean().map((negative) => values.map((value) => (negative && fromEnd ? -value : value))))
    .map((values) => values.join(','))
const some = (arbitrary: fc.Arbitrary<string>, freq = 3) => fc.option(arbitrary, { nil: undefined, freq })
const weekday = fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')
const plainDays = fc.uniqueArray(weekday, { minLength: 1, maxLength: 3 }).map((days) => days.join(','))
const nthDays = fc
  .uniqueArray(
    fc.tuple(fc.constantFrom(1, 2, 3, 5, -1, -2, 20, -20, 53), weekday).map(([nth, day]) => `${nth}${day}`),
    { minLength: 1, maxLength: 3 },
  )
  .map((days) => days.join(','))

/** A rule with every part that goes with its frequency, now and then. */
const rules = fc
  .constantFrom('YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY')
  .chain((freq) => {
    const isLong = freq === 'YEARLY' || freq === 'MONTHLY'
    const isFine = freq === 'HOURLY' || freq === 'MINUTELY'
    const none = fc.constant(undefined)
    return fc.record({
      FREQ: fc.constant(freq),
      INTERVAL: some(fc.integer({ min: 1, max: freq === 'MINUTELY' ? 90 : 4 }).map(String), 2),
      BYMONTH: some(list(1, 12)),
      BYWEEKNO: freq === 'YEARLY' ? some(list(1, 53, { fromEnd: true }), 4) : none,
      BYYEARDAY: freq === 'YEARLY' || isFine ? some(list(1, 366, { fromEnd: true }), 5) : none,
      BYMONTHDAY: freq === 'WEEKLY' ? none : some(list(1, 31, { fromEnd: true })),
      BYDAY: isLong ? some(fc.oneof(plainDays, nthDays), 2) : some(plainDays),
      BYHOUR: some(list(0, 23)),
      BYMINUTE: some(list(0, 59), 4),
      BYSECOND: some(list(0, 59, { maxLength: 2 }), 5),
      BYSETPOS: some(list(1, 5, { fromEnd: true }), 4),
      WKST: some(weekday, 3),
      end: fc.oneof(
        fc.constant(undefined),
        fc.integer({ min: 1, max: 30 }).map((count) => `COUNT=${count}`),
        fc.integer({ min: 0, max: 500 }).map((days) => `UNTIL=${dateAfter(days).replaceAll('-', '')}`),
        fc.integer({ min: 0, max: 500 }).map((days) => `UNTIL=${dateAfter(days).replaceAll('-', '')}T120000`),
      ),
    })
  })
  .map(({ end, ...parts }) => {
    const given = Object.entries(parts).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
    return [...given, ...(end === undefined ? [] : [end])].join(';')
  })
  .filter((text) => {
    try {
      parseRecurrence(text)
      return true
    } catch {
      return false
    }
  })

const START = '2023-11-20'
const dateAfter = (days: number) => Temporal.PlainDate.from(START).add({ days }).toString()
const starts = fc
  .record({ days: fc.nat({ max: 60 }), hour: fc.nat({ max: 23 }), minute: fc.constantFrom(0, 1, 30, 59) })
  .map(
    ({ days, hour, minute }) => `${dateAfter(days)}T${[hour, minute].map((n) => String(n).padStart(2, '0')).join(':')}`,
  )

/** Rules within a day are looked at for days, others for years. */
function lastDate(text: string, startsAt: string): string {
  const days = /FREQ=(HOURLY|MINUTELY)/.test(text) ? 40 : /FREQ=YEARLY/.test(text) ? 1200 : 400
  return Temporal.PlainDate.from(startsAt.slice(0, 10)).add({ days }).toString()
}

test('occurrences are what looking at every day or minute finds', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(rules, starts, (text, startsAt) => {
      const to = lastDate(text, startsAt)
      const range = [Date.parse('2023-01-01T00:00Z'), Date.parse(`${to}T00:00Z`)] as const
      const recurrence = { startsAt, timeZone: 'UTC', rule: parseRecurrence(text) }
      const found = occurrences(recurrence, ...range, 1_000_000).map(({ local }) => local)
      expect(found).toEqual(recurrenceByOracle(text, startsAt, to))
    }),
    { numRuns: RUNS, seed: SEED },
  )
})

test('a question about a later time finds what the long answer has there', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(rules, starts, fc.nat({ max: 300 }), (text, startsAt, after) => {
      const to = Date.parse(`${lastDate(text, startsAt)}T00:00Z`)
      const from = Math.min(to - 1, Date.parse(`${dateAfter(after)}T00:00Z`))
      const recurrence = { startsAt, timeZone: 'America/New_York', rule: parseRecurrence(text) }
      const all = occurrences(recurrence, 0, to, 1_000_000)
      expect(occurrences(recurrence, from, to, 1_000_000)).toEqual(all.filter(({ startMs }) => startMs >= from))
    }),
    { numRuns: RUNS, seed: SEED },
  )
})

test('what is written of a rule is read as the same rule', () => {
  fc.assert(
    fc.property(rules, (text) => {
      const rule = parseRecurrence(text)
      expect(parseRecurrence(formatRecurrence(rule))).toEqual(rule)
      expect(formatRecurrence(parseRecurrence(formatRecurrence(rule)))).toBe(formatRecurrence(rule))
    }),
    { numRuns: RUNS, seed: SEED },
  )
})
