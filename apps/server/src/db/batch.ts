import type pg from 'pg'

/** One statement of a batch. It is prepared under its name once a connection: the same name always means the same text. */
export type Statement = { name: string; text: string; values: unknown[] }

/** A row as the driver gives it; the statement's author knows its shape and parses it. */
export type Row = Record<string, unknown>

/**
 * Runs statements one after another in one transaction of one organization, sent together: one round trip however many
 * they are. When one fails, none has happened.
 * @returns the rows of each statement
 * @throws the first statement's error
 */
export async function tenantBatch(pool: pg.Pool, organizationId: string, statements: Statement[]): Promise<Row[][]> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    const begun = client.query('begin')
    const bound = client.query({ name: 'tenant', text: BIND_TENANT, values: [organizationId] })
    const results = statements.map((statement) => client.query<Row>(statement))
    const ended = client.query('commit')
    const outcomes = await Promise.allSettled([begun, bound, ...results, ended])
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
    if ((await ended).command !== 'COMMIT') throw new Error('The transaction was rolled back by the database')
    return (await Promise.all(results)).map(({ rows }) => rows)
  } catch (error) {
    if (isConnectionLost(error)) broken = error
    throw error
  } finally {
    client.release(broken)
  }
}

const BIND_TENANT = `select set_config('app.organization_id', $1, true)`

/** An error without an SQLSTATE did not come from the database: the connection is of no use any more. */
function isConnectionLost(error: unknown): error is Error {
  return (
    error instanceof Error && !('code' in error && typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code))
  )
}
