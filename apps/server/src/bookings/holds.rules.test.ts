import { expect, test } from 'vitest'
import { extendedUntil, HOLD_LIFE_MS } from './holds.rules.ts'

test('a hold is extended once, while it is good, by as much as a new one has', () => {
  expect(extendedUntil({ expiresMs: 10, extended: false }, 9)).toBe(9 + HOLD_LIFE_MS)
  expect(extendedUntil({ expiresMs: 10, extended: true }, 9)).toBeUndefined()
  expect(extendedUntil({ expiresMs: 10, extended: false }, 10)).toBeUndefined()
})
