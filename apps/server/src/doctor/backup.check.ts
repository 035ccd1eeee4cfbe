import { listBackups } from '../backups/backup-folder.ts'
import { backupAgeS } from '../backups/backups.service.ts'
import type { Config } from '../config/config.ts'
import type { Database } from '../db/database.ts'
import type { Clock } from '../shared/clock.ts'
import { ok, warning, type Finding } from '../shared/finding.ts'
import { findInstalled } from './doctor.queries.ts'
import { judgeRisk, sentence } from './safety.check.ts'

const NAME = 'backup'
const HOUR_S = 3_600
const DAY_S = 24 * HOUR_S

/** How old the newest backup is: one that was noted in the database, or one in BACKUP_DIR. */
export async function checkBackup(db: Database, clock: Clock, config: Config): Promise<Finding[]> {
  const noted = await backupAgeS({ db, clock })
  const [file] = await listBackups(config.backup.folder)
  const ageS = (ms: number) => (clock.nowMs() - ms) / 1000
  const ages = [noted, file && ageS(file.modifiedMs)].filter((age) => age !== undefined)
  const installed = await findInstalled(db)
  const newestS = ages.length > 0 ? Math.min(...ages) : undefined
  return [judgeBackup({ newestS, installedS: installed ? ageS(installed.getTime()) : 0 }, config)]
}

export type BackupAges = {
  /** seconds; undefined when there is none */
  newestS: number | undefined
  /** how long there has been something to lose */
  installedS: number
}

/** One a day is wanted. A production that has none for a week would lose too much, unless others make them. */
export function judgeBackup({ newestS, installedS }: BackupAges, config: Config): Finding {
  const fix = 'make one with the command backup, and see docs/operate/backups.md for how they are made every day'
  const found = newestS === undefined ? 'there is none yet' : `the newest is ${spanOf(newestS)} old`
  if (config.environment === 'production' && (newestS ?? installedS) > 7 * DAY_S) {
    const problem = newestS === undefined ? `there is none since the installation, ${spanOf(installedS)} ago` : found
    return judgeRisk({ name: 'no-backup', problem: `backup: ${problem}`, fix }, config)
  }
  return newestS === undefined || newestS > DAY_S + 2 * HOUR_S ? warning(NAME, found, sentence(fix)) : ok(NAME, found)
}

function spanOf(seconds: number): string {
  return seconds < 2 * DAY_S ? `${Math.floor(seconds / HOUR_S)} hours` : `${Math.floor(seconds / DAY_S)} days`
}
