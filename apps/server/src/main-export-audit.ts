import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { checkExport, exportAudit, rangeOf } from './audit/export.service.ts'
import { readEnvironment } from './config/environment.ts'
import { databaseOptions, openDatabase } from './db/database.ts'
import { findOrganizationId, listOrganizationIds } from './organizations/organizations.service.ts'
import { answerHelp } from './shared/command-help.ts'

answerHelp(`
Writes the audit trail as JSON Lines, each event with its place and hash in the sealed chain, or checks such a file.

  node apps/server/src/main-export-audit.ts > trail.jsonl
  node apps/server/src/main-export-audit.ts --organization demo --from 2026-01-01T00:00:00Z --to 2027-01-01T00:00:00Z
  node apps/server/src/main-export-audit.ts --verify trail.jsonl

  --organization  the slug of one; all when left out
  --from, --to    from the first event of this time to the last before that one, and what lies between in the chain
  --verify        needs no database; ends with 1 when a chain in the file is broken or cut off
`)

const { values } = parseArgs({
  options: {
    organization: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    verify: { type: 'string' },
  },
})
await (values.verify === undefined ? write() : verify(values.verify))

async function write(): Promise<void> {
  const range = rangeOf(values)
  const db = await openDatabase(databaseOptions(readEnvironment(), (error) => console.error(error)))
  try {
    const { organization } = values
    const ids = organization ? [await findOrganizationId(db, organization)] : await listOrganizationIds(db)
    for (const id of ids) await pipeline(Readable.from(exportAudit({ db }, id, range)), process.stdout, { end: false })
  } finally {
    await db.close()
  }
}

async function verify(file: string): Promise<void> {
  for (const verdict of await checkExport(createInterface({ input: createReadStream(file) }))) {
    const { organization, ok, events, stretches, firstBroken, isComplete } = verdict
    const places = stretches.map(({ first, last }) => `${first} to ${last}`).join(', ')
    const what = ok ? `${events} events, unbroken (${places})` : `broken at event ${firstBroken}`
    console.log(`${organization}: ${what}${isComplete ? '' : '; the end is missing'}`)
    if (!ok || !isComplete) process.exitCode = 1
  }
}
