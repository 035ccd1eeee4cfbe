import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../apps/server/src/local/embedded-postgres.ts'
import { lockFolder } from '../apps/server/src/local/folder-lock.ts'
import { clusterPaths } from '../apps/server/src/local/postgres-cluster.ts'
import { clearLeftovers } from '../apps/server/src/local/postmaster.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** the superuser's connection to the PostgreSQL of this test run; its database is empty */
    postgresUrl: string
  }
}

const PREFIX = 'slotkeeper-test-'

/** Younger folders may belong to a run that has not locked its own yet. */
const LEFTOVER_AGE_MS = 60_000

/**
 * Nothing of a test run needs to survive a crash. Autovacuum is off because a database cannot be copied from a template
 * while its worker is connected to that template.
 */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: 0,
  autovacuum: 'off',
  max_connections: 200,
}

/**
 * Vitest's global set-up of the `db` project: one PostgreSQL for the whole run, gone afterwards with its data; or that of
 * TEST_POSTGRES_URL, as its superuser, which must be there for tests alone.
 */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env['TEST_POSTGRES_URL']
  if (given) {
    await prepare(given)
    project.provide('postgresUrl', given)
    return undefined
  }
  await removeLeftovers()
  const dataDir = await mkdtemp(join(tmpdir(), PREFIX))
  const postgres = await startEmbeddedPostgres({ dataDir, settings: SETTINGS })
  project.provide('postgresUrl', postgres.ownerUrl)
  return async () => {
    await postgres.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** The settings that need no restart. Who may not set them has no superuser, whom the tests need. */
async function prepare(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    for (const name of ['fsync', 'synchronous_commit', 'full_page_writes', 'autovacuum'] as const) {
      await client.query(`alter system set ${name} = ${SETTINGS[name]}`)
    }
    await client.query('select pg_reload_conf()')
  } finally {
    await client.end()
  }
}

/** Removes the databases of runs that were killed; those of runs still under way are locked and stay. */
async function removeLeftovers(): Promise<void> {
  const names = await readdir(tmpdir())
  for (const name of names.filter((found) => found.startsWith(PREFIX))) {
    await removeIfAbandoned(join(tmpdir(), name))
  }
}

async function removeIfAbandoned(dataDir: string): Promise<void> {
  try {
    if (Date.now() - (await stat(dataDir)).mtimeMs < LEFTOVER_AGE_MS) return
    const lock = await lockFolder(dataDir)
    await clearLeftovers(clusterPaths(dataDir).clusterDir)
    await rm(dataDir, { recursive: true, force: true })
    await lock.release()
  } catch {
    // In use, or not ours to remove: it disturbs nobody.
  }
}
