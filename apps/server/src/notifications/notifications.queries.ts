import { sql, type SqlBool } from 'kysely'
import type { TenantTransaction } from '../db/database.ts'

const COLUMNS = [
  ...(['id', 'bookingId', 'kind', 'audience', 'recipient', 'locale'] as const),
  ...(['state', 'attempts', 'lastError', 'createdAt', 'sentAt'] as const),
] as const

export type MessageRow = Awaited<ReturnType<typeof listMessages>>[number]

export type MessageFilter = {
  state?: string | undefined
  booking?: string | undefined
  after?: { at: string; id: string } | undefined
  limit: number
}

/** The ledger, newest first. */
export function listMessages(tx: TenantTransaction, organizationId: string, filter: MessageFilter) {
  const { state, booking, after, limit } = filter
  let query = tx
    .selectFrom('message')
    .select(COLUMNS)
    .where('organizationId', '=', organizationId)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
  if (state !== undefined) query = query.where('state', '=', state)
  if (booking !== undefined) query = query.where('bookingId', '=', booking)
  if (after) query = query.where(sql<SqlBool>`(created_at, id) < (${after.at}::timestamptz, ${after.id}::uuid)`)
  return query.execute()
}

export function findMessage(tx: TenantTransaction, organizationId: string, id: string) {
  return tx
    .selectFrom('message')
    .select(COLUMNS)
    .where('organizationId', '=', organizationId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/**
 * What of a booking is to be sent, in the order in which it happened: the steps of the booking tell it, where the clocks of
 * those who took them may not. The lock on the booking's messages lasts until the transaction ends.
 */
export async function lockQueued(tx: TenantTransaction, organizationId: string, bookingId: string) {
  // One worker at a time tells of a booking, so that its news arrive in their order. Sending takes a while.
  await sql`set local idle_in_transaction_session_timeout = '120s'`.execute(tx)
  await sql`select pg_advisory_xact_lock(hashtextextended(${`message/${bookingId}`}, 0))`.execute(tx)
  return tx
    .selectFrom('message')
    .select(['id', 'kind', 'audience', 'recipient', 'locale', 'facts', 'attempts', 'createdAt'])
    .where('organizationId', '=', organizationId)
    .where('bookingId', '=', bookingId)
    .where('state', '=', 'queued')
    .orderBy(sql`(facts ->> 'sequence')::int`)
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
}

export type Outcome = {
  state: 'sent' | 'queued' | 'failed'
  attempts: number
  lastError: string | null
  sentAt: Date | null
}

export async function recordOutcome(
  tx: TenantTransaction,
  organizationId: string,
  id: string,
  outcome: Outcome,
): Promise<void> {
  await tx
    .updateTable('message')
    .set(outcome)
    .where('organizationId', '=', organizationId)
    .where('id', '=', id)
    .execute()
}

/** Queues a message once more, as if it had never been tried. */
export async function requeue(tx: TenantTransaction, organizationId: string, id: string): Promise<void> {
  await recordOutcome(tx, organizationId, id, { state: 'queued', attempts: 0, lastError: null, sentAt: null })
}

/** Queues the delivery of the bookings' messages, in the same transaction. */
export async function queueDelivery(
  tx: TenantTransaction,
  organizationId: string,
  bookingIds: string[],
): Promise<void> {
  const payload = JSON.stringify({ organizationId, bookingIds })
  await sql`select 1 from graphile_worker.add_job('messages.deliver', ${payload}::json)`.execute(tx)
}

/**
 * Bookings with messages that wait since before the instant, though no job is left to send them. The job of a worker that
 * was killed counts as none: the queue itself would keep it for four hours.
 */
export async function listForgotten(tx: TenantTransaction, organizationId: string, before: Date): Promise<string[]> {
  const rows = await tx
    .selectFrom('message as m')
    .select('m.bookingId')
    .distinct()
    .where('m.organizationId', '=', organizationId)
    .where('m.state', '=', 'queued')
    .where('m.createdAt', '<', before)
    .where('m.bookingId', 'is not', null)
    .where(
      sql<SqlBool>`not exists (select from graphile_worker._private_jobs j
        where j.payload::jsonb -> 'bookingIds' ? m.booking_id::text
          and case when j.locked_at is null then j.attempts < j.max_attempts else j.locked_at > now() - interval '10 minutes' end)`,
    )
    .limit(1000)
    .execute()
  return rows.flatMap(({ bookingId }) => (bookingId === null ? [] : [bookingId]))
}
