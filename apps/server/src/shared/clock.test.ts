import { expect, test } from 'vitest'
import { parseInstantMs, toInstantText } from './clock.ts'

test('an instant is written in UTC, no longer than need be', () => {
  expect(toInstantText(Date.UTC(2026, 2, 29, 0, 30))).toBe('2026-03-29T00:30:00Z')
  expect(toInstantText(Date.UTC(2026, 2, 29, 0, 30, 0, 120))).toBe('2026-03-29T00:30:00.12Z')
})

test.each([
  ['2026-03-29T02:30:00+02:00', Date.UTC(2026, 2, 29, 0, 30)],
  ['2026-03-29t00:30:00z', Date.UTC(2026, 2, 29, 0, 30)],
  ['2026-03-28T19:30:00.5-05:00', Date.UTC(2026, 2, 29, 0, 30, 0, 500)],
])('an instant is read in any offset: %s', (text, instantMs) => {
  expect(parseInstantMs(text)).toBe(instantMs)
})

test.each([
  '2026-03-29',
  '2026-03-29T00:30:00',
  '2026-03-29T00:30Z',
  '2026-13-29T00:30:00Z',
  '2026-02-30T00:30:00Z',
  '0000-01-01T00:30:00Z',
  '2026-03-29T25:30:00Z',
  '2026-03-29T23:59:60Z',
  '+012026-03-29T00:30:00Z',
  'tomorrow',
  '',
])('what is no instant is none: %s', (text) => {
  expect(parseInstantMs(text)).toBeUndefined()
})
