import { expect, test } from 'vitest'
import { instantMs } from './dates.ts'

test('an instant of an address is read as what it says', () => {
  expect(instantMs('2026-03-02T09:00:00+01:00')).toBe(Date.UTC(2026, 2, 2, 8))
  expect(instantMs('2026-03-02T08:00:00Z')).toBe(Date.UTC(2026, 2, 2, 8))
})

test.each(['', '2026-02-30', '2026-02-30T10:00:00Z', '2026-03-02T10:00:00', 'soon', '1'])(
  'what names no instant is none: %j',
  (text) => {
    expect(instantMs(text)).toBeUndefined()
  },
)
