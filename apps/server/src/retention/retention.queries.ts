import { sql } from 'kysely'
import type { Database, TenantTransaction } from '../db/database.ts'

/** The oldest moment of each kind that an organization has; null where it has none. */
export type OldestRow = {
  event: Date | null
  answer: Date | null
  hold: Date | null
  claim: Date | null
  message: Date | null
  wish: Date | null
}

export async function findOldest(tx: TenantTransaction, organizationId: string): Promise<OldestRow> {
  const { rows } = await sql<OldestRow>`
    select
      (select min(at) from audit_event where organization_id = ${organizationId}) as event,
      (select min(created_at) from idempotency_key where organization_id = ${organizationId}) as answer,
      (select min(expires_at) from hold where organization_id = ${organizationId}) as hold,
      (select min(upper(during)) from claim where organization_id = ${organizationId}) as claim,
      (select min(created_at) from message where organization_id = ${organizationId} and facts <> '{}') as message,
      (select min(until_date)::timestamptz from wish
        where organization_id = ${organizationId} and state not in ('waiting', 'offered')) as wish`.execute(tx)
  return rows[0] ?? { event: null, answer: null, hold: null, claim: null, message: null, wish: null }
}

/** When the session that was used last longest ago was used last. */
export async function findOldestSession({ pool }: Pick<Database, 'pool'>): Promise<Date | null> {
  const { rows } = await pool.query<{ oldest: Date | null }>('select min("updatedAt") as oldest from auth.session')
  return rows[0]?.oldest ?? null
}

/** Removes the sessions and the unfinished sign-ins that are good for nothing any more. */
export async function deleteExpiredSessions({ pool }: Pick<Database, 'pool'>, now: Date): Promise<number> {
  const { rows } = await pool.query<{ gone: number }>(DELETE_EXPIRED, [now])
  return rows[0]?.gone ?? 0
}

const DELETE_EXPIRED = `
  with session as (delete from auth.session where "expiresAt" <= $1 returning 1),
    verification as (delete from auth.verification where "expiresAt" <= $1 returning 1)
  select (select count(*) from session) + (select count(*) from verification) as gone`

/** Removes wishes that have ended, of which the last day was before a date, with their offers. */
export async function deleteWishes(tx: TenantTransaction, organizationId: string, before: Date): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('wish')
    .where('organizationId', '=', organizationId)
    .where('state', 'not in', ['waiting', 'offered'])
    .where('untilDate', '<', before)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/**
 * Drops the oldest part of the trail when all of it is older than that; seven years are the least, and the database holds
 * that. @returns what it was called, or undefined when nothing was that old
 */
export async function dropOldestPart({ kysely }: Pick<Database, 'kysely'>, years: number): Promise<string | undefined> {
  return kysely.transaction().execute(async (tx) => {
    // A month of a large installation has many seals to move.
    await sql`set local statement_timeout = '10min'`.execute(tx)
    const { rows } = await sql<{ part: string | null }>`select audit_drop_oldest_part(${years}) as part`.execute(tx)
    return rows[0]?.part ?? undefined
  })
}
