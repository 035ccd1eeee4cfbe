import { expect, test } from 'vitest'
import { fillIn, isRun } from './expressions.ts'

const CONTEXTS = { vars: { TARGET: 'docker' }, steps: { smoke: { outcome: 'failure' } }, inputs: {} }

test('expressions are replaced by what they stand for, and by nothing where there is none', () => {
  expect(fillIn('to ${{ vars.TARGET }}, ${{ inputs.version }}.', CONTEXTS)).toBe('to docker, .')
  expect(() => fillIn('${{ var.TARGET }}', CONTEXTS)).toThrow('var')
})

test.each([
  [undefined, false, true],
  [undefined, true, false],
  ["vars.TARGET == 'docker'", false, true],
  ["vars.TARGET == 'docker'", true, false],
  ["vars.TARGET == 'aws'", false, false],
  ["${{ failure() && steps.smoke.outcome == 'failure' }}", true, true],
  ["${{ failure() && steps.smoke.outcome == 'failure' }}", false, false],
  ["vars.MIRROR_URL != ''", false, false],
  ['always()', true, true],
])('a step with the condition %s, after a failure %s: %s', (condition, hasFailed, runs) => {
  expect(isRun(condition, CONTEXTS, hasFailed)).toBe(runs)
})
