import { expect, test } from 'vitest'
import { errorFacts, scrub } from './error-facts.ts'

test.each([
  ['connect to postgres://app:pass@db:5432/x', 'connect to postgres://[secret] db:5432/x'],
  ['<ada@example.com>: unknown', '<[email]>: unknown'],
  ['GET /booking/1?token=abc&x=1 failed', 'GET /booking/1?[query] failed'],
  ['call +49 (30) 123-456 back', 'call [phone] back'],
  [`Bearer ${'a1'.repeat(20)}`, 'Bearer [secret]'],
  ['organization 0195a3b0-1111-7222-8333-444455556666', 'organization 0195a3b0-1111-7222-8333-444455556666'],
  ['connect ECONNREFUSED 127.0.0.1:5432', 'connect ECONNREFUSED 127.0.0.1:5432'],
])('of a text stays what names nobody and opens nothing: %s', (text, kept) => {
  expect(scrub(text)).toBe(kept)
})

test('of an error stays what it is and where it was thrown, with its causes', () => {
  const cause = Object.assign(new Error('relation "x" does not exist'), { code: '42P01', detail: 'Ada' })
  const facts = errorFacts(new TypeError('It failed', { cause }))
  expect(facts).toMatchObject({
    ...{ type: 'TypeError', message: 'It failed' },
    cause: { type: 'Error', code: '42P01', message: 'relation "x" does not exist' },
  })
  expect(facts.stack).toMatch(/^at .*error-facts\.test/)
  expect(JSON.stringify(facts)).not.toContain('Ada')
})

test.each([
  ['what the database could not read', Object.assign(new Error('invalid input: "Ada"'), { code: '22P02' })],
  ['what is no JSON', new SyntaxError('Unexpected token, "Ada" is not valid JSON')],
  ['what the mail server said', Object.assign(new Error('550 Ada has left'), { response: '550 Ada has left' })],
  ['what was thrown that is no error', 'Ada'],
])('%s is not repeated', (_what, thrown) => {
  expect(JSON.stringify(errorFacts(thrown))).not.toContain('Ada')
})

test('a circle of causes ends, and of many errors a few are enough', () => {
  const circle = new Error('round')
  circle.cause = circle
  expect(JSON.stringify(errorFacts(circle)).match(/round/g)).toHaveLength(5)
  const many = new AggregateError(Array(50).fill(new Error('one of many')), 'all')
  expect(errorFacts(many).errors).toHaveLength(5)
})
