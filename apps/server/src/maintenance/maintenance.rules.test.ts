import { expect, test } from 'vitest'
import { isFresh, retryAfterS } from './maintenance.rules.ts'

test('what was read is good for less than a second; a clock that was put back makes it old', () => {
  expect([0, 999, 1_000, -5_000].map((agoMs) => isFresh(10_000 - agoMs, 10_000))).toEqual([true, true, false, false])
  expect(isFresh(-Infinity, 0)).toBe(false)
})

test('visitors come again when it is expected to end, or in five minutes; soon, when it is late', () => {
  expect(retryAfterS(600_000, 0)).toBe(600)
  expect(retryAfterS(undefined, 0)).toBe(300)
  expect(retryAfterS(0, 600_000)).toBe(30)
})
