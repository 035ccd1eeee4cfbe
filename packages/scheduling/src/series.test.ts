import { describe, expect, test } from 'vitest'
import { SAID } from '../test/said.ts'
import { ask, at, DAY, hoursOf, ms, NINE_TO_TWELVE, oneOf, person, shift, MINUTE_MS } from '../test/ask.ts'
import { busyTimes, checkSeries, limit, publicReason, type SeriesResult, type SlotQuery } from './index.ts'

const DAY_MS = 1440 * MINUTE_MS

/** The same time on so many days. */
const daily = (time: string, days: number) =>
  Array.from({ length: days }, (_, day) => ({ startMs: at(time) + day * DAY_MS }))

/** One letter for each time: F for free, otherwise what the public is told. */
const outcomes = (results: readonly SeriesResult[]) =>
  results.map((result) => (result.free ? 'F' : publicReason(result.refusals)))
const alternativesOf = (result: SeriesResult | undefined) =>
  result && !result.free ? result.alternatives.map((startMs) => new Date(startMs).toISOString().slice(5, 16)) : []
const busyFrom = (from: string, to: string) => busyTimes([{ startMs: ms(from), endMs: ms(to), kind: 'booking' }])
const withAda = (busy: ReturnType<typeof busyTimes>) => ask({}, [oneOf([person('ada', { busy })])])

describe('every time of a series', () => {
  test('is looked at, whatever the query says about from and to', () => {
    const query = ask({ fromMs: 0, toMs: 1 })
    expect(outcomes(checkSeries(query, daily('09:00', 4)))).toEqual(['F', 'F', 'F', 'F'])
  })

  test('tells who could serve it and who is to', () => {
    const [first] = checkSeries(ask({}, [oneOf([person('ada'), person('bob')])]), daily('09:00', 1))
    expect(first).toEqual({ startMs: at('09:00'), free: true, candidates: [[0, 1]], assigned: [[0]] })
  })

  test('that is not free gets its reasons, and the nearest times that are, on either side', () => {
    const query = withAda(busyFrom(`${shift(DAY, 1)}T09:30Z`, `${shift(DAY, 1)}T10:30Z`))
    const results = checkSeries(query, daily('10:00', 3))
    expect(outcomes(results)).toEqual(['F', 'taken', 'F'])
    // Half an hour later is nearer than an hour earlier.
    expect(alternativesOf(results[1])).toEqual(['06-11T10:30', '06-11T09:00', '06-11T11:00'])
  })

  test('gets as many alternatives as are asked for, from as many days around', () => {
    const weekend = { closures: [{ fromDate: shift(DAY, 1), toDate: shift(DAY, 2) }] }
    const query = ask({}, [oneOf([person('ada', { hours: hoursOf(NINE_TO_TWELVE, weekend) })])])
    const starts = [{ startMs: at('09:00') + DAY_MS }]
    const [near] = checkSeries(query, starts, { alternatives: 2, withinDays: 1 })
    expect(alternativesOf(near)).toEqual(['06-10T11:30', '06-10T11:00'])
    expect(alternativesOf(checkSeries(query, starts, { alternatives: 0 })[0])).toEqual([])
    const later = [{ startMs: at('09:00') + 2 * DAY_MS }]
    expect(alternativesOf(checkSeries(query, later, { withinDays: 1 })[0])).toEqual(['06-13T09:00'])
  })

  test('that the clocks skip says so, and has alternatives', () => {
    const [skipped] = checkSeries(ask(), [{ startMs: at('09:10'), exists: false }])
    expect(skipped).toMatchObject({ free: false, refusals: [{ reason: 'skipped' }] })
    expect(alternativesOf(skipped)).toEqual(['06-10T09:00', '06-10T09:30', '06-10T10:00'])
  })
})

describe('the free ones before count as booked', () => {
  const everyHalfHour = [at('09:00'), at('09:30'), at('10:00')].map((startMs) => ({ startMs }))
  const perDay = (maxCount: number) => limit({ per: 'day', maxCount }, { timeZone: 'UTC' }, [])

  test('against the limit of the customer', () => {
    const query = ask({ limits: [{ of: 'customer', limit: perDay(2) }] })
    expect(outcomes(checkSeries(query, everyHalfHour))).toEqual(['F', 'F', 'limit'])
  })

  test('against the limit of whoever serves, so that others take their turn', () => {
    const people = [person('ada', { limits: [perDay(1)] }), person('bob', { limits: [perDay(1)] })]
    const results = checkSeries(ask({}, [oneOf(people)]), everyHalfHour)
    expect(outcomes(results)).toEqual(['F', 'F', 'taken'])
    expect(results.map((result) => (result.free ? result.assigned[0] : undefined))).toEqual([[0], [1], undefined])
  })

  test('by the minutes of each part, for each who serves in it', () => {
    const perWeek = limit({ per: 'week', maxMinutes: 60 }, { timeZone: 'UTC' }, [])
    const twice = oneOf([person('ada', { limits: [perWeek] })])
    const segments: SlotQuery['segments'] = [
      { lengthMin: 10, requirements: [twice] },
      { lengthMin: 20, requirements: [twice] },
    ]
    expect(outcomes(checkSeries(ask({ segments }), daily('09:00', 3)))).toEqual(['F', 'F', 'taken'])
  })

  test('and are kept apart by their length and their buffers', () => {
    const query = ask({ steps: { everyMin: 10 } }, [oneOf([person('ada')], { bufferBeforeMin: 5, bufferAfterMin: 5 })])
    const at10 = [{ startMs: at('09:00') }, { startMs: at('09:30') }, { startMs: at('09:40') }]
    const results = checkSeries(query, at10)
    expect(outcomes(results)).toEqual(['F', 'not_offered', 'F'])
    expect(results[1]).toMatchObject({ refusals: [{ reason: 'series', startMs: at('09:00') }] })
    // Nothing that would come too close to the other two.
    expect(alternativesOf(results[1])).toEqual(['06-10T10:20', '06-10T10:30', '06-10T10:40'])
  })

  test('an alternative does not break a limit that the free ones have filled', () => {
    const query = ask({ limits: [{ of: 'service', limit: perDay(1) }] })
    const [, second] = checkSeries(query, [{ startMs: at('09:00') }, { startMs: at('11:00') }], { withinDays: 1 })
    expect(alternativesOf(second)).toEqual(['06-11T09:00', '06-11T09:30', '06-11T10:00'])
  })
})

test('a query that cannot be is refused', () => {
  expect(() => checkSeries(ask({ noticeMin: -1 }), daily('09:00', 1))).toThrow(SAID)
})
