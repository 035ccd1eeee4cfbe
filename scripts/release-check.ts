import { parseArgs } from 'node:util'
import {
  exitCodeOf,
  failed,
  formatFindings,
  ok,
  runChecks,
  toResult,
  warning,
  type Check,
  type Finding,
} from '../apps/server/src/shared/finding.ts'
import { checkAudit } from './release/audit.ts'
import { previousTag } from './release/git.ts'
import { checkLicences } from './release/licences.ts'
import { checkMigrations } from './release/migrations.ts'
import { checkRollback } from './release/rollback.ts'
import { checkSecrets } from './release/secrets.ts'
import { checkTree } from './release/tree.ts'
import { checkVersion } from './release/version.ts'
import { ROOT, runCommand } from './shared/run-command.ts'

const HELP = `Looks whether what is checked out can be released: a clean tree, one version with its entry in CHANGELOG.md and a free
tag, all checks (npm run check), migrations that are told, reversible and unchanged since the last release, known
weaknesses of dependencies, secrets in the tree, licences of what goes along, and a release to go back to.

  npm run release-check
  npm run release-check -- --tests   runs all tests as well (npm test)
  npm run release-check -- --fast    leaves out npm run check

  --json  {"ok", "findings": [{"name", "state": "ok", "warning" or "failed", "found", "fix"}]}

Exit codes: 0 it can be released, 1 something has failed, 2 used wrongly. Warnings are to be read, and fail nothing.`

/** All checks and tests of a slow machine end within this. */
const LIMIT_MS = 2 * 60 * 60_000

const given = readArguments()
if (typeof given === 'string') {
  console.error(`${given}\n\n${HELP}`)
  process.exitCode = 2
} else if (given.help) {
  console.log(HELP)
} else {
  const since = await previousTag(ROOT)
  console.error('Looking')
  const findings = await runChecks(checksOf(given, since), LIMIT_MS)
  console.log(given.json ? JSON.stringify(toResult(findings)) : formatFindings(findings))
  process.exitCode = exitCodeOf(findings)
}

type Wanted = { fast: boolean; tests: boolean; json: boolean; help: boolean }

/** @returns what is wrong with them, when something is */
function readArguments(): Wanted | string {
  const flag = { type: 'boolean', default: false } as const
  try {
    return parseArgs({ options: { fast: flag, tests: flag, json: flag, help: { ...flag, short: 'h' } } }).values
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function checksOf({ fast, tests }: Wanted, since: string | undefined): Check[] {
  const fix = 'See whether git, npm and the file system are in order.'
  const skipped = async () => [warning('checks', 'left out', 'Run it without --fast before the release.')]
  return [
    { name: 'clean tree', run: () => checkTree(ROOT), fix },
    { name: 'version', run: () => checkVersion(ROOT), fix },
    { name: 'migrations', run: () => checkMigrations(ROOT, since), fix },
    { name: 'secrets', run: () => checkSecrets(ROOT), fix },
    { name: 'licences', run: () => checkLicences(ROOT), fix },
    { name: 'dependency audit', run: () => checkAudit(ROOT), fix },
    { name: 'way back', run: () => checkRollback(ROOT, since), fix },
    { name: 'checks', run: fast ? skipped : async () => [await runScript('checks', 'check')], fix },
    ...(tests ? [{ name: 'tests', run: async () => [await runScript('tests', 'test')], fix }] : []),
  ]
}

/** Runs a script of the repository, with its progress on standard error. Its last line tells how it went. */
async function runScript(name: string, script: string): Promise<Finding> {
  const onOutput = (chunk: string) => void process.stderr.write(chunk)
  const { ok: isGood, output } = await runCommand('npm', ['run', '--silent', script], { onOutput })
  const last = output.trimEnd().split('\n').at(-1) ?? ''
  return isGood ? ok(name, last) : failed(name, last, `Run npm run ${script}, and mend what it names.`)
}
