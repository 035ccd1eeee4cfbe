import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SAID } from '../test/said.ts'
import {
  firstEndingAfter,
  intersect,
  overlaps,
  spanSet,
  spanSetFromFlat,
  subtract,
  union,
  type SpanSet,
} from './spans.ts'

const RUNS = Number(process.env['PROPERTY_CASES'] ?? 500)
/** Around 1970: nothing is special about 0. */
const FIRST = -20
const LAST = 20

/** Which of the instants -20 to 19 lie in a set: the obviously right picture of it. */
const picture = (set: SpanSet) =>
  Array.from({ length: LAST - FIRST }, (_instant, index) => {
    const at = FIRST + index
    for (let i = 0; i < set.length; i += 2) if ((set[i] ?? 0) <= at && at < (set[i + 1] ?? 0)) return true
    return false
  })

const sets = fc
  .array(
    fc.tuple(fc.integer({ min: FIRST, max: LAST - 2 }), fc.integer({ min: 1, max: 8 })).map(([startMs, length]) => ({
      startMs,
      endMs: Math.min(startMs + length, LAST),
    })),
    { maxLength: 8 },
  )
  .map(spanSet)

const isTidy = (set: SpanSet) => set.every((value, index) => index === 0 || (set[index - 1] ?? 0) < value)

describe('sets of spans', () => {
  test('are sorted, and what overlaps or touches becomes one', () => {
    const set = spanSet([
      { startMs: 5, endMs: 7 },
      { startMs: 0, endMs: 2 },
      { startMs: 2, endMs: 3 },
      { startMs: 6, endMs: 9 },
    ])
    expect([...set]).toEqual([0, 3, 5, 9])
  })

  test('refuse a span that does not end after its start, and a value that is left over', () => {
    expect(() => spanSet([{ startMs: 3, endMs: 3 }])).toThrow(SAID)
    expect(() => spanSet([{ startMs: 3, endMs: Number.NaN }])).toThrow('a span must end after its start: 3 to NaN')
    expect(() => spanSetFromFlat([1, 2, 3])).toThrow('pairs')
  })

  test('union, intersection and difference hold minute by minute, and stay tidy', () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        const [inA, inB] = [picture(a), picture(b)]
        expect(picture(union(a, b))).toEqual(inA.map((is, at) => is || inB[at]))
        expect(picture(intersect(a, b))).toEqual(inA.map((is, at) => is && inB[at]))
        expect(picture(subtract(a, b))).toEqual(inA.map((is, at) => is && !inB[at]))
        expect([union(a, b), intersect(a, b), subtract(a, b)].every(isTidy)).toBe(true)
      }),
      { seed: 1, numRuns: RUNS },
    )
  })

  test('overlap with a stretch exactly when they share a minute with it', () => {
    fc.assert(
      fc.property(
        sets,
        fc.integer({ min: FIRST, max: LAST - 1 }),
        fc.integer({ min: 1, max: 9 }),
        (set, from, length) => {
          const shared = picture(set).slice(from - FIRST, from - FIRST + length)
          expect(overlaps(set, from, from + length)).toBe(shared.includes(true))
        },
      ),
      { seed: 2, numRuns: RUNS },
    )
  })

  test('what only touches does not overlap', () => {
    const set = spanSetFromFlat([10, 20])
    expect([overlaps(set, 5, 10), overlaps(set, 20, 25), overlaps(set, 19, 21)]).toEqual([false, false, true])
  })

  test('the first span that ends after an instant is found by halving', () => {
    const set = spanSetFromFlat([0, 10, 20, 30, 40, 50])
    expect([0, 9, 10, 35, 50].map((at) => firstEndingAfter(set, at))).toEqual([0, 0, 2, 4, 6])
  })
})
