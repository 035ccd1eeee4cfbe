import type { Database } from '../db/database.ts'

/** When the newest backup that succeeded ended; undefined when there is none. A restore test is no backup. */
export async function findNewestBackup({ kysely }: Pick<Database, 'kysely'>): Promise<Date | undefined> {
  const row = await kysely
    .selectFrom('backupRun')
    .select('endedAt')
    .where('ok', '=', true)
    .where('kind', '!=', 'verify')
    .orderBy('endedAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.endedAt
}
