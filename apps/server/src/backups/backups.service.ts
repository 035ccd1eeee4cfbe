import type { Database } from '../db/database.ts'
import type { Clock } from '../shared/clock.ts'
import * as queries from './backups.queries.ts'

/** How many seconds ago the newest backup that succeeded ended; undefined when there was none. */
export async function backupAgeS({ db, clock }: { db: Database; clock: Clock }): Promise<number | undefined> {
  const endedAt = await queries.findNewestBackup(db)
  return endedAt && (clock.nowMs() - endedAt.getTime()) / 1000
}
