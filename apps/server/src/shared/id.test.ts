import { expect, test } from 'vitest'
import { isUuid, newId } from './id.ts'

const NOW_MS = Date.UTC(2026, 2, 2, 8)

test('identifiers of one millisecond are in the order in which they were made', () => {
  const ids = Array.from({ length: 1000 }, () => newId(NOW_MS))
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(ids).size).toBe(1000)
})

test('a later millisecond gives a later identifier', () => {
  const earlier = newId(NOW_MS)
  expect(newId(NOW_MS + 1) > earlier).toBe(true)
})

test('identifiers are UUIDs of version 7', () => {
  const id = newId(NOW_MS)
  expect(isUuid(id)).toBe(true)
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
