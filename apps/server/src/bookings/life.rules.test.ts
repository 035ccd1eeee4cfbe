import { describe, expect, test } from 'vitest'
import { beginningOf, hasBegun, isLate, mayCheckIn, stepTo } from './life.rules.ts'

const HOUR_MS = 3_600_000

describe('the outcome of an appointment', () => {
  test('is kept or missed, and may be corrected', () => {
    expect(stepTo('completed', 'confirmed')).toEqual({ from: 'confirmed', to: 'completed' })
    expect(stepTo('no_show', 'confirmed')).toEqual({ from: 'confirmed', to: 'no_show' })
    expect(stepTo('no_show', 'completed')).toEqual({ from: 'completed', to: 'no_show' })
    expect(stepTo('completed', 'no_show')).toEqual({ from: 'no_show', to: 'completed' })
  })

  test.each(['pending', 'cancelled'] as const)('is none of a booking that is %s', (state) => {
    expect(stepTo('completed', state)).toBeUndefined()
    expect(stepTo('no_show', state)).toBeUndefined()
  })

  test('is not said twice', () => {
    expect(stepTo('completed', 'completed')).toBeUndefined()
    expect(stepTo('no_show', 'no_show')).toBeUndefined()
  })

  test('is known from the first moment on', () => {
    expect([hasBegun(1000, 999), hasBegun(1000, 1000)]).toEqual([false, true])
  })
})

describe('checking in', () => {
  const booking = { state: 'confirmed', startMs: 100 * HOUR_MS, endMs: 101 * HOUR_MS } as const

  test('is possible from twelve hours before until the end', () => {
    const at = [88 * HOUR_MS - 1, 88 * HOUR_MS, 100.5 * HOUR_MS, 101 * HOUR_MS]
    expect(at.map((nowMs) => mayCheckIn(booking, nowMs))).toEqual([false, true, true, false])
  })

  test('is for confirmed bookings only', () => {
    expect(mayCheckIn({ ...booking, state: 'pending' }, 100 * HOUR_MS)).toBe(false)
  })
})

describe('a new booking', () => {
  const plain = { approval: 'none', noShowLimit: null, noShows: 0, isMember: false } as const

  test('is confirmed where nothing needs approval, and where a member makes it', () => {
    expect(beginningOf(plain)).toEqual({ state: 'confirmed', claimsTime: true })
    expect(beginningOf({ ...plain, approval: 'open', isMember: true })).toEqual({
      state: 'confirmed',
      claimsTime: true,
    })
  })

  test('waits for approval with its time taken, or with its time left to others', () => {
    expect(beginningOf({ ...plain, approval: 'blocking' })).toEqual({ state: 'pending', claimsTime: true })
    expect(beginningOf({ ...plain, approval: 'open' })).toEqual({ state: 'pending', claimsTime: false })
  })

  test('of somebody who missed too many waits, too', () => {
    expect(beginningOf({ ...plain, noShowLimit: 2, noShows: 1 }).state).toBe('confirmed')
    expect(beginningOf({ ...plain, noShowLimit: 2, noShows: 2 })).toEqual({ state: 'pending', claimsTime: true })
  })
})

test('a cancellation is late after the last moment at which customers may cancel', () => {
  const booking = { startMs: 10 * HOUR_MS, cancelNoticeMin: 120 }
  expect([isLate(booking, 8 * HOUR_MS), isLate(booking, 8 * HOUR_MS + 1)]).toEqual([false, true])
})
