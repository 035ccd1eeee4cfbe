import { expect, test } from 'vitest'
import { countFromOutput, countPlaywright, countVitest, orFailed } from './count.ts'

test('a test file that does not load counts as a failure', () => {
  const testResults = [
    { name: 'a.test.ts', status: 'passed', assertionResults: [{ status: 'passed', fullName: 'one' }] },
    {
      ...{ name: 'b.test.ts', status: 'failed' },
      assertionResults: [
        { status: 'passed', fullName: 'two' },
        { status: 'failed', fullName: 'three' },
      ],
    },
    { name: 'c.test.ts', status: 'failed', assertionResults: [] },
  ]
  expect(countVitest({ numPassedTests: 2, numFailedTests: 1, testResults })).toEqual({
    ...{ passed: 2, failed: 2 },
    failures: ['b.test.ts: three', 'c.test.ts could not be loaded'],
  })
})

test('an error outside of the browser tests counts as a failure', () => {
  const stats = { expected: 3, unexpected: 1, flaky: 1 }
  const specs = [
    { file: 'a.spec.ts', title: 'one', ok: true },
    { file: 'a.spec.ts', title: 'two', ok: false },
  ]
  const suites = [{ suites: [{ specs }] }]
  expect(countPlaywright({ stats, errors: [{}], suites })).toEqual({
    ...{ passed: 4, failed: 2 },
    failures: ['a.spec.ts: two'],
  })
})

test('the last count of an output is taken, and only when it is a line of its own', () => {
  const output = '1 passed, 0 failed\n  FAILED  no time twice: 2 were\n2 passed, 3 failed\n'
  expect(countFromOutput(output)).toEqual({ passed: 2, failed: 3, failures: ['no time twice: 2 were'] })
  expect(countFromOutput('so 2 passed, 3 failed here')).toBeUndefined()
})

test('a bad end is a failure even when no test failed, and so is no count at all', () => {
  const failures = ['one']
  expect(orFailed({ passed: 5, failed: 0, failures: [] }, false)).toEqual({ passed: 5, failed: 1, failures: [] })
  expect(orFailed({ passed: 5, failed: 2, failures }, false)).toEqual({ passed: 5, failed: 2, failures })
  expect(orFailed(undefined, true)).toEqual({ passed: 0, failed: 1, failures: [] })
})
