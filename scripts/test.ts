import { answerHelp } from '../apps/server/src/shared/command-help.ts'
import type { Count } from './test/count.ts'
import { SUITES, type Suite } from './test/suites.ts'
import { ensureSystemNeeds } from './test/system-needs.ts'

answerHelp(`
Runs the tests; the last line counts them.

  npm test              all of them
  npm test -- unit db   these only: unit, db, e2e, race, integrity, security, runbooks,
                        pipeline, docs, docker

docker is not among all of them: a roll out and a roll back in containers, where a Docker engine is there.
`)

const wanted = chooseSuites(process.argv.slice(2))
const total: Count = { passed: 0, failed: 0, failures: [] }
const missing = await ensureSystemNeeds((line) => console.log(line))
if (missing === undefined) {
  for (const suite of wanted) await runSuite(suite)
} else {
  console.error(missing)
  total.failed = 1
}
// Once more, where people look first.
for (const what of total.failures) console.log(`FAILED  ${what}`)
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1

async function runSuite({ name, run }: Suite): Promise<void> {
  console.log(`\n== ${name} tests`)
  const startMs = performance.now()
  const count = await run().catch((error: unknown) => {
    console.error(error)
    return { passed: 0, failed: 1, failures: [] }
  })
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1)
  console.log(`== ${name} tests: ${count.passed} passed and ${count.failed} failed in ${seconds} s`)
  total.passed += count.passed
  total.failed += count.failed
  total.failures.push(...count.failures.map((what) => `${name}: ${what}`))
}

function chooseSuites(names: string[]): Suite[] {
  const unknown = names.filter((name) => !SUITES.some((suite) => suite.name === name))
  if (unknown.length > 0) {
    console.error(`There are no ${unknown.join(', ')} tests; there are: ${SUITES.map(({ name }) => name).join(', ')}`)
    process.exit(2)
  }
  return SUITES.filter(({ name, isExtra }) => (names.length === 0 ? !isExtra : names.includes(name)))
}
