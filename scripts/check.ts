import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { answerHelp } from '../apps/server/src/shared/command-help.ts'
import { checkDocs } from './check/docs.ts'
import { checkGenerated } from './check/generated.ts'
import { checkInstallScripts } from './check/install-scripts.ts'
import { checkLockFile, type LockFile } from './check/lock-file.ts'
import { checkMigrations } from './check/migrations.ts'
import { checkOpenApi } from './check/openapi.ts'
import { checkWorkflows } from './check/workflows.ts'
import { checkSvelte, syncWeb } from './check/web.ts'
import { checkLicences } from './release/licences.ts'
import { ROOT, runBin, runCommand } from './shared/run-command.ts'
import { formatReport, runSteps, type Step } from './shared/steps.ts'

answerHelp(`
Checks all that can be checked without running it.

  npm run check                 all checks
  npm run check -- lint types   these only
`)

/** What the other steps read. */
const FIRST: Step = { name: 'sync', run: syncWeb }

/** The longest first: two run at a time. */
const STEPS: Step[] = [
  { name: 'lint', run: () => runBin('eslint', ['.']) },
  { name: 'types', run: checkTypes },
  { name: 'svelte', run: checkSvelte },
  { name: 'generated', run: checkGenerated },
  // Fails on any warning, on what cdk-nag finds, and on what CloudFormation's schemas do not know.
  { name: 'aws', run: () => runCommand('npm', ['run', '--silent', 'aws:synth']) },
  { name: 'format', run: () => runBin('prettier', ['--check', '--cache', '--log-level', 'warn', '.']) },
  { name: 'unused', run: () => runBin('knip', []) },
  { name: 'layers', run: checkLayers },
  { name: 'docs', run: checkDocs },
  { name: 'openapi', run: checkOpenApi },
  { name: 'migrations', run: checkMigrations },
  { name: 'workflows', run: checkWorkflows },
  { name: 'installs', run: checkInstallScripts },
  { name: 'lock', run: readAndCheckLockFile },
  { name: 'licences', run: judgeLicences },
]

const PARALLEL = 2

const wanted = chooseSteps(process.argv.slice(2))
const report = (done: Parameters<typeof formatReport>[0]) => console.log(formatReport(done))
const startMs = performance.now()
const reports = [...(await runSteps([FIRST], 1, report)), ...(await runSteps(wanted, PARALLEL, report))]
const failed = reports.filter(({ ok }) => !ok).map(({ name }) => name)
const seconds = ((performance.now() - startMs) / 1000).toFixed(0)
const verdict = failed.length === 0 ? 'all good' : `${failed.length} failed: ${failed.join(', ')}`
console.log(`${reports.length} checks in ${seconds} s, ${verdict}`)
process.exitCode = failed.length === 0 ? 0 : 1

function chooseSteps(names: string[]): Step[] {
  const unknown = names.filter((name) => !STEPS.some((step) => step.name === name))
  if (unknown.length > 0) {
    console.error(`There is no check ${unknown.join(', ')}; there are: ${STEPS.map(({ name }) => name).join(', ')}`)
    process.exit(2)
  }
  return names.length === 0 ? STEPS : STEPS.filter(({ name }) => names.includes(name))
}

/** By its path: another package may own the name `tsc` in node_modules/.bin. */
function checkTypes() {
  const state = ['--incremental', '--tsBuildInfoFile', 'node_modules/.cache/tsc.tsbuildinfo']
  return runCommand('node', ['node_modules/typescript/bin/tsc', '--project', 'tsconfig.json', '--pretty', ...state])
}

async function readAndCheckLockFile() {
  return checkLockFile(JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as LockFile)
}

async function judgeLicences() {
  const [finding] = await checkLicences(ROOT)
  return { ok: finding?.state === 'ok', output: finding?.found ?? 'nothing was looked at' }
}

function checkLayers() {
  return runBin('depcruise', [
    '--config',
    '.dependency-cruiser.cjs',
    'apps',
    'packages',
    'scripts',
    'bench',
    'deploy',
    'e2e',
  ])
}
