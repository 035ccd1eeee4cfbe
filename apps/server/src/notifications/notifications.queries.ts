import { sql, type SqlBool } from 'kysely'
import type { TenantTransaction } from '../db/database.ts'
import { jobTraces } from '../observe/tracing.ts'

const COLUMNS = [
  ...(['id', 'bookingId', 'wishId', 'kind', 'audience', 'recipient', 'locale'] as const),
  ...(['state', 'attempts', 'lastError', 'createdAt', 'sentAt'] as const),
  sql<boolean>`facts = '{}'`.as('erased'),
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

/** What messages tell of. */
export type Told = { bookingId: string } | { wishId: string }

/**
 * What of a booking or a wish is to be sent, in the order in which it happened: the steps of the booking tell it, where the clocks of
 * those who took them may not. The lock on these messages lasts until the transaction ends.
 */
export async function lockQueued(tx: TenantTransaction, organizationId: string, told: Told) {
  const isBooking = 'bookingId' in told
  const id = isBooking ? told.bookingId : told.wishId
  // One worker at a time tells of each, so that its news arrive in their order. Sending takes a while.
  await sql`set local idle_in_transaction_session_timeout = '120s'`.execute(tx)
  await sql`select pg_advisory_xact_lock(hashtextextended(${`message/${id}`}, 0))`.execute(tx)
  return tx
    .selectFrom('message')
    .select(['id', 'kind', 'audience', 'recipient', 'locale', 'facts', 'attempts', 'createdAt'])
    .where('organizationId', '=', organizationId)
    .where(isBooking ? 'bookingId' : 'wishId', '=', id)
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

/** Writes down how it went with a queued message; no longer when it was erased while it was on its way. */
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
    .where('state', '=', 'queued')
    .execute()
}

/** Queues a message once more, as if it had never been tried. */
export async function requeue(tx: TenantTransaction, organizationId: string, id: string): Promise<void> {
  await tx
    .updateTable('message')
    .set({ state: 'queued', attempts: 0, lastError: null, sentAt: null })
    .where('organizationId', '=', organizationId)
    .where('id', '=', id)
    .execute()
}

export type NewWishMessage = {
  id: string
  wishId: string
  kind: string
  recipient: string
  locale: string
  facts: object
  createdAt: Date
}

/** Adds a message about a wish. */
export async function insertWishMessage(
  tx: TenantTransaction,
  organizationId: string,
  { facts, ...message }: NewWishMessage,
): Promise<void> {
  const values = { organizationId, ...message, channel: 'email', audience: 'customer', facts: JSON.stringify(facts) }
  await tx.insertInto('message').values(values).execute()
}

/** Bookings and wishes of which there is something to tell. */
export type ToTell = { bookingIds: string[]; wishIds: string[] }

/** Queues the delivery of messages, in the same transaction. */
export async function queueDelivery(
  tx: TenantTransaction,
  organizationId: string,
  { bookingIds, wishIds }: ToTell,
): Promise<void> {
  const payload = JSON.stringify({ organizationId, bookingIds, wishIds, ...jobTraces() })
  await sql`select 1 from graphile_worker.add_job('messages.deliver', ${payload}::json)`.execute(tx)
}

/**
 * Bookings and wishes with messages that wait since before the instant, though no job is left to send them. The job of a
 * worker that was killed counts as none: the queue itself would keep it for four hours.
 */
export async function listForgotten(tx: TenantTransaction, organizationId: string, before: Date): Promise<ToTell> {
  const rows = await tx
    .selectFrom('message as m')
    .select(['m.bookingId', 'm.wishId'])
    .distinct()
    .where('m.organizationId', '=', organizationId)
    .where('m.state', '=', 'queued')
    .where('m.createdAt', '<', before)
    .where(sql<SqlBool>`coalesce(m.booking_id, m.wish_id) is not null`)
    .where(
      sql<SqlBool>`not exists (select from graphile_worker._private_jobs j
        where (j.payload::jsonb -> 'bookingIds' ? m.booking_id::text or j.payload::jsonb -> 'wishIds' ? m.wish_id::text)
          and case when j.locked_at is null then j.attempts < j.max_attempts else j.locked_at > now() - interval '10 minutes' end)`,
    )
    .limit(1000)
    .execute()
  return {
    bookingIds: rows.flatMap(({ bookingId }) => bookingId ?? []),
    wishIds: rows.flatMap(({ wishId }) => wishId ?? []),
  }
}

/**
 * Empties what was said of bookings and wishes: nothing of the customer is left, and what was not sent yet never is.
 * @returns how many messages there are
 */
export async function eraseMessages(
  tx: TenantTransaction,
  organizationId: string,
  { bookingIds, wishIds, address }: { bookingIds: string[]; wishIds: string[]; address: string },
): Promise<number> {
  const rows = await emptied(tx, organizationId, address)
    .where(sql<SqlBool>`(booking_id = any(${bookingIds}::uuid[]) or wish_id = any(${wishIds}::uuid[]))`)
    .returning('id')
    .execute()
  return rows.length
}

/** Empties messages that were written before a moment. */
export async function forgetMessages(
  tx: TenantTransaction,
  organizationId: string,
  { before, address }: { before: Date; address: string },
): Promise<number> {
  const rows = await emptied(tx, organizationId, address)
    .where('createdAt', '<', before)
    .where(sql<SqlBool>`facts <> '{}'`)
    .returning('id')
    .execute()
  return rows.length
}

function emptied(tx: TenantTransaction, organizationId: string, address: string) {
  return tx
    .updateTable('message')
    .set((eb) => ({
      ...{ facts: '{}', lastError: null },
      recipient: eb.case().when('audience', '=', 'customer').then(address).else(eb.ref('recipient')).end(),
      // RFC 5646 §4.1: nobody knows which language.
      locale: eb.case().when('audience', '=', 'customer').then('und').else(eb.ref('locale')).end(),
      state: eb.case().when('state', '=', 'queued').then('failed').else(eb.ref('state')).end(),
    }))
    .where('organizationId', '=', organizationId)
}
