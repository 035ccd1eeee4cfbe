import { expect, test } from 'vitest'
import { readQuestionRows, questionsOf } from './questions.ts'
import { safeNext, signInPath, withParams } from './links.ts'
import { rightsOf } from './roles.ts'
import { slugFrom } from './slug.ts'
import { joinSpan, minutesList, splitSpan } from './spans.ts'

test('after signing in, one is led to pages of ours only', () => {
  expect(safeNext('/app/demo?date=2026-01-01', '/app')).toBe('/app/demo?date=2026-01-01')
  for (const evil of ['https://example.com', '//example.com', '/\\example.com', '/app\r\nx', 'app', null])
    expect(safeNext(evil, '/app')).toBe('/app')
  expect(signInPath(new URL('http://host/app/demo?q=a b'))).toBe('/sign-in?next=%2Fapp%2Fdemo%3Fq%3Da%2520b')
})

test('parameters of an address are set, replaced and removed', () => {
  const address = { pathname: '/app', search: '?a=1&b=2' }
  expect(withParams(address, { a: null, b: '3' })).toBe('/app?b=3')
  expect(withParams(address, { a: null, b: null })).toBe('/app')
})

test('each role may do what the ones below it may', () => {
  expect(rightsOf('viewer')).toEqual({ book: false, manage: false, administer: false })
  expect(rightsOf('provider')).toEqual({ book: true, manage: false, administer: false })
  expect(rightsOf('manager')).toEqual({ book: true, manage: true, administer: false })
  expect(rightsOf('owner')).toEqual({ book: true, manage: true, administer: true })
})

test('an address is suggested from a name in any writing, where that is possible', () => {
  expect(slugFrom('  Café Größe & Söhne! ')).toBe('cafe-grosse-sohne')
  expect(slugFrom('عيادة')).toBe('')
})

test('a span is said in the longest unit that says it exactly, and read back', () => {
  expect(splitSpan(2880)).toEqual({ amount: 2, unit: 'days' })
  expect(splitSpan(90)).toEqual({ amount: 90, unit: 'minutes' })
  expect(splitSpan(0)).toEqual({ amount: 0, unit: 'minutes' })
  expect(joinSpan('12', 'hours')).toBe(720)
  expect(joinSpan('12', 'weeks')).toBeNaN()
  expect(minutesList('30, 60;90')).toEqual([30, 60, 90])
  expect(minutesList('half')).toEqual([Number.NaN])
})

test('a new question is named after its label once, and keeps its name when the label changes', () => {
  const form = new FormData()
  const rows = [
    { id: 'first_visit', label: 'Been here?', kind: 'choice', choices: ' Yes \n\nNo\nYes' },
    { id: '', label: 'First visit', kind: 'text', choices: '' },
    { id: '', label: '', kind: 'text', choices: 'left out' },
  ]
  for (const [index, row] of rows.entries()) {
    for (const [part, value] of Object.entries(row)) form.append(`question-${String(index)}-${part}`, value)
  }
  form.append('question-1-required', 'on')
  expect(questionsOf(readQuestionRows(form))).toEqual([
    { id: 'first_visit', label: 'Been here?', kind: 'choice', required: false, choices: ['Yes', 'No'] },
    { id: 'first_visit_2', label: 'First visit', kind: 'text', required: true },
  ])
})
