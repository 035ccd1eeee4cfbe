import { expect, test } from 'vitest'
import { canonical } from './chain.ts'

test('equal values have one spelling, whatever the order of their names', () => {
  const text = '{"a":[1,{"c":null,"d":"ü\\"\\n"}],"b":true}'
  expect(canonical({ b: true, a: [1, { d: 'ü"\n', c: null }] })).toBe(text)
  expect(canonical({ a: [1, { c: null, d: 'ü"\n' }], b: true, e: undefined })).toBe(text)
})

test('values that differ are spelt differently', () => {
  expect(canonical({ a: '1' })).not.toBe(canonical({ a: 1 }))
  expect(canonical({ a: [1, 2] })).not.toBe(canonical({ a: [2, 1] }))
  expect(canonical({ a: null })).not.toBe(canonical({}))
})
