import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { occurrences, occurrenceSpans, parseRecurrence } from './index.ts'

const RUNS = Number(process.env['PROPERTY_CASES'] ?? 300)
const SEED = 5545
const NEW_YORK = 'America/New_York'
const ms = (instant: string) => Date.parse(instant)

function found(rule: string, startsAt: string, [from, to]: [string, string], timeZone = NEW_YORK) {
  return occurrences({ startsAt, timeZone, rule: parseRecurrence(rule) }, ms(from), ms(to))
}

describe('where the clocks skip an hour', () => {
  const MORNING: [string, string] = ['2026-03-08T06:00Z', '2026-03-08T08:00Z']

  test('times come in the order of their instants, not of the clock', () => {
    const times = found('FREQ=MINUTELY;INTERVAL=30', '2026-03-08T01:00', MORNING)
    expect(times.map(({ local, exists }) => `${local.slice(11, 16)} ${exists}`)).toEqual([
      ...['01:00 true', '01:30 true', '02:00 false', '03:00 true', '02:30 false', '03:30 true'],
    ])
    expect(times.map(({ startMs }) => startMs)).toEqual(times.map(({ startMs }) => startMs).sort((a, b) => a - b))
  })

  test('a skipped time after the end does not take those away that come before the end', () => {
    const times = found('FREQ=MINUTELY;INTERVAL=30;UNTIL=20260308T071500Z', '2026-03-08T01:30', MORNING)
    expect(times.map(({ local }) => local.slice(11, 16))).toEqual(['01:30', '02:00', '03:00'])
  })
})

describe('a rule that hardly ever comes, or never, is answered all the same', () => {
  const ALL: [string, string] = ['2020-01-01T00:00Z', '9999-12-01T00:00Z']

  test.each(['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY', 'SECONDLY'])('FREQ=%s', (freq) => {
    const rule = `FREQ=${freq};INTERVAL=1000000`
    expect(found(rule, '2020-01-01T00:00', ['2020-01-01T00:00Z', '2020-01-02T00:00Z'], 'UTC')).toHaveLength(1)
  })

  test.each([
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=SECONDLY;INTERVAL=2;BYSECOND=1',
    'FREQ=MINUTELY;INTERVAL=90;BYHOUR=1;BYMINUTE=0',
    'FREQ=HOURLY;INTERVAL=2;BYHOUR=9',
  ])(
    '%s',
    (rule) => {
      expect(found(rule, '2020-01-01T00:00', ALL)).toEqual([])
    },
    60_000,
  )

  test('nothing comes after the year 9999', () => {
    const years = occurrences(
      { startsAt: '9998-01-01T00:00', timeZone: 'UTC', rule: parseRecurrence('FREQ=YEARLY') },
      ms('9998-01-01T00:00Z'),
      ms('+010010-01-01T00:00Z'),
    )
    expect(years.map(({ local }) => local)).toEqual(['9998-01-01T00:00:00', '9999-01-01T00:00:00'])
  })

  test.each([Number.NaN, Infinity])('a question from %s is none', (fromMs) => {
    const daily = { startsAt: '2020-01-01T00:00', timeZone: 'UTC', rule: parseRecurrence('FREQ=DAILY') }
    expect(() => occurrences(daily, fromMs, 0)).toThrow('fromMs and toMs must be epoch milliseconds')
  })
})

test('no spans reach into no time', () => {
  const daily = { startsAt: '2020-01-01T00:00', timeZone: 'UTC', rule: parseRecurrence('FREQ=DAILY') }
  expect(occurrenceSpans(daily, 60, ms('2020-01-02T00:30Z'), ms('2020-01-02T00:30Z'))).toEqual([])
})

const some = (max: number) =>
  fc.option(fc.uniqueArray(fc.nat({ max }), { minLength: 1, maxLength: 3 }), { nil: undefined, freq: 3 })
const clockRules = fc.record({
  unit: fc.constantFrom(1, 60, 3600),
  every: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4000 })),
  hours: some(23),
  minutes: some(59),
  seconds: some(59),
  position: fc.option(fc.constantFrom(1, 2, -1, -2), { nil: undefined, freq: 3 }),
  count: fc.option(fc.integer({ min: 1, max: 200 }), { nil: undefined }),
  startSecond: fc.nat({ max: 86_399 }),
})
type ClockRule = typeof clockRules extends fc.Arbitrary<infer Rule> ? Rule : never

const FREQUENCIES = new Map([
  [1, 'SECONDLY'],
  [60, 'MINUTELY'],
  [3600, 'HOURLY'],
])
const START_MS = ms('2026-06-01T00:00Z')
const SECONDS = 2 * 86_400

function clockRuleText({ unit, every, hours, minutes, seconds, position, count }: ClockRule): string {
  const parts = { BYHOUR: hours, BYMINUTE: minutes, BYSECOND: seconds, BYSETPOS: position, COUNT: count }
  const given = Object.entries(parts).filter(([, value]) => value !== undefined)
  return [`FREQ=${FREQUENCIES.get(unit) ?? ''};INTERVAL=${every}`, ...given.map(([n, v]) => `${n}=${String(v)}`)].join(
    ';',
  )
}

/** Every second of two days, kept when the step of the rule, its hours, minutes and seconds allow it. */
function clockRuleByWalking({ unit, every, hours, minutes, seconds, position, count, startSecond }: ClockRule) {
  const turns = new Map<number, number[]>()
  for (let second = 0; second < SECONDS; second++) {
    const turn = Math.floor(second / unit) - Math.floor(startSecond / unit)
    if (turn < 0 || turn % every !== 0) continue
    const fits = (list: number[] | undefined, value: number, open: boolean, given: number) =>
      list ? list.includes(value) : open || value === given
    if (!fits(hours, Math.floor(second / 3600) % 24, true, 0)) continue
    if (!fits(minutes, Math.floor(second / 60) % 60, unit < 3600, Math.floor(startSecond / 60) % 60)) continue
    if (!fits(seconds, second % 60, unit < 60, startSecond % 60)) continue
    turns.set(turn, [...(turns.get(turn) ?? []), second])
  }
  return [...turns.values()]
    .flatMap((times) =>
      times.filter((_time, at) => position === undefined || [at + 1, at - times.length].includes(position)),
    )
    .filter((second) => second >= startSecond)
    .slice(0, count)
    .map((second) => START_MS + second * 1000)
}

test('rules within a day are what looking at every second finds', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(clockRules, (rule) => {
      fc.pre(
        rule.position === undefined ||
          rule.hours !== undefined ||
          rule.minutes !== undefined ||
          rule.seconds !== undefined,
      )
      const startsAt = new Date(START_MS + rule.startSecond * 1000).toISOString().slice(0, 19)
      const recurrence = { startsAt, timeZone: 'UTC', rule: parseRecurrence(clockRuleText(rule)) }
      const times = occurrences(recurrence, START_MS, START_MS + SECONDS * 1000, SECONDS)
      expect(times.map(({ startMs }) => startMs)).toEqual(clockRuleByWalking(rule))
    }),
    { numRuns: RUNS, seed: SEED },
  )
})
