import { expect, test } from 'vitest'
import { keyHeader, newKey } from './idempotency.ts'

test('a form that is sent again carries the key that it had', () => {
  const key = newKey()
  expect(keyHeader(key)).toEqual({ 'idempotency-key': key })
  expect(keyHeader(`${key}.${key}`)).toEqual({ 'idempotency-key': `${key}.${key}` })
})

test.each(['', 'short', 'a\0bcdefgh', 'with space', 'line\r\nX-Evil: 1', 'é'.repeat(10), 'k'.repeat(201)])(
  'what can be no key is replaced by one: %j',
  (text) => {
    expect(keyHeader(text)['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/)
  },
)
