import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runMigrations } from 'graphile-worker'
import { runner } from 'node-pg-migrate'
import { listMigrations, MIGRATIONS_DIR } from './migration-files.ts'
import { limitLockWaits, withOwner, type OwnerClient } from './owner.ts'

const PERMISSIONS_FILE = join(import.meta.dirname, 'permissions.sql')

/** Any constant: whoever migrates this product's database asks for the same lock. */
const LOCK_KEY = 7_308_895_013

type Target = { databaseOwnerUrl: string }

/**
 * Brings the schema to the newest version and gives the application's role its rights. Any number of processes may call
 * it at once: one migrates, the others wait and find nothing left to do.
 * @returns the names of the migrations that ran
 */
export async function migrateUp({ databaseOwnerUrl }: Target): Promise<string[]> {
  return withMigrationLock(databaseOwnerUrl, async (client) => {
    const ran = await runner({ ...options(client), direction: 'up', count: Infinity })
    await client.query('reset search_path')
    await runMigrations({ connectionString: databaseOwnerUrl })
    await client.query(await readFile(PERMISSIONS_FILE, 'utf8'))
    return ran.map(({ name }) => name)
  })
}

/**
 * Brings the schema of an empty database to an older version: to its first `count` migrations. The application's role gets
 * its rights with the newest version.
 */
export async function migrateTo({ databaseOwnerUrl }: Target, count: number): Promise<void> {
  await withMigrationLock(databaseOwnerUrl, async (client) => {
    await runner({ ...options(client), direction: 'up', count })
    await runMigrations({ connectionString: databaseOwnerUrl })
  })
}

/** Takes back the newest `count` migrations, newest first. */
export async function migrateDown({ databaseOwnerUrl }: Target, count: number): Promise<string[]> {
  return withMigrationLock(databaseOwnerUrl, async (client) => {
    const ran = await runner({ ...options(client), direction: 'down', count })
    return ran.map(({ name }) => name)
  })
}

export type MigrationStatus = {
  /** in the database and in this release */
  applied: string[]
  /** in this release alone */
  waiting: string[]
  /** in the database alone: a newer release made them */
  unknown: string[]
}

/** Compares the database with what this release brings; nothing is changed. */
export async function migrationStatus({ databaseOwnerUrl }: Target): Promise<MigrationStatus> {
  const known = await listMigrations()
  const done = await withOwner(databaseOwnerUrl, listApplied)
  return {
    applied: known.filter((name) => done.includes(name)),
    waiting: known.filter((name) => !done.includes(name)),
    unknown: done.filter((name) => !known.includes(name)),
  }
}

/** @returns the names of the migrations in the database, oldest first; none in an empty database */
async function listApplied(client: OwnerClient): Promise<string[]> {
  const table = await client.query<{ name: string | null }>(`select to_regclass('schema_migration')::text as name`)
  if (!table.rows[0]?.name) return []
  const found = await client.query<{ name: string }>('select name from schema_migration order by id')
  return found.rows.map(({ name }) => name)
}

function withMigrationLock<Result>(url: string, work: (client: OwnerClient) => Promise<Result>): Promise<Result> {
  return withOwner(url, async (client) => {
    await client.query('select pg_advisory_lock($1)', [LOCK_KEY])
    await limitLockWaits(client)
    return work(client)
  })
}

function options(client: OwnerClient) {
  return {
    dbClient: client,
    dir: MIGRATIONS_DIR,
    ignorePattern: 'schema\\.sql',
    migrationsTable: 'schema_migration',
    singleTransaction: true,
    noLock: true,
    log: () => undefined,
  }
}
