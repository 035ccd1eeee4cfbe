import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildWebIfStale } from '../../apps/server/src/local/web-build.ts'
import { syncWeb } from '../check/web.ts'
import { ROOT, runBin, runCommand } from '../shared/run-command.ts'
import {
  countFromOutput,
  countPlaywright,
  countVitest,
  orFailed,
  type Count,
  type PlaywrightReport,
  type VitestReport,
} from './count.ts'

/** A suite shows its own progress and its failures as it runs, and tells how many tests passed and failed. */
export type Suite = {
  name: string
  run: () => Promise<Count>
  /** runs when it is named, and not with all others */
  isExtra?: boolean
  /** is only a part of what its own script runs: all of it is run at night */
  isPart?: boolean
}

export const SUITES: Suite[] = [
  { name: 'unit', run: runUnitTests },
  { name: 'db', run: () => runVitest('db') },
  { name: 'e2e', run: runBrowserTests },
  { name: 'race', run: () => runCounted('e2e/race/main.ts'), isPart: true },
  { name: 'integrity', run: () => runCounted('e2e/integrity/main.ts'), isPart: true },
  { name: 'security', run: () => runCounted('e2e/security/main.ts'), isPart: true },
  { name: 'runbooks', run: () => runCounted('scripts/runbooks.ts'), isPart: true },
  { name: 'pipeline', run: () => runCounted('scripts/test-pipeline.ts'), isPart: true },
  { name: 'docs', run: () => runCounted('scripts/test-docs.ts') },
  { name: 'docker', run: runContainerTests, isExtra: true, isPart: true },
]

const show = (chunk: string) => process.stdout.write(chunk)

/** Those of the web app read what `sync` writes. */
async function runUnitTests(): Promise<Count> {
  const { ok, output } = await syncWeb()
  if (ok) return runVitest('unit')
  show(output)
  return { passed: 0, failed: 1, failures: ['sync'] }
}

async function runVitest(project: string): Promise<Count> {
  return withReportFile(async (file) => {
    const flags = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const { ok } = await runBin('vitest', flags, { onOutput: show })
    const report = await readReport<VitestReport>(file)
    return orFailed(report && countVitest(report), ok)
  })
}

async function runBrowserTests(): Promise<Count> {
  await buildWebIfStale(ROOT)
  return withReportFile(async (file) => {
    const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: file }
    const { ok } = await runBin('playwright', ['test', '--config', 'e2e'], { onOutput: show, env })
    const report = await readReport<PlaywrightReport>(file)
    return orFailed(report && countPlaywright(report), ok)
  })
}

/** A program that says itself, in its last line, how much passed and failed; in its short form. */
async function runCounted(file: string, ...flags: string[]): Promise<Count> {
  const { ok, output } = await runCommand(process.execPath, [file, '--short', ...flags], { onOutput: show })
  return orFailed(countFromOutput(output), ok)
}

/** A roll out and a roll back of the production set-up under load, where an engine is there to run it. */
async function runContainerTests(): Promise<Count> {
  const { ok } = await runCommand('docker', ['info'])
  if (ok) return runCounted('e2e/docker/main.ts', '--only', 'a roll out|a roll back')
  show('No Docker engine answers here, so nothing is tried in containers: npm run test:docker does it elsewhere.\n')
  return { passed: 0, failed: 0, failures: [] }
}

async function withReportFile(run: (file: string) => Promise<Count>): Promise<Count> {
  const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-report-'))
  try {
    return await run(join(folder, 'report.json'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function readReport<Report>(file: string): Promise<Report | undefined> {
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Report) : undefined
}
