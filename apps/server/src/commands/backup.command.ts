import { stat } from 'node:fs/promises'
import { keepNewest, newBackupFile } from '../backups/backup-folder.ts'
import { createBackup } from '../backups/dump.service.ts'
import { readEnvironment } from '../config/environment.ts'
import { systemClock } from '../shared/clock.ts'
import { defineCommand, JSON_OPTION, UsageError } from './command.ts'

export const command = defineCommand({
  help: `
Writes all of the database into one compressed file: one moment of it, while everything goes on. It needs nothing but the
connection: any PostgreSQL 15 to 18, also the one that npm start brings. Settings are not part of it: keep SECRET_KEY
elsewhere.

  node apps/server/src/main.ts backup
  node apps/server/src/main.ts backup --to /srv/backups --keep 14

  --to    the folder; BACKUP_DIR when left out
  --keep  afterwards, only so many of the newest backups stay in it
  --json  {"file", "createdAt", "tables", "rows", "bytes", "seconds", "removed"}

It is encrypted (AES-256-GCM) when BACKUP_PASSPHRASE or BACKUP_PASSPHRASE_FILE is set: without it nobody restores it.
It reads DATABASE_OWNER_URL, or DATABASE_URL when that is not set.
`,
  options: { ...JSON_OPTION, to: { type: 'string' }, keep: { type: 'string' } },
  async run({ values: { to, keep }, output }) {
    if (keep !== undefined && !/^[1-9]\d*$/.test(keep)) throw new UsageError('--keep takes a number above 0')
    const { databaseOwnerUrl, backup } = readEnvironment()
    const startMs = performance.now()
    const folder = to ?? backup.folder
    const file = await newBackupFile(folder, systemClock.nowMs())
    const onTable = (table: string, rows: number) => output.progress(`${table}: ${rows} rows`)
    const dump = await createBackup({ databaseOwnerUrl, file, passphrase: backup.passphrase, onTable })
    const removed = keep === undefined ? [] : await keepNewest(folder, Number(keep))
    const seconds = Math.round(performance.now() - startMs) / 1000
    const { size: bytes } = await stat(file)
    const lines = [`${file}: ${dump.rows} rows of ${dump.tables} tables, ${bytes} bytes, ${seconds} s`]
    output.tell(
      { file, ...dump, bytes, seconds, removed },
      [...lines, ...removed.map((old) => `removed ${old}`)].join('\n'),
    )
    return 0
  },
})
