import { expect, test } from 'vitest'
import { AppError } from '../shared/app-error.ts'
import { checkKnown, checkService, defaultStepMin } from './services.rules.ts'
import type { Question } from './services.schemas.ts'

function refusedFields(check: () => void): string[] {
  try {
    check()
  } catch (error) {
    if (error instanceof AppError) return (error.fields ?? []).map(({ field }) => field)
    throw error
  }
  return []
}

const text: Question = { id: 'reason', label: 'Why do you come?', kind: 'text', required: false }
const choice: Question = {
  id: 'side',
  label: 'Which side?',
  kind: 'choice',
  required: true,
  choices: ['left', 'right'],
}

test.each([
  [[20], 20],
  [[30, 60], 30],
  [[60], 30],
  [[90, 15], 30],
])('a service of %j minutes starts every %i minutes unless told otherwise', (durationsMin, stepMin) => {
  expect(defaultStepMin(durationsMin)).toBe(stepMin)
})

test('questions that can be asked are accepted', () => {
  expect(refusedFields(() => checkService({ slug: 'consultation', questions: [text, choice] }))).toEqual([])
})

test('questions that cannot be asked are named', () => {
  const { choices: _, ...choiceWithoutChoices } = choice
  const questions = [
    text,
    { ...choice, id: 'reason' },
    { ...choiceWithoutChoices, id: 'a' },
    { ...text, id: 'b', choices: ['x'] },
    { ...choice, id: 'c', choices: ['x', 'x'] },
  ]
  expect(refusedFields(() => checkService({ questions }))).toEqual([
    'questions.1.id',
    'questions.2.choices',
    'questions.3.choices',
    'questions.4.choices',
  ])
})

test('an address in the form of an id is refused, because services are found by id too', () => {
  expect(refusedFields(() => checkService({ slug: '0190a000-0000-7000-8000-000000000001' }))).toEqual(['slug'])
})

test('every id of which nobody is known is named', () => {
  const known = new Map([['b', 1]])
  expect(refusedFields(() => checkKnown('providers', ['a', 'b', 'c'], known))).toEqual(['providers.0', 'providers.2'])
  expect(refusedFields(() => checkKnown('resources', ['b'], known))).toEqual([])
})
