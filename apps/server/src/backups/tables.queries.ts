import type { OwnerClient } from '../db/owner.ts'
import type { BackupFacts, Reference, SequenceValue } from './backup-format.ts'

/** A table that a backup holds, under its name as SQL takes it. */
export type Table = {
  name: string
  /** those that are stored and not computed, as SQL takes them */
  columns: string[]
  /** row-level security binds its owner, too */
  isForced: boolean
}

/** The tables of the product and of its queue, but those that migrations keep for themselves. Parts belong to their whole. */
export async function listTables(client: OwnerClient): Promise<Table[]> {
  return (await client.query<Table>(TABLES)).rows
}

const TABLES = `
  select format('%I.%I', n.nspname, c.relname) as name, c.relforcerowsecurity as "isForced",
    (select array_agg(quote_ident(attname) order by attnum) from pg_attribute a
      where a.attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and not c.relispartition and n.nspname in ('public', 'auth', 'audit', 'graphile_worker')
    and format('%I.%I', n.nspname, c.relname) not in ('public.schema_migration', 'graphile_worker.migrations')
  order by 1`

export async function listReferences(client: OwnerClient): Promise<Reference[]> {
  return (await client.query<Reference>(REFERENCES)).rows
}

const REFERENCES = `
  with name as (
    select c.oid, format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  )
  select distinct f.name as from, t.name as to
  from pg_constraint k join name f on f.oid = k.conrelid join name t on t.oid = k.confrelid where k.contype = 'f'`

/** Sequences that hand out the next number of a column. */
export async function listSequences(client: OwnerClient): Promise<SequenceValue[]> {
  const { rows } = await client.query<{ name: string }>(SEQUENCES)
  const values: SequenceValue[] = []
  for (const { name } of rows) {
    const found = await client.query<SequenceValue>(
      `select $1 as name, last_value::text as "lastValue", is_called as "isCalled" from ${name}`,
      [name],
    )
    values.push(...found.rows)
  }
  return values
}

const SEQUENCES = `
  select format('%I.%I', schemaname, sequencename) as name from pg_sequences
  where schemaname in ('public', 'auth', 'audit', 'graphile_worker') and sequencename <> 'schema_migration_id_seq' order by 1`

export async function setSequence(client: OwnerClient, { name, lastValue, isCalled }: SequenceValue): Promise<void> {
  await client.query('select setval($1::regclass, $2::bigint, $3)', [name, lastValue, isCalled])
}

/** What the snapshot is of, and with what it was made. */
export async function readFacts(client: OwnerClient): Promise<Omit<BackupFacts, 'application'>> {
  const { rows } = await client.query<Omit<BackupFacts, 'application'>>(FACTS)
  const [facts] = rows
  if (!facts) throw new Error('The database does not tell its version')
  return facts
}

const FACTS = `
  select to_char(transaction_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "createdAt",
    current_setting('server_version') as postgres,
    array(select name from schema_migration order by id) as migrations,
    (select max(id) from graphile_worker.migrations) as "queueMigration"`

/** Whether this user sees all rows of all organizations at once. */
export async function passesRowSecurity(client: OwnerClient): Promise<boolean> {
  const { rows } = await client.query<{ passes: boolean }>(
    'select rolsuper or rolbypassrls as passes from pg_roles where rolname = current_user',
  )
  return rows[0]?.passes ?? false
}

export async function listOrganizations(client: OwnerClient): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    'select distinct organization_id as id from organization_slug order by 1',
  )
  return rows.map(({ id }) => id)
}

/** Lets the transaction see the rows of one organization, or of none. */
export async function chooseOrganization(client: OwnerClient, id: string): Promise<void> {
  await client.query(`select set_config('app.organization_id', $1, true)`, [id])
}

/** Makes tables ready to be loaded: no triggers of ours, and row-level security does not bind their owner. */
export async function prepareLoad(client: OwnerClient, tables: readonly Table[]): Promise<void> {
  for (const { name, isForced } of tables) {
    await client.query(`alter table ${name} disable trigger user`)
    if (isForced) await client.query(`alter table ${name} no force row level security`)
  }
  await client.query(`truncate ${tables.map(({ name }) => name).join(', ')}`)
}

/**
 * Tells the planner what the tables hold. PostgreSQL does it by itself only minutes later: until then whatever reads them
 * may be planned as if they were empty, and take minutes for what takes seconds.
 */
export async function analyze(client: OwnerClient, tables: readonly Table[]): Promise<void> {
  await client.query(`analyze ${tables.map(({ name }) => name).join(', ')}`)
}

/** Puts back what `prepareLoad` has taken away. */
export async function finishLoad(client: OwnerClient, tables: readonly Table[]): Promise<void> {
  for (const { name, isForced } of tables) {
    await client.query(`alter table ${name} enable trigger user`)
    if (isForced) await client.query(`alter table ${name} force row level security`)
  }
}

/** Whoever did the jobs when the backup was made does them no more: they are there for anybody again. */
export async function freeJobs(client: OwnerClient): Promise<void> {
  await client.query(
    'update graphile_worker._private_jobs set locked_at = null, locked_by = null where locked_at is not null',
  )
  await client.query(
    'update graphile_worker._private_job_queues set locked_at = null, locked_by = null where locked_at is not null',
  )
}

/** Whether the database has a business or a person in it. */
export async function hasData(client: OwnerClient): Promise<boolean> {
  const tables = await client.query<{ there: boolean }>(
    `select to_regclass('public.organization_slug') is not null and to_regclass('auth.user') is not null as there`,
  )
  if (!tables.rows[0]?.there) return false
  const { rows } = await client.query<{ has: boolean }>(
    'select exists (select from organization_slug) or exists (select from auth."user") as has',
  )
  return rows[0]?.has ?? false
}

/** How many others are connected to this database. */
export async function countOthers(client: OwnerClient): Promise<number> {
  const { rows } = await client.query<{ others: number }>(
    `select count(*)::int as others from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
  )
  return rows[0]?.others ?? 0
}

export async function dropQueue(client: OwnerClient): Promise<void> {
  await client.query('drop schema if exists graphile_worker cascade')
}
