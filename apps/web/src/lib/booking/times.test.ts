import { expect, test } from 'vitest'
import { lastDateOf } from './times.ts'

test('the calendar goes on until the booking window ends, whatever kind it is of', () => {
  const window = { windowDays: 10, windowTo: null }
  expect(lastDateOf({ ...window, windowKind: 'days' }, '2026-03-30')).toBe('2026-04-09')
  expect(lastDateOf({ ...window, windowKind: 'range', windowTo: '2026-06-30' }, '2026-03-30')).toBe('2026-06-30')
  // Ten working days are over two weeks; holidays may make it more.
  expect(lastDateOf({ ...window, windowKind: 'business_days' }, '2026-03-30') >= '2026-04-13').toBe(true)
})
