import { checkRestored, describeFinding } from '../backups/restored.service.ts'
import { openDatabase } from '../db/database.ts'
import { migrateUp } from '../db/migrate.ts'
import { withOwner } from '../db/owner.ts'
import { defineCommand, JSON_OPTION, UsageError } from './command.ts'

export const command = defineCommand({
  help: `
Brings a restored database to the newest schema, and looks whether it is whole; ends with 1 when it is not. For the restore
tests of the Compose set-up.

  node apps/server/src/main.ts check-restored --socket FOLDER

  --socket  has the socket of a database that lets everybody in, as a restore test makes it: never one that is in use
  --json    {"ok", "findings": [{"what", "ok", "found"}]}
`,
  options: { ...JSON_OPTION, socket: { type: 'string' } },
  async run({ values: { socket }, output }) {
    if (socket === undefined) throw new UsageError('--socket is missing')
    const urlOf = (user: string) => `postgres://${user}@/slotkeeper?host=${encodeURIComponent(socket)}`
    const ran = await migrateUp({ databaseOwnerUrl: urlOf('slotkeeper_owner') })
    const onError = (error: Error) => output.progress(error.message)
    const db = await openDatabase({ url: urlOf('postgres'), poolSize: 2, onError })
    const whole = await withOwner(urlOf('postgres'), (superuser) => checkRestored(db, superuser)).finally(db.close)
    const migrations = { what: 'migrations', ok: true, found: ran.length === 0 ? 'none was missing' : ran.join(', ') }
    const findings = [migrations, ...whole]
    const ok = findings.every((finding) => finding.ok)
    output.tell({ ok, findings }, findings.map(describeFinding).join('\n'))
    return ok ? 0 : 1
  },
})
