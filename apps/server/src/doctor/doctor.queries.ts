import type { Database } from '../db/database.ts'

export type ServerFacts = {
  /** such as 18.4 */
  version: string
  /** such as 180004 */
  versionNumber: number
  /** of this connection, such as TLSv1.3; null when it is plain */
  tls: string | null
  nowMs: number
}

/** What the database says of itself and of this connection to it. */
export async function readServer({ pool }: Pick<Database, 'pool'>): Promise<ServerFacts> {
  const { rows } = await pool.query<ServerFacts>(`
    select current_setting('server_version') as version, current_setting('server_version_num')::integer as "versionNumber",
      (select s.version from pg_stat_ssl s where s.pid = pg_backend_pid() and s.ssl) as tls,
      extract(epoch from clock_timestamp())::float8 * 1000 as "nowMs"`)
  const [facts] = rows
  if (!facts) throw new Error('The database says nothing of itself')
  return facts
}

/** When the first migration was made here. */
export async function findInstalled({ pool }: Pick<Database, 'pool'>): Promise<Date | undefined> {
  const { rows } = await pool.query<{ at: Date | null }>('select min(run_on) as at from schema_migration')
  return rows[0]?.at ?? undefined
}

/** When a worker last began what is due again and again; undefined when none ever did. */
export async function findLastSign({ pool }: Pick<Database, 'pool'>): Promise<Date | undefined> {
  const { rows } = await pool.query<{ at: Date | null }>(
    'select max(last_execution) as at from graphile_worker._private_known_crontabs',
  )
  return rows[0]?.at ?? undefined
}
