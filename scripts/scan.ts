import { answerHelp } from '../apps/server/src/shared/command-help.ts'
import { exitCodeOf, formatFindings, runChecks, type Check } from '../apps/server/src/shared/finding.ts'
import { checkExceptions } from './pipeline/exceptions.ts'
import { checkAudit } from './release/audit.ts'
import { checkLicences } from './release/licences.ts'
import { checkSecrets } from './release/secrets.ts'
import { ROOT } from './shared/run-command.ts'

answerHelp(`
Scans the checkout: secrets in its files, licences and known weaknesses of what goes along with the product, and the
exceptions from that in scripts/pipeline/exceptions.json.

  npm run scan
  npm run scan -- --strict   fails also where the registry answers no audits, as the pipeline's does

Exit codes: 0 nothing has failed, 1 something has.
`)

const LIMIT_MS = 5 * 60_000
const fix = 'See whether git, npm and the file system are in order.'
const checks: Check[] = [
  { name: 'secrets', run: () => checkSecrets(ROOT), fix },
  { name: 'licences', run: () => checkLicences(ROOT), fix },
  { name: 'exceptions', run: () => checkExceptions(ROOT, Date.now()), fix },
  { name: 'dependency audit', run: () => checkAudit(ROOT, process.argv.includes('--strict')), fix },
]
const findings = await runChecks(checks, LIMIT_MS)
console.log(formatFindings(findings))
process.exitCode = exitCodeOf(findings)
