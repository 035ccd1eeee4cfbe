import pg from 'pg'

/** A connection as the user that owns the schema. */
export type OwnerClient = pg.Client

/** Whoever cannot get a lock within this time gives up, rather than queueing everybody behind them. */
const LOCK_TIMEOUT_MS = 10_000

export async function limitLockWaits(client: OwnerClient): Promise<void> {
  await client.query(`set lock_timeout = ${LOCK_TIMEOUT_MS}`)
}

/** Works as the user that owns the schema. What is under way when it fails is taken back with the connection. */
export async function withOwner<Result>(
  databaseOwnerUrl: string,
  work: (client: OwnerClient) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: databaseOwnerUrl, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
