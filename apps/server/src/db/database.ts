import { Socket } from 'node:net'
import { CamelCasePlugin, Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import type { Config } from '../config/config.ts'
import { traceStatements } from './query-spans.ts'
import { Replica } from './replica.ts'
import type { DB } from './schema.generated.ts'

/** The role that the application works as: it reads and writes rows and cannot change the schema. */
export const APP_ROLE = 'slotkeeper_app'

/** The open database: `pool` for batches on the hot paths, `kysely` for everything else. */
export type Database = {
  pool: pg.Pool
  kysely: Kysely<DB>
  /** answers reads that prove how new they are, where there is one */
  replica: Replica | undefined
  close: () => Promise<void>
}

/** A transaction that sees one organization's rows only. Made by `withTenant`. */
export type TenantTransaction = Transaction<DB> & {
  readonly tenant: true
  /** has something done once what the transaction does has happened, such as counting it; it must not throw */
  onCommit: (work: () => void) => void
}

export type DatabaseOptions = {
  url: string
  replicaUrl?: string | undefined
  poolSize: number
  onError: (error: Error) => void
}

export function databaseOptions(config: Config, onError: (error: Error) => void): DatabaseOptions {
  const { databaseUrl, databaseReplicaUrl, databasePoolSize } = config
  return { url: databaseUrl, replicaUrl: databaseReplicaUrl, poolSize: databasePoolSize, onError }
}

/**
 * Opens the database as the application's role, where the signed-in user may take it; elsewhere as that user.
 * A replica need not be there: it is asked again and again.
 * @throws when the database cannot be reached within ten seconds
 */
export async function openDatabase({ url, replicaUrl, poolSize, onError }: DatabaseOptions): Promise<Database> {
  const options = { ...(await connectionOptions(url)), max: poolSize }
  const pool = openPool(options, onError)
  const replica = replicaUrl
    ? new Replica(openPool({ ...options, connectionString: replicaUrl, ...REPLICA_PATIENCE }, onError), onError)
    : undefined
  const kysely = new Kysely<DB>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
  const close = async () => {
    await Promise.all([kysely.destroy(), replica?.pool.end()])
  }
  return { pool, kysely, replica, close }
}

/** How many seconds the replica is behind; undefined where there is none, or where it does not say. */
export async function replicaLagS({ replica }: Pick<Database, 'replica'>): Promise<number | undefined> {
  const lagMs = await replica?.lagMs()
  return lagMs === undefined ? undefined : lagMs / 1000
}

/** Whoever waits for a replica that is gone could have had the answer of the primary. */
const REPLICA_PATIENCE = { connectionTimeoutMillis: 1_000, query_timeout: 3_000 }

/**
 * A pool of connections. One that breaks is replaced, be it idle or in somebody's hands: without a listener, its error
 * would end the process.
 */
export function openPool(
  { silenceMs = SILENCE_MS, ...options }: pg.PoolConfig & { silenceMs?: number },
  onError: (error: Error) => void,
): pg.Pool {
  const pool = new pg.Pool(options)
  pool.on('error', onError)
  pool.on('connect', (client) => {
    client.on('error', onError)
    endWhenSilent(client, silenceMs)
    traceStatements(client)
  })
  return pool
}

/** A database ends every statement within STATEMENT_MS: when nothing has come by then, the network is gone. */
const STATEMENT_MS = 15_000
const SILENCE_MS = STATEMENT_MS + 2_000

/** Where a cable is pulled nobody says so: whoever waits for an answer would wait for a quarter of an hour. */
function endWhenSilent(client: pg.PoolClient, silenceMs: number): void {
  const connection: unknown = Reflect.get(client, 'connection')
  if (!(connection instanceof pg.Connection)) throw new TypeError('The driver keeps its connection elsewhere')
  const { stream } = connection
  if (!(stream instanceof Socket)) throw new TypeError('The connection is no socket')
  stream.setTimeout(silenceMs, () => {
    const isWaiting = Reflect.get(client, 'readyForQuery') === false
    if (isWaiting) stream.destroy(new Error('Connection terminated: the database does not answer'))
  })
}

/** An idle connection whose other end is gone without a word is noticed after some twenty seconds. */
const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 }

/** How to connect as the application's role; statements and idle transactions end after bounded time. */
export async function connectionOptions(url: string): Promise<pg.PoolConfig> {
  const base = { connectionString: url, connectionTimeoutMillis: 10_000, ...KEEP_ALIVE, types }
  const client = new pg.Client(base)
  client.on('error', () => undefined)
  await client.connect()
  try {
    const found = await client.query<{ may: boolean }>(
      `select coalesce((select pg_has_role(current_user, oid, 'member') from pg_roles where rolname = $1), false) as may`,
      [APP_ROLE],
    )
    const role = found.rows[0]?.may ? ` -c role=${APP_ROLE}` : ''
    const limits = `-c statement_timeout=${STATEMENT_MS} -c idle_in_transaction_session_timeout=20000 -c lock_timeout=10000`
    return { ...base, options: `${limits} -c timezone=UTC${role}` }
  } finally {
    await client.end()
  }
}

/** Counts, versions and amounts of money stay far below 2^53, so 64-bit integers are plain numbers here. */
const types = new pg.TypeOverrides()
types.setTypeParser(pg.types.builtins.INT8, Number)
