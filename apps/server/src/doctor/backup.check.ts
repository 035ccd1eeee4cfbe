import { listBackups } from '../backups/backup-folder.ts'
import { backupAgeS } from '../backups/backups.service.ts'
import type { Config } from '../config/config.ts'
import type { Database } from '../db/database.ts'
import type { Clock } from '../shared/clock.ts'
import { failed, ok, warning, type Finding } from '../shared/finding.ts'

const NAME = 'backup'
const HOUR_S = 3_600
const DAY_S = 24 * HOUR_S

/** How old the newest backup is: one that was noted in the database, or one in BACKUP_DIR. */
export async function checkBackup(db: Database, clock: Clock, config: Config): Promise<Finding[]> {
  const noted = await backupAgeS({ db, clock })
  const [file] = await listBackups(config.backup.folder)
  const ages = [noted, file && (clock.nowMs() - file.modifiedMs) / 1000].filter((age) => age !== undefined)
  return [judgeBackup(ages.length > 0 ? Math.min(...ages) : undefined, config.environment)]
}

/** One a day is wanted. A production that has none for a week would lose too much. */
export function judgeBackup(ageS: number | undefined, environment: Config['environment']): Finding {
  const fix = 'Make one with the command backup, and see docs/operate/backups.md for how they are made every day.'
  if (ageS === undefined) return warning(NAME, 'there is none yet', fix)
  const found = `the newest is ${ageS < 2 * DAY_S ? `${Math.floor(ageS / HOUR_S)} hours` : `${Math.floor(ageS / DAY_S)} days`} old`
  if (ageS > 7 * DAY_S && environment === 'production') return failed(NAME, found, fix)
  return ageS > DAY_S + 2 * HOUR_S ? warning(NAME, found, fix) : ok(NAME, found)
}
