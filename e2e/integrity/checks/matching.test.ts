import { expect, test } from 'vitest'
import { findUnplaced } from './matching.ts'

const unplaced = (fits: Record<string, string[]>) => findUnplaced(Object.keys(fits), (item) => fits[item] ?? [])

test('everybody who fits somewhere has a place, whoever was asked first', () => {
  expect(unplaced({ anywhere: ['a', 'b'], first: ['a'] })).toEqual([])
  expect(unplaced({ one: ['a', 'b', 'd'], two: ['a', 'c'], three: ['a'], four: ['b'] })).toEqual([])
})

test('a place is given once', () => {
  expect(unplaced({ one: ['a'], two: ['a'] })).toEqual(['two'])
  expect(unplaced({ one: ['a', 'b'], two: ['a', 'b'], three: ['a', 'b'] })).toEqual(['three'])
})

test('whoever fits nowhere is left', () => {
  expect(unplaced({ one: ['a'], nobody: [] })).toEqual(['nobody'])
})
