import { expect, test } from 'vitest'
import { orderByReferences } from './tables.rules.ts'

test('a table comes after those it points at, and may point at itself', () => {
  const references = [
    { from: 'booking', to: 'service' },
    { from: 'booking', to: 'booking' },
    { from: 'claim', to: 'booking' },
  ]
  expect(orderByReferences(['booking', 'claim', 'service'], references)).toEqual(['service', 'booking', 'claim'])
})

test('tables in a circle have no order', () => {
  const circle = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'a' },
  ]
  expect(() => orderByReferences(['a', 'b'], circle)).toThrow(/in a circle: a, b/)
})
