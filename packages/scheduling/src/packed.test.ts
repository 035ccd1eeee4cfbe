import { describe, expect, test } from 'vitest'
import { SAID } from '../test/said.ts'
import { ask, at, hoursOf, oneOf, person, refusalsAt, timesOf, window } from '../test/ask.ts'
import { busySpans, findSlots, NEVER_BUSY, type Candidate, type SlotQuery } from './index.ts'

/** Appointments of an hour, every quarter of an hour; less than an hour is useless. */
function packed(candidates: readonly Candidate[], more: Partial<SlotQuery> = {}, count = 1): SlotQuery {
  const segments = [{ lengthMin: 60, requirements: [oneOf(candidates, { count })] }]
  return ask({ steps: { everyMin: 15 }, packed: { usefulMin: 60 }, segments, ...more })
}

const open = (from: string, to: string, busy: number[] = [], more: Partial<Candidate> = {}) =>
  person('ada', { hours: hoursOf([window(from, to)]), busy: busySpans(busy), ...more })

describe('packed closely', () => {
  test('starts that leave a gap too short to be of use are left out', () => {
    expect(timesOf(packed([open('09:00', '11:00')]))).toEqual(['09:00', '10:00'])
  })

  test('starts that leave gaps long enough are all kept', () => {
    const times = timesOf(packed([open('09:00', '13:00')]))
    expect(times).toEqual(['09:00', '10:00', '10:15', '10:30', '10:45', '11:00', '12:00'])
  })

  test('where none leaves no useless gap, those that leave the least are kept', () => {
    expect(timesOf(packed([open('09:00', '10:40')]))).toEqual(['09:00', '09:15', '09:30'])
  })

  test('every stretch between what is busy is by itself', () => {
    const times = timesOf(packed([open('09:00', '14:00', [at('11:00'), at('12:30')])]))
    // In the second stretch half an hour is left over wherever the appointment is.
    expect(times).toEqual(['09:00', '10:00', '12:30', '12:45', '13:00'])
  })

  test('buffers are no gap: what counts is what is left beside them', () => {
    const ada = open('09:00', '13:00', [at('09:00'), at('09:30')], { setUpMin: 30 })
    expect(timesOf(packed([ada]))).toContain('10:00')
    expect(timesOf(packed([ada]))).not.toContain('10:15')
  })

  test('a start is kept for anybody who could lead it and for whom it is good', () => {
    const bob = { ...open('09:30', '11:30'), id: 'bob' }
    const slots = findSlots(packed([open('09:00', '11:00'), bob]))
    expect(timesOf(packed([open('09:00', '11:00'), bob]))).toEqual(['09:00', '09:30', '10:00', '10:30'])
    expect(Array.from(slots.startsMs, (_start, index) => slots.candidatesAt(index))).toEqual([[0], [1], [0], [1]])
  })

  test('of several who serve together, one for whom it is good is enough', () => {
    const bob = { ...open('09:00', '13:00'), id: 'bob' }
    expect(timesOf(packed([open('09:00', '11:00'), bob], {}, 2))).toEqual(['09:00', '10:00'])
  })

  test('a part of the range has the same starts as the whole', () => {
    expect(timesOf(packed([open('09:00', '11:00')], { fromMs: at('09:15'), toMs: at('09:45') }))).toEqual([])
    expect(timesOf(packed([open('09:00', '11:00')], { fromMs: at('09:15') }))).toEqual(['10:00'])
  })

  test('only what can still be booked is compared', () => {
    expect(timesOf(packed([open('09:00', '10:40')], { nowMs: at('09:10') }))).toEqual(['09:15', '09:30'])
  })

  test('the first start of a day is the first of those', () => {
    const ada = open('09:00', '12:30', [at('09:00'), at('09:15')])
    expect(timesOf(packed([ada], { firstOfDay: { timeZone: 'UTC' } }))).toEqual(['09:15'])
  })

  test('a start that is passed over is told to leave a gap', () => {
    const query = packed([open('09:00', '11:00')])
    expect(refusalsAt(query, at('09:15'))).toEqual([{ reason: 'gap' }])
    expect(refusalsAt(query, at('09:00'))).toEqual([])
  })
})

test('a minute may be of use; no time at all may not', () => {
  expect(timesOf(ask({ packed: { usefulMin: 1 } })).length).toBeGreaterThan(0)
  expect(() => timesOf(ask({ packed: { usefulMin: 0 } }))).toThrow(SAID)
})

test('the end of a stretch counts, though the range ends before it', () => {
  const long = { segments: [{ lengthMin: 50, requirements: [oneOf([person('ada')])] }], steps: { everyMin: 10 } }
  const whole = ask({ ...long, packed: { usefulMin: 60 } })
  const early = timesOf({ ...whole, toMs: at('09:45') })
  expect(early).toEqual(timesOf(whole).filter((time) => time < '09:45'))
  expect(early).not.toEqual(timesOf({ ...ask(long), toMs: at('09:45') }))
})

test('without a wish to pack, nothing is left out', () => {
  const query = { ...packed([{ ...open('09:00', '11:00'), busy: NEVER_BUSY }]) }
  const { packed: _packed, ...loose } = query
  expect(timesOf(loose)).toEqual(['09:00', '09:15', '09:30', '09:45', '10:00'])
})
