import { expect, test } from 'vitest'
import { BoundedMap } from './bounded-map.ts'

test('forgets what was not used for longest', () => {
  const map = new BoundedMap<number>(2)
  map.set('a', 1)
  map.set('b', 2)
  expect(map.get('a')).toBe(1)
  map.set('c', 3)
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([1, undefined, 3])
})

test('counts by weight, and takes a new weight for a known key', () => {
  const map = new BoundedMap<string>(10)
  map.set('a', 'x', 4)
  map.set('b', 'y', 4)
  map.set('a', 'z', 6)
  expect([map.get('a'), map.get('b')]).toEqual(['z', 'y'])
  map.set('c', 'w', 1)
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([undefined, 'y', 'w'])
})

test('keeps nothing that is heavier than all it may keep', () => {
  const map = new BoundedMap<string>(10)
  map.set('a', 'x', 11)
  expect(map.get('a')).toBeUndefined()
  map.set('b', 'y', 10)
  expect(map.get('b')).toBe('y')
})

test('forgets what is deleted, and its weight', () => {
  const map = new BoundedMap<number>(1)
  map.set('a', 1)
  map.delete('a')
  map.delete('a')
  map.set('b', 2)
  expect([map.get('a'), map.get('b')]).toEqual([undefined, 2])
})
