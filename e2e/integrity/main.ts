import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildWebIfStale } from '../../apps/server/src/local/web-build.ts'
import { ROOT } from '../../scripts/shared/run-command.ts'
import { CHECKS } from './checks/checks.ts'
import { writeHistory } from './history.ts'
import type { Journal } from './journal.ts'
import { readOptions, type Options } from './options.ts'
import { faultTable, findingTable, operationTable } from './report.ts'
import { run } from './run.ts'

const options = readOptions()
const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-integrity-run-'))
const journal: Journal = { history: [], faults: [] }
const say = (line: string) => console.log(line)

// Whatever was started ends with this process, also when it is broken off.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

say(`seed ${options.seed}, ${options.clients} clients, ${options.seconds} s`)
const failed = await check().catch((error: unknown) => {
  console.error(error)
  return CHECKS.length
})
if (failed === 0) await rm(folder, { recursive: true })
else await leaveBehind()
say(`\n${CHECKS.length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/** @returns how many of the checks found something */
async function check(): Promise<number> {
  await buildWebIfStale(ROOT)
  const evidence = await run({ options, logFolder: folder, journal, say })
  say(`\n${operationTable(evidence.history)}`)
  if (evidence.faults.length > 0) say(`\n${faultTable(evidence.faults)}`)
  const findings = CHECKS.map((one) => ({ check: one, finding: one.find(evidence) }))
  say(`\n${findingTable(findings)}`)
  return findings.filter(({ finding }) => finding.violations.length > 0).length
}

async function leaveBehind(): Promise<void> {
  const file = join(folder, 'history.jsonl')
  await writeHistory(file, { ...headOf(options), faults: journal.faults }, journal.history)
  say(`\nThe history is in ${file}, the output of the processes beside it. Again with:`)
  say(`  npm run test:integrity -- ${flagsOf(options)}`)
}

function headOf({ seed, clients, seconds, sabotage }: Options) {
  return { seed, clients, seconds, sabotage }
}

function flagsOf({ seed, clients, seconds, faults, sabotage }: Options): string {
  const kinds = faults.map(({ kind }) => kind).join(',') || 'none'
  return `--seed ${seed} --clients ${clients} --seconds ${seconds} --faults ${kinds} --sabotage ${sabotage}`
}
