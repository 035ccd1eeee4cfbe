import { CamelCasePlugin, Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import type { Config } from '../config/config.ts'
import type { DB } from './schema.generated.ts'

/** The role that the application works as: it reads and writes rows and cannot change the schema. */
export const APP_ROLE = 'slotkeeper_app'

/** The open database: `pool` for batches on the hot paths, `kysely` for everything else. */
export type Database = {
  pool: pg.Pool
  kysely: Kysely<DB>
  close: () => Promise<void>
}

/** A transaction that sees one organization's rows only. Made by `withTenant`. */
export type TenantTransaction = Transaction<DB> & { readonly tenant: true }

export type DatabaseOptions = { url: string; poolSize: number; onError: (error: Error) => void }

export function databaseOptions(config: Config, onError: (error: Error) => void): DatabaseOptions {
  return { url: config.databaseUrl, poolSize: config.databasePoolSize, onError }
}

/**
 * Opens the database as the application's role, where the signed-in user may take it; elsewhere as that user.
 * @throws when the database cannot be reached within ten seconds
 */
export async function openDatabase({ url, poolSize, onError }: DatabaseOptions): Promise<Database> {
  const pool = openPool({ ...(await connectionOptions(url)), max: poolSize }, onError)
  const kysely = new Kysely<DB>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
  return { pool, kysely, close: () => kysely.destroy() }
}

/**
 * A pool of connections. One that breaks is replaced, be it idle or in somebody's hands: without a listener, its error
 * would end the process.
 */
export function openPool(options: pg.PoolConfig, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool(options)
  pool.on('error', onError)
  pool.on('connect', (client) => client.on('error', onError))
  return pool
}

/** How to connect as the application's role; statements and idle transactions end after bounded time. */
export async function connectionOptions(url: string): Promise<pg.PoolConfig> {
  const base = { connectionString: url, connectionTimeoutMillis: 10_000, keepAlive: true, types }
  const client = new pg.Client(base)
  client.on('error', () => undefined)
  await client.connect()
  try {
    const found = await client.query<{ may: boolean }>(
      `select coalesce((select pg_has_role(current_user, oid, 'member') from pg_roles where rolname = $1), false) as may`,
      [APP_ROLE],
    )
    const role = found.rows[0]?.may ? ` -c role=${APP_ROLE}` : ''
    const limits = '-c statement_timeout=15000 -c idle_in_transaction_session_timeout=20000 -c lock_timeout=10000'
    return { ...base, options: `${limits} -c timezone=UTC${role}` }
  } finally {
    await client.end()
  }
}

/** Counts, versions and amounts of money stay far below 2^53, so 64-bit integers are plain numbers here. */
const types = new pg.TypeOverrides()
types.setTypeParser(pg.types.builtins.INT8, Number)
