import { verifyAudit } from './audit/audit.service.ts'
import { readEnvironment } from './config/environment.ts'
import { databaseOptions, openDatabase } from './db/database.ts'
import { listOrganizationIds } from './organizations/organizations.service.ts'
import { answerHelp } from './shared/command-help.ts'

answerHelp(`
Checks the sealed chain of every organization's audit trail; ends with 1 when one is broken.

  node apps/server/src/main-verify-audit.ts
`)
const db = await openDatabase(databaseOptions(readEnvironment(), (error) => console.error(error)))
try {
  for (const id of await listOrganizationIds(db)) {
    const { ok, events, unsealed, firstBroken } = await verifyAudit({ db }, id)
    const waiting = unsealed > 0 ? `; ${unsealed} wait for their seal` : ''
    console.log(ok ? `${id}: ${events} sealed events, unbroken${waiting}` : `${id}: broken at event ${firstBroken}`)
    if (!ok) process.exitCode = 1
  }
} finally {
  await db.close()
}
