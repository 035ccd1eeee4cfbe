import { expect, test } from 'vitest'
import { differences } from './generated.ts'

test('a generated file that is the same is not mentioned', () => {
  expect(differences(new Map([['a', '1\n']]), new Map([['a', '1\n']]))).toEqual([])
})

test('a stale file is named with its first line that differs', () => {
  expect(differences(new Map([['a', '1\n2\n']]), new Map([['a', '1\n3\n']]))).toEqual([
    'a is stale (line 2: "2", now "3")',
  ])
})

test('a file that only lost its end is stale, too', () => {
  expect(differences(new Map([['a', '1\n2']]), new Map([['a', '1']]))).toEqual(['a is stale (line 2: "2", now "")'])
})

test('a file that is not committed, and one that is left over, are told apart', () => {
  const found = new Map([['old', '']])
  expect(differences(found, new Map([['new', '']]))).toEqual(['new is missing', 'old is no longer generated'])
})
