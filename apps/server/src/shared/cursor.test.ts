import { expect, test } from 'vitest'
import { decodeCursor, encodeCursor } from './cursor.ts'

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
