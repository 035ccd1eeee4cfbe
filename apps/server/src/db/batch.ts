import type pg from 'pg'
import { inBatchSpan } from './query-spans.ts'
import { BatchQuery, type Row, type Statement } from './batch-query.ts'

export type { Row, Statement }

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
    const bind = { name: 'tenant', text: BIND_TENANT, values: [organizationId] }
    const [, ...rows] = await inBatchSpan(statements, () => client.query(new BatchQuery([bind, ...statements])).rows)
    for (const { onCommit } of statements) onCommit?.()
    return rows
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
