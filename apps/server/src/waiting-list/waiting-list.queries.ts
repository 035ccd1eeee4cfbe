import { sql, type SqlBool } from 'kysely'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { TenantTransaction } from '../db/database.ts'
import { jobTraces } from '../observe/tracing.ts'
import { Uuid } from '../shared/schemas.ts'
import { OfferState, WishState } from './waiting-list.schemas.ts'

/** Wishes with the names of what they are about. */
function selectWishes(tx: TenantTransaction, organizationId: string) {
  return tx
    .selectFrom('wish as w')
    .innerJoin('service as s', (join) =>
      join.onRef('s.organizationId', '=', 'w.organizationId').onRef('s.id', '=', 'w.serviceId'),
    )
    .innerJoin('customer as c', (join) =>
      join.onRef('c.organizationId', '=', 'w.organizationId').onRef('c.id', '=', 'w.customerId'),
    )
    .innerJoin('organization as o', 'o.id', 'w.organizationId')
    .innerJoin('organizationSlug as g', 'g.organizationId', 'w.organizationId')
    .leftJoin('booking as b', (join) =>
      join.onRef('b.organizationId', '=', 'w.organizationId').onRef('b.id', '=', 'w.earlierId'),
    )
    .where('w.organizationId', '=', organizationId)
    .select([
      ...([
        'w.organizationId',
        'w.id',
        'w.serviceId',
        'w.customerId',
        'w.customerName',
        'w.timeZone',
        'w.locale',
      ] as const),
      ...(['w.fromMin', 'w.untilMin', 'w.durationMin', 'w.seats', 'w.earlierId', 'w.bookingId'] as const),
      ...(['w.state', 'w.createdAt', 'c.email'] as const),
      sql<string>`to_char(w.from_date, 'YYYY-MM-DD')`.as('from'),
      sql<string>`to_char(w.until_date, 'YYYY-MM-DD')`.as('until'),
      sql<number[]>`to_json(w.weekdays)`.as('weekdays'),
      sql<string[]>`to_json(w.provider_ids)`.as('providerIds'),
    ])
    .select(['s.slug as serviceSlug', 's.name as serviceName', 's.colour as serviceColour', 's.rescheduleNoticeMin'])
    .select(['o.name as organizationName', 'o.timeZone as organizationTimeZone', 'o.accent', 'g.slug'])
    .select(['b.startsAt as earlierThan', 'b.state as bookedState'])
}

export type WishRow = NonNullable<Awaited<ReturnType<typeof findWish>>>

export function findWish(tx: TenantTransaction, organizationId: string, id: string) {
  return selectWishes(tx, organizationId).where('w.id', '=', id).executeTakeFirst()
}

type Key = { at: string; id: string }

export type WishFilter = {
  state?: string | undefined
  service?: string | undefined
  after?: Key | undefined
  limit: number
}

/** Wishes in the order in which they were made. */
export function listWishes(tx: TenantTransaction, organizationId: string, filter: WishFilter) {
  const { state, service, after, limit } = filter
  let query = selectWishes(tx, organizationId).orderBy('w.createdAt').orderBy('w.id').limit(limit)
  if (state !== undefined) query = query.where('w.state', '=', state)
  if (service !== undefined) query = query.where('w.serviceId', '=', service)
  if (after) query = query.where(sql<SqlBool>`(w.created_at, w.id) > (${after.at}::timestamptz, ${after.id}::uuid)`)
  return query.execute()
}

export type OfferRow = Awaited<ReturnType<typeof listOffers>>[number]

/** The offers that wishes were made, the first one first. */
export function listOffers(tx: TenantTransaction, organizationId: string, wishIds: string[]) {
  return tx
    .selectFrom('wishOffer as f')
    .innerJoin('provider as p', (join) =>
      join.onRef('p.organizationId', '=', 'f.organizationId').onRef('p.id', '=', 'f.providerId'),
    )
    .where('f.organizationId', '=', organizationId)
    .where('f.wishId', '=', sql<string>`any(${wishIds}::uuid[])`)
    .selectAll('f')
    .select('p.name as providerName')
    .orderBy('f.offeredAt')
    .orderBy('f.id')
    .execute()
}

/** Names of providers, in the order in which the business shows them. */
export function listProviders(tx: TenantTransaction, organizationId: string, ids: string[]) {
  return tx
    .selectFrom('provider')
    .where('organizationId', '=', organizationId)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .select(['id', 'name'])
    .orderBy('position')
    .orderBy('id')
    .execute()
}

export type NewWish = {
  id: string
  serviceId: string
  customerId: string
  customerName: string
  timeZone: string
  locale: string
  providerIds: string[]
  from: string
  until: string
  weekdays: number[]
  fromMin: number
  untilMin: number
  durationMin: number
  seats: number
  earlierId: string | null
  createdAt: Date
}

/** Rejects with 23505 on wish_earlier_once when the booking is waited for already. */
export async function insertWish(tx: TenantTransaction, organizationId: string, wish: NewWish): Promise<void> {
  const { from, until, ...rest } = wish
  await tx
    .insertInto('wish')
    .values({ organizationId, ...rest, fromDate: sql<Date>`${from}::date`, untilDate: sql<Date>`${until}::date` })
    .execute()
}

/** How many wishes of a customer are open. */
export async function countOpen(tx: TenantTransaction, organizationId: string, customerId: string): Promise<number> {
  const { count } = await tx
    .selectFrom('wish')
    .where('organizationId', '=', organizationId)
    .where('customerId', '=', customerId)
    .where('state', 'in', ['waiting', 'offered'])
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

/** Whether anybody waits, or has an offer. */
export async function isAnybodyWaiting(tx: TenantTransaction, organizationId: string): Promise<boolean> {
  const found = await tx
    .selectFrom('wish')
    .where('organizationId', '=', organizationId)
    .where('state', 'in', ['waiting', 'offered'])
    .select('id')
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/** Waits until nobody else makes offers for the organization, and keeps others from it until the transaction ends. */
export async function lockWaitingList(tx: TenantTransaction, organizationId: string): Promise<void> {
  // What is offered is written by transactions of its own; meanwhile this one is idle.
  await sql`set local idle_in_transaction_session_timeout = '120s'`.execute(tx)
  await sql`select pg_advisory_xact_lock(hashtextextended(${`waiting-list/${organizationId}`}, 0))`.execute(tx)
}

/** Offers that nobody has taken by a moment, with the wishes they were made to. */
export function listExpired(
  tx: TenantTransaction,
  organizationId: string,
  { expiredAt, limit }: { expiredAt: Date; limit: number },
) {
  return tx
    .selectFrom('wishOffer')
    .where('organizationId', '=', organizationId)
    .where('state', '=', 'open')
    .where('expiresAt', '<=', expiredAt)
    .select(['id', 'wishId'])
    .orderBy('expiresAt')
    .limit(limit)
    .execute()
}

export type NewOffer = {
  id: string
  wishId: string
  holdId: string
  providerId: string
  startsAt: Date
  endsAt: Date
  offeredAt: Date
  expiresAt: Date
}

/**
 * Writes down an offer to a wish that waits.
 * @returns whether it still waited
 */
export async function offer(tx: TenantTransaction, organizationId: string, row: NewOffer): Promise<boolean> {
  const isWaiting = await step(tx, organizationId, { id: row.wishId, from: ['waiting'], to: 'offered' })
  if (isWaiting)
    await tx
      .insertInto('wishOffer')
      .values({ organizationId, ...row })
      .execute()
  return isWaiting
}

type Step = { id: string; from: WishState[]; to: WishState; bookingId?: string }

/** Takes a wish from one of some states to another, and tells whether it was in one of them. */
export async function step(tx: TenantTransaction, organizationId: string, wanted: Step): Promise<boolean> {
  const { id, from, to, bookingId } = wanted
  const { numUpdatedRows } = await tx
    .updateTable('wish')
    .set({ state: to, ...(bookingId !== undefined && { bookingId }) })
    .where('organizationId', '=', organizationId)
    .where('id', '=', id)
    .where('state', 'in', from)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/**
 * Ends offers of a wish that are open: one of them, or all. The one that is taken need not be open any more.
 * @returns the holds that kept them
 */
export async function closeOffers(
  tx: TenantTransaction,
  organizationId: string,
  { wishId, id, to }: { wishId: string; id?: string | undefined; to: OfferState },
): Promise<string[]> {
  let query = tx
    .updateTable('wishOffer')
    .set({ state: to })
    .where('organizationId', '=', organizationId)
    .where('wishId', '=', wishId)
  // Whoever takes an offer in its last moment has it, whatever it was called meanwhile.
  if (to !== 'taken') query = query.where('state', '=', 'open')
  if (id !== undefined) query = query.where('id', '=', id)
  return (await query.returning('holdId').execute()).map(({ holdId }) => holdId)
}

/** Has what is free offered at once. */
export async function queueOffers(tx: TenantTransaction, organizationId: string): Promise<void> {
  const payload = JSON.stringify({ organizationId, ...jobTraces() })
  await sql`
    select 1 from graphile_worker.add_job('waiting-list.offer', ${payload}::json,
      job_key => ${`waiting-list/${organizationId}`})
  `.execute(tx)
}

export function parseWishState(state: string): WishState {
  return Value.Parse(WishState, state)
}

export function parseOfferState(state: string): OfferState {
  return Value.Parse(OfferState, state)
}

const Booked = Type.Object({ id: Uuid })

/** The booking that an earlier request was answered with, if it was. */
export function parseBooked(answer: unknown): string | undefined {
  return answer === undefined ? undefined : Value.Parse(Booked, answer).id
}
