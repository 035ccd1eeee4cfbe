import { expect, test } from 'vitest'
import { stepsOf } from './steps.ts'

const before = { hasBegun: false, isOver: false }
const during = { hasBegun: true, isOver: false }
const after = { hasBegun: true, isOver: true }
const actions = (...asked: Parameters<typeof stepsOf>) => stepsOf(...asked).map(({ action }) => action)

test('a request is approved, or given to somebody else', () => {
  expect(actions({ state: 'pending' }, before)).toEqual(['approve', 'reassign'])
})

test('an appointment is checked in until it ends, and kept or missed from its beginning on', () => {
  expect(actions({ state: 'confirmed' }, before)).toEqual(['checkIn', 'reassign'])
  expect(actions({ state: 'confirmed' }, during)).toEqual(['checkIn', 'complete', 'miss'])
  expect(actions({ state: 'confirmed', checkedInAt: '2026-03-03T09:00:00Z' }, during)).toEqual(['complete', 'miss'])
  expect(actions({ state: 'confirmed' }, after)).toEqual(['complete', 'miss'])
})

test('what was said of it can be corrected; a cancelled one is over', () => {
  expect(actions({ state: 'completed' }, after)).toEqual(['miss'])
  expect(actions({ state: 'no_show' }, after)).toEqual(['complete'])
  expect(actions({ state: 'cancelled' }, after)).toEqual([])
})

test('the likeliest stands out', () => {
  expect(stepsOf({ state: 'confirmed' }, during).map(({ kind }) => kind)).toEqual(['primary', 'secondary', 'secondary'])
})
