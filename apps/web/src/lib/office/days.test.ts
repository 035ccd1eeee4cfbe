import { expect, test } from 'vitest'
import { dayStartMs, instantOfWall, isDate, msOfMinute, wallOf, weekOf } from './days.ts'

test('a typed time that a clock change skips is none; of one that occurs twice, the first is meant', () => {
  expect(instantOfWall('2026-03-29', '02:30', 'Europe/Berlin')).toBeNull()
  expect(instantOfWall('2026-10-25', '02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00Z')
  expect(instantOfWall('2026-07-01', '09:15', 'Europe/Berlin')).toBe('2026-07-01T07:15:00Z')
})

test('what is no date or no time is none', () => {
  expect(instantOfWall('2026-02-30', '09:00', 'UTC')).toBeNull()
  expect(instantOfWall('2026-02-20', '24:00', 'UTC')).toBeNull()
  expect(isDate('2026-2-3')).toBe(false)
  expect(isDate(null)).toBe(false)
})

test('a day begins when its clocks say so, and minute 1440 is the next midnight', () => {
  expect(new Date(dayStartMs('2026-04-24', 'Africa/Cairo')).toISOString()).toBe('2026-04-23T22:00:00.000Z')
  expect(msOfMinute('2026-07-01', 1440, 'UTC')).toBe(Date.parse('2026-07-02T00:00Z'))
})

test('a week begins with the reader’s first weekday', () => {
  expect(weekOf('2026-11-25', 1)[0]).toBe('2026-11-23')
  expect(weekOf('2026-11-25', 6)).toEqual([
    '2026-11-21',
    '2026-11-22',
    '2026-11-23',
    '2026-11-24',
    '2026-11-25',
    '2026-11-26',
    '2026-11-27',
  ])
})

test('an instant becomes what inputs take', () => {
  expect(wallOf(Date.parse('2026-07-01T07:05Z'), 'Europe/Berlin')).toEqual({ date: '2026-07-01', time: '09:05' })
})
