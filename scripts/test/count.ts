/** How much passed and failed, and what it was that failed, as far as it has names. */
export type Count = { passed: number; failed: number; failures: string[] }

/** The part of Vitest's JSON report that is read. */
export type VitestReport = {
  numPassedTests: number
  numFailedTests: number
  testResults: { name: string; status: string; assertionResults: { status: string; fullName: string }[] }[]
}

/** The part of Playwright's JSON report that is read. */
export type PlaywrightReport = {
  stats: { expected: number; unexpected: number; flaky: number }
  errors: unknown[]
  suites: PlaywrightSuite[]
}

type PlaywrightSuite = { specs?: { title: string; file: string; ok: boolean }[]; suites?: PlaywrightSuite[] }

/** A file that could not even be loaded counts as one failure: it has tests, and none has passed. */
export function countVitest(report: VitestReport): Count {
  const isBroken = (file: VitestReport['testResults'][number]) =>
    file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed')
  const brokenFiles = report.testResults.filter(isBroken)
  const failures = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => `${name}: ${fullName}`),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    failures: [...failures, ...brokenFiles.map(({ name }) => `${name} could not be loaded`)],
  }
}

/** A test that passed only at a repetition has passed; an error outside of all tests is one failure. */
export function countPlaywright({ stats, errors, suites }: PlaywrightReport): Count {
  const failed = stats.unexpected + errors.length
  return { passed: stats.expected + stats.flaky, failed, failures: suites.flatMap(failedIn) }
}

function failedIn({ specs = [], suites = [] }: PlaywrightSuite): string[] {
  const own = specs.filter(({ ok }) => !ok).map(({ file, title }) => `${file}: ${title}`)
  return [...own, ...suites.flatMap(failedIn)]
}

/** @returns what the last line of the form `N passed, N failed` says; undefined when there is none */
export function countFromOutput(output: string): Count | undefined {
  const match = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1)
  const failures = [...output.matchAll(/^ +FAILED +(.+)$/gm)].map(([, what = '']) => what)
  return match && { passed: Number(match[1]), failed: Number(match[2]), failures }
}

/** A suite that ended badly has failed, whatever it counted: nobody may take it for good. */
export function orFailed(count: Count | undefined, exitedWell: boolean): Count {
  const { passed, failed, failures } = count ?? { passed: 0, failed: 1, failures: [] }
  return { passed, failed: exitedWell ? failed : Math.max(failed, 1), failures }
}
