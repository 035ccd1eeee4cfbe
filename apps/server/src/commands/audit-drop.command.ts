import { dropOldParts, listOldParts } from '../audit/retention.service.ts'
import { readEnvironment } from '../config/environment.ts'
import { systemClock } from '../shared/clock.ts'
import { defineCommand, JSON_OPTION } from './command.ts'

export const command = defineCommand({
  help: `
Drops the months of the audit trail that are older than AUDIT_RETENTION_YEARS. Export them before: audit export.
What is left of the chain can still be verified: the last seals of what goes are kept.

  node apps/server/src/main.ts audit drop         says what would go
  node apps/server/src/main.ts audit drop --yes   drops it

  --json  {"dropped": whether it was done, "parts": [{"name", "events", "organizations"}]}

It reads DATABASE_OWNER_URL, or DATABASE_URL when that is not set.
`,
  options: { ...JSON_OPTION, yes: { type: 'boolean' } },
  async run({ values: { yes: dropped = false }, output }) {
    const deps = { ...readEnvironment(), clock: systemClock }
    const parts = dropped ? await dropOldParts(deps) : await listOldParts(deps)
    const lines = parts.map(
      ({ name, events, organizations }) =>
        `${dropped ? 'dropped' : 'would drop'} ${name}: ${events} events of ${organizations} organizations`,
    )
    output.tell({ dropped, parts }, lines.join('\n') || `Nothing is older than ${deps.auditRetentionYears} years.`)
    return 0
  },
})
