import { expect, test } from 'vitest'
import { exitCodeOf, failed, formatFindings, ok, reasonOf, runChecks, warning } from './finding.ts'

const fix = 'Mend it.'

test('what a check throws, and that it takes too long, is a finding; the others are told all the same', async () => {
  const checks = [
    { name: 'broken', run: () => Promise.reject(new Error('no way')), fix },
    { name: 'slow', run: () => Promise.withResolvers<never>().promise, fix },
    { name: 'well', run: async () => [ok('well', 'it works')], fix },
  ]
  expect(await runChecks(checks, 20)).toEqual([
    failed('broken', 'no way', fix),
    failed('slow', 'no answer within 0.02 s', fix),
    ok('well', 'it works'),
  ])
})

test('a failure ends with 1, a warning does not', () => {
  expect(exitCodeOf([ok('a', ''), warning('b', '', fix)])).toBe(0)
  expect(exitCodeOf([ok('a', ''), failed('b', '', fix)])).toBe(1)
})

test('people get a table, with what to do below what is not well, and a count', () => {
  expect(formatFindings([ok('disk', 'full of room'), failed('mail server', 'away', fix)]).split('\n')).toEqual([
    'ok       disk         full of room',
    'failed   mail server  away',
    '                      Mend it.',
    '1 ok, 0 warnings, 1 failed',
  ])
})

test('an error without words says what it was made of', () => {
  expect(reasonOf(new AggregateError([new Error('refused'), new Error('away')]))).toBe('refused: away')
  expect(reasonOf(new TypeError('fetch failed', { cause: new Error('refused') }))).toBe('fetch failed: refused')
  expect(reasonOf('nothing')).toBe('nothing')
})
