import { readBackup } from '../backups/check.service.ts'
import { BrokenBackup } from '../backups/frames.ts'
import { describeFinding } from '../backups/restored.service.ts'
import { restoreBackup, RestoreRefused } from '../backups/restore.service.ts'
import { readEnvironment } from '../config/environment.ts'
import { CommandError, defineCommand, JSON_OPTION, UsageError, type ExitCode, type Given } from './command.ts'

const options = {
  ...JSON_OPTION,
  yes: { type: 'boolean' },
  replace: { type: 'boolean' },
  check: { type: 'boolean' },
} as const

export const command = defineCommand({
  help: `
Brings back what the command backup has written: into an empty database, or in the place of what is there. It reads all
of the file before it changes anything; then it migrates to the backup's version, loads, migrates to the newest, and
proves the numbers of rows, that no claims overlap, and the chains of the audit trail. Stop web and worker before.

  node apps/server/src/main.ts restore backups/slotkeeper-20261126T140000Z.backup --yes
  node apps/server/src/main.ts restore FILE --yes --replace   loses what is in the database
  node apps/server/src/main.ts restore FILE --check           reads all of the file and changes nothing

  --json  {"createdAt", "application", "tables", "rows", "migrated", "findings", "seconds"}

It reads DATABASE_OWNER_URL, or DATABASE_URL when that is not set, and BACKUP_PASSPHRASE for an encrypted file. Links in
mails and sessions go on working with the SECRET_KEY that was in use.
`,
  options,
  takes: { atLeast: 1, atMost: 1 },
  async run(given) {
    const { yes, check } = given.values
    if (!yes && !check)
      throw new UsageError('restore changes the database: say --yes, or --check to read the file only')
    try {
      return check ? await checkFile(given) : await restore(given)
    } catch (error) {
      if (error instanceof RestoreRefused) throw new CommandError(error.message)
      throw error instanceof BrokenBackup ? new CommandError(`This backup cannot be used: ${error.message}`) : error
    }
  },
})

async function checkFile({ positionals: [file = ''], output }: Given<typeof options>): Promise<ExitCode> {
  const contents = await readBackup({ file, passphrase: readEnvironment().backup.passphrase })
  const { rows, tables, createdAt, application } = contents
  output.tell(
    contents,
    `${file} is complete: ${rows} rows of ${tables} tables, of ${createdAt}, by release ${application}`,
  )
  return 0
}

async function restore({ positionals: [file = ''], values, output }: Given<typeof options>): Promise<ExitCode> {
  const { databaseUrl, databaseOwnerUrl, backup } = readEnvironment()
  const startMs = performance.now()
  const target = { databaseUrl, databaseOwnerUrl, replace: values.replace ?? false }
  const restored = await restoreBackup({ file, passphrase: backup.passphrase, ...target, onStep: output.progress })
  const seconds = Math.round(performance.now() - startMs) / 1000
  const { rows, tables, createdAt, migrated, findings } = restored
  const lines = [
    `Restored ${rows} rows of ${tables} tables as of ${createdAt}, in ${seconds} s.`,
    ...(migrated.length > 0 ? [`Migrated on: ${migrated.join(', ')}.`] : []),
    ...findings.map(describeFinding),
  ]
  output.tell({ ...restored, seconds }, lines.join('\n'))
  return findings.every(({ ok }) => ok) ? 0 : 1
}
