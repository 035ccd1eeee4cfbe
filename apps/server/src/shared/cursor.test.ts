import { expect, test } from 'vitest'
import { decodeCursor, encodeCursor, toPage } from './cursor.ts'

test('a cursor gives back the sort key it was made of, in an address as it is', () => {
  const cursor = encodeCursor(['Çelik & Söhne / "Haar"', '0190a000-0000-7000-8000-000000000001'])
  expect(cursor).toMatch(/^[\w-]+$/)
  expect(decodeCursor(cursor)).toEqual(['Çelik & Söhne / "Haar"', '0190a000-0000-7000-8000-000000000001'])
})

test.each([
  'nonsense',
  '',
  '%%%',
  encodeCursor([]),
  Buffer.from('{"a":1}').toString('base64url'),
  Buffer.from('[1]').toString('base64url'),
])('what is no cursor is refused with the field it stands in: %s', (text) => {
  expect(() => decodeCursor(text)).toThrow(
    expect.objectContaining({
      code: 'request.invalid',
      fields: [{ field: 'cursor', message: 'This is not the nextCursor of a page.' }],
    }),
  )
})

test.each([
  [['Anna'], ['text', 'uuid']],
  [
    ['Anna', 'no-uuid'],
    ['text', 'uuid'],
  ],
  [
    ['1', 'Anna', 'x'],
    ['integer', 'text'],
  ],
  [['1e9'], ['integer']],
  [['yesterday'], ['instant']],
  [['2026-03-02T08:00:00+20:00'], ['instant']],
  [['a\0b'], ['text']],
] as const)('a cursor of another list is refused: %j is not made of %j', (values, parts) => {
  expect(() => decodeCursor(encodeCursor([...values]), parts)).toThrow('This is not the nextCursor of a page.')
})

test('a page ends where the limit says, and tells where the next begins only when there is one', () => {
  const shape = { keyOf: (row: number) => [String(row)], toView: (row: number) => row * 10 }
  expect(toPage([1, 2, 3], 2, shape)).toEqual({ items: [10, 20], nextCursor: encodeCursor(['2']) })
  expect(toPage([1, 2], 2, shape)).toEqual({ items: [10, 20] })
  expect(toPage([], 2, shape)).toEqual({ items: [] })
})
