import { expect, test } from 'vitest'
import { countFromOutput, countPlaywright, countVitest, orFailed } from './count.ts'

test('a test file that does not load counts as a failure', () => {
  const testResults = [
    { status: 'passed', assertionResults: [{ status: 'passed' }] },
    { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] },
    { status: 'failed', assertionResults: [] },
  ]
  expect(countVitest({ numPassedTests: 2, numFailedTests: 1, testResults })).toEqual({ passed: 2, failed: 2 })
})

test('an error outside of the browser tests counts as a failure', () => {
  const stats = { expected: 3, unexpected: 1, flaky: 1 }
  expect(countPlaywright({ stats, errors: [{}] })).toEqual({ passed: 4, failed: 2 })
})

test('the last count of an output is taken, and only when it is a line of its own', () => {
  expect(countFromOutput('1 passed, 0 failed\nlater\n2 passed, 3 failed\n')).toEqual({ passed: 2, failed: 3 })
  expect(countFromOutput('so 2 passed, 3 failed here')).toBeUndefined()
})

test('a bad end is a failure even when no test failed, and so is no count at all', () => {
  expect(orFailed({ passed: 5, failed: 0 }, false)).toEqual({ passed: 5, failed: 1 })
  expect(orFailed({ passed: 5, failed: 2 }, false)).toEqual({ passed: 5, failed: 2 })
  expect(orFailed(undefined, true)).toEqual({ passed: 0, failed: 1 })
})
