import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runMigrations } from 'graphile-worker'
import { runner } from 'node-pg-migrate'
import { limitLockWaits, withOwner, type OwnerClient } from './owner.ts'

const MIGRATIONS_DIR = join(import.meta.dirname, '..', '..', 'migrations')
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

/** Takes back the newest `count` migrations, newest first. */
export async function migrateDown({ databaseOwnerUrl }: Target, count: number): Promise<string[]> {
  return withMigrationLock(databaseOwnerUrl, async (client) => {
    const ran = await runner({ ...options(client), direction: 'down', count })
    return ran.map(({ name }) => name)
  })
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
