import { verifyAudit } from '../audit/audit.service.ts'
import { readEnvironment } from '../config/environment.ts'
import { databaseOptions, openDatabase } from '../db/database.ts'
import { listOrganizationIds } from '../organizations/organizations.service.ts'
import { defineCommand, JSON_OPTION } from './command.ts'

export const command = defineCommand({
  help: `
Checks the sealed chain of every organization's audit trail; ends with 1 when one is broken.

  node apps/server/src/main.ts audit verify

  --json  [{"organization", "ok", "events", "unsealed", "firstBroken"}]
`,
  options: JSON_OPTION,
  async run({ output }) {
    const db = await openDatabase(databaseOptions(readEnvironment(), (error) => output.progress(error.message)))
    try {
      const verdicts = []
      for (const organization of await listOrganizationIds(db))
        verdicts.push({ organization, ...(await verifyAudit({ db }, organization)) })
      output.tell(verdicts, verdicts.map(describe).join('\n'))
      return verdicts.every(({ ok }) => ok) ? 0 : 1
    } finally {
      await db.close()
    }
  },
})

type Verdict = Awaited<ReturnType<typeof verifyAudit>> & { organization: string }

function describe({ organization, ok, events, unsealed, firstBroken }: Verdict): string {
  if (!ok) return `${organization}: broken at event ${firstBroken}`
  const waiting = unsealed > 0 ? `; ${unsealed} wait for their seal` : ''
  return `${organization}: ${events} sealed events, unbroken${waiting}`
}
