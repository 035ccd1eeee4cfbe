import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { checkExport, exportAudit, rangeOf } from '../audit/export.service.ts'
import { readEnvironment } from '../config/environment.ts'
import { databaseOptions, openDatabase } from '../db/database.ts'
import { findOrganizationId, listOrganizationIds } from '../organizations/organizations.service.ts'
import { defineCommand, JSON_OPTION, type ExitCode, type Given } from './command.ts'

const options = {
  ...JSON_OPTION,
  organization: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  verify: { type: 'string' },
} as const

export const command = defineCommand({
  help: `
Writes the audit trail as JSON Lines, each event with its place and hash in the sealed chain, or checks such a file.

  node apps/server/src/main.ts audit export > trail.jsonl
  node apps/server/src/main.ts audit export --organization demo --from 2026-01-01T00:00:00Z --to 2027-01-01T00:00:00Z
  node apps/server/src/main.ts audit export --verify trail.jsonl

  --organization  the slug of one; all when left out
  --from, --to    from the first event of this time to the last before that one, and what lies between in the chain
  --verify        needs no database; ends with 1 when a chain in the file is broken or cut off
  --json          the verdict on a file as JSON; what is written is JSON Lines in any case
`,
  options,
  run: (given) => (given.values.verify === undefined ? write(given) : verify(given, given.values.verify)),
})

async function write({ values, output }: Given<typeof options>): Promise<ExitCode> {
  const range = rangeOf(values)
  const db = await openDatabase(databaseOptions(readEnvironment(), (error) => output.progress(error.message)))
  try {
    const { organization } = values
    const ids = organization ? [await findOrganizationId(db, organization)] : await listOrganizationIds(db)
    for (const id of ids) await pipeline(Readable.from(exportAudit({ db }, id, range)), process.stdout, { end: false })
    return 0
  } finally {
    await db.close()
  }
}

async function verify({ output }: Given<typeof options>, file: string): Promise<ExitCode> {
  const verdicts = await checkExport(createInterface({ input: createReadStream(file) }))
  const lines = verdicts.map(({ organization, ok, events, stretches, firstBroken, isComplete }) => {
    const places = stretches.map(({ first, last }) => `${first} to ${last}`).join(', ')
    const what = ok ? `${events} events, unbroken (${places})` : `broken at event ${firstBroken}`
    return `${organization}: ${what}${isComplete ? '' : '; the end is missing'}`
  })
  output.tell(verdicts, lines.join('\n'))
  return verdicts.every(({ ok, isComplete }) => ok && isComplete) ? 0 : 1
}
