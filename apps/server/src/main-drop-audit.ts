import { dropOldParts, listOldParts } from './audit/retention.service.ts'
import { readEnvironment } from './config/environment.ts'
import { systemClock } from './shared/clock.ts'
import { answerHelp } from './shared/command-help.ts'

answerHelp(`
Drops the months of the audit trail that are older than AUDIT_RETENTION_YEARS. Export them before: main-export-audit.ts.
What is left of the chain can still be verified: the last seals of what goes are kept.

  node apps/server/src/main-drop-audit.ts         says what would go
  node apps/server/src/main-drop-audit.ts --yes   drops it

It reads DATABASE_OWNER_URL, or DATABASE_URL when that is not set.
`)
const isMeant = process.argv.includes('--yes')
const deps = { ...readEnvironment(), clock: systemClock }
const parts = isMeant ? await dropOldParts(deps) : await listOldParts(deps)
for (const { name, events, organizations } of parts)
  console.log(`${isMeant ? 'dropped' : 'would drop'} ${name}: ${events} events of ${organizations} organizations`)
if (parts.length === 0) console.log(`Nothing is older than ${deps.auditRetentionYears} years.`)
