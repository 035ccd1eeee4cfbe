export type Count = { passed: number; failed: number }

/** The part of Vitest's JSON report that is read. */
export type VitestReport = {
  numPassedTests: number
  numFailedTests: number
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

/** The part of Playwright's JSON report that is read. */
export type PlaywrightReport = {
  stats: { expected: number; unexpected: number; flaky: number }
  errors: unknown[]
}

/** A file that could not even be loaded counts as one failure: it has tests, and none has passed. */
export function countVitest(report: VitestReport): Count {
  const isBroken = (file: VitestReport['testResults'][number]) =>
    file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed')
  const brokenFiles = report.testResults.filter(isBroken).length
  return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles }
}

/** A test that passed only at a repetition has passed; an error outside of all tests is one failure. */
export function countPlaywright({ stats, errors }: PlaywrightReport): Count {
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length }
}

/** @returns what the last line of the form `N passed, N failed` says; undefined when there is none */
export function countFromOutput(output: string): Count | undefined {
  const match = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1)
  return match && { passed: Number(match[1]), failed: Number(match[2]) }
}

/** A suite that ended badly has failed, whatever it counted: nobody may take it for good. */
export function orFailed(count: Count | undefined, exitedWell: boolean): Count {
  const { passed, failed } = count ?? { passed: 0, failed: 1 }
  return { passed, failed: exitedWell ? failed : Math.max(failed, 1) }
}
