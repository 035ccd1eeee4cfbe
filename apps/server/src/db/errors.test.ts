import { expect, test } from 'vitest'
import { isUnavailable } from './errors.ts'

const withCode = (code: string) => Object.assign(new Error('it failed'), { code })

test.each([
  withCode('57P01'),
  withCode('08006'),
  withCode('ECONNRESET'),
  withCode('ENOTFOUND'),
  withCode('53100'),
  withCode('57014'),
  withCode('25006'),
  new Error('Connection terminated unexpectedly'),
  new Error('timeout exceeded when trying to connect'),
  new Error('Client has encountered a connection error and is not queryable'),
])('a database that is away, full, too slow or a copy may be asked again: %s', (error) => {
  expect(isUnavailable(error)).toBe(true)
})

test.each([withCode('23505'), new Error('something else'), 'no error at all'])(
  'anything else does not: %s',
  (error) => {
    expect(isUnavailable(error)).toBe(false)
  },
)
