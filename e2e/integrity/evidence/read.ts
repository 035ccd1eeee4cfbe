import type { Client } from 'pg'
import type { Evidence, JobRow, LedgerRow } from './evidence.ts'
import { parseRow } from './rows.ts'
import { toTimeline, type RowChange } from './timeline.ts'

type Read = Pick<Evidence, 'timeline' | 'tables' | 'ledger' | 'jobs'>

/** Tables that are read once more in the end, to see that the record of their changes is right. */
const FINAL = [
  ...['booking', 'claim', 'seat', 'hold', 'group_session', 'idempotency_key', 'audit_event'],
  ...['wish', 'wish_offer'],
]

/** Reads what happened, as the superuser: across all organizations. */
export async function readEvidence(superuser: Client): Promise<Read> {
  const recorded = await superuser.query<{
    xid: string
    at_ms: number
    table_name: string
    op: RowChange['op']
    row: Fields
  }>(
    `select xmin::text as xid, (extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000)::float8 as at_ms,
       table_name, op, row
     from integrity.change order by id`,
  )
  const tables = []
  for (const table of FINAL) {
    const { rows } = await superuser.query<{ row: Fields }>(`select to_jsonb(t) as row from ${table} t`)
    tables.push(...rows.map(({ row }) => parseRow(table, row)))
  }
  const ledger = await superuser.query<LedgerRow>(
    `select id, coalesce(booking_id, wish_id) as "bookingId", recipient, state, (facts ->> 'sequence')::int as sequence, last_error as "lastError"
     from message`,
  )
  const jobs = await superuser.query<JobRow>(
    `select j.id::text, t.identifier as task, j.attempts, j.max_attempts as "maxAttempts", j.locked_by as "lockedBy",
       j.locked_at::text as "lockedAt", j.last_error as "lastError"
     from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id`,
  )
  return {
    timeline: toTimeline(
      recorded.rows.map(({ xid, at_ms: atMs, table_name: table, op, row }) => ({
        ...{ transaction: xid, atMs },
        change: { op, ...parseRow(table, row) },
      })),
    ),
    ...{ tables, ledger: ledger.rows, jobs: jobs.rows },
  }
}

type Fields = Record<string, unknown>
