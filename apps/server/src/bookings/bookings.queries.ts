import { sql, type SqlBool } from 'kysely'
import { Value } from 'typebox/value'
import type { TenantTransaction } from '../db/database.ts'
import { toDate } from '../shared/clock.ts'
import { forgottenAtMs, type Once } from '../shared/once.ts'
import { Answers, BookingDetail, BookingState, BookingView, HoldView, ReassignedAll } from './bookings.schemas.ts'

/** Bookings with the names of what they are about. */
function selectBookings(tx: TenantTransaction, organizationId: string) {
  return tx
    .selectFrom('booking as b')
    .innerJoin('service as s', (join) =>
      join.onRef('s.organizationId', '=', 'b.organizationId').onRef('s.id', '=', 'b.serviceId'),
    )
    .innerJoin('provider as p', (join) =>
      join.onRef('p.organizationId', '=', 'b.organizationId').onRef('p.id', '=', 'b.providerId'),
    )
    .innerJoin('customer as c', (join) =>
      join.onRef('c.organizationId', '=', 'b.organizationId').onRef('c.id', '=', 'b.customerId'),
    )
    .innerJoin('organization as o', 'o.id', 'b.organizationId')
    .innerJoin('organizationSlug as g', 'g.organizationId', 'b.organizationId')
    .leftJoin('location as l', (join) =>
      join.onRef('l.organizationId', '=', 's.organizationId').onRef('l.id', '=', 's.locationId'),
    )
    .where('b.organizationId', '=', organizationId)
    .selectAll('b')
    .select([
      's.slug as serviceSlug',
      's.name as serviceName',
      's.colour as serviceColour',
      's.cancelNoticeMin',
      's.rescheduleNoticeMin',
    ])
    .select(['p.name as providerName', 'p.email as providerEmail', 'c.email', 'c.phone'])
    .select([
      'o.name as organizationName',
      'o.timeZone as organizationTimeZone',
      'o.accent',
      'o.locale as organizationLocale',
      'g.slug',
    ])
    .select(['l.kind as locationKind', 'l.name as locationName', 'l.detail as locationDetail'])
}

export type BookingRow = NonNullable<Awaited<ReturnType<typeof findBooking>>>

export function findBooking(tx: TenantTransaction, organizationId: string, id: string) {
  return selectBookings(tx, organizationId).where('b.id', '=', id).executeTakeFirst()
}

/** The bookings of a series or visit, in the order of their starts. */
export function listBundle(tx: TenantTransaction, organizationId: string, bundleId: string) {
  return selectBookings(tx, organizationId)
    .where('b.bundleId', '=', bundleId)
    .orderBy('b.startsAt')
    .orderBy('b.id')
    .execute()
}

export type BookingFilter = {
  from?: Date | undefined
  to?: Date | undefined
  provider?: string | undefined
  customer?: string | undefined
  state?: string | undefined
  /** start and id of the last row of the page before */
  after?: { start: string; id: string } | undefined
  limit: number
}

/** Bookings that overlap the span, in the order of their starts. */
export function listBookings(tx: TenantTransaction, organizationId: string, filter: BookingFilter) {
  let query = selectBookings(tx, organizationId).orderBy('b.startsAt').orderBy('b.id').limit(filter.limit)
  if (filter.from) query = query.where('b.endsAt', '>', filter.from)
  if (filter.to) query = query.where('b.startsAt', '<', filter.to)
  if (filter.provider) query = query.where('b.providerId', '=', filter.provider)
  if (filter.customer) query = query.where('b.customerId', '=', filter.customer)
  if (filter.state) query = query.where('b.state', '=', filter.state)
  if (filter.after) {
    const { start, id } = filter.after
    query = query.where(sql<SqlBool>`(b.starts_at, b.id) > (${start}::timestamptz, ${id}::uuid)`)
  }
  return query.execute()
}

/** The rooms and devices that bookings have claimed. */
export function listClaimedResources(tx: TenantTransaction, organizationId: string, bookingIds: string[]) {
  return tx
    .selectFrom('claim as c')
    .innerJoin('resource as r', (join) =>
      join.onRef('r.organizationId', '=', 'c.organizationId').onRef('r.id', '=', 'c.subjectId'),
    )
    .where('c.organizationId', '=', organizationId)
    .where('c.bookingId', 'in', bookingIds)
    .select(['c.bookingId', 'r.id', 'r.name', 'c.unit'])
    .orderBy('r.name')
    .execute()
}

/** What a request with this key was answered, unless that was too long ago. */
export function findAnswer(tx: TenantTransaction, organizationId: string, { key, atMs }: Once) {
  return tx
    .selectFrom('idempotencyKey')
    .where('organizationId', '=', organizationId)
    .where('key', '=', key)
    .where('createdAt', '>', toDate(forgottenAtMs(atMs)))
    .select(['requestHash', 'status', 'body'])
    .executeTakeFirst()
}

/**
 * Everything that a change of the bookings may free: what they claim, and whoever can serve a service with limits, of which
 * there is more again.
 */
export async function listBookingSubjects(
  tx: TenantTransaction,
  organizationId: string,
  bookingIds: string[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select c.subject_id as id from claim c where c.organization_id = ${organizationId} and c.booking_id = any(${bookingIds}::uuid[])
    union
    select r.subject_id from booking b
    join service s on s.organization_id = b.organization_id and s.id = b.service_id and s.limits <> '[]'
    join requirement_subject r on r.organization_id = s.organization_id and r.service_id = s.id
    where b.organization_id = ${organizationId} and b.id = any(${bookingIds}::uuid[])
  `.execute(tx)
  return rows.map(({ id }) => id)
}

/** How many appointments since then a customer missed. */
export async function countNoShows(
  tx: TenantTransaction,
  organizationId: string,
  { email, since }: { email: string; since: Date },
): Promise<number> {
  const { count } = await tx
    .selectFrom('booking as b')
    .innerJoin('customer as c', (join) =>
      join.onRef('c.organizationId', '=', 'b.organizationId').onRef('c.id', '=', 'b.customerId'),
    )
    .where('b.organizationId', '=', organizationId)
    .where('c.email', '=', email)
    .where('b.state', '=', 'no_show')
    .where('b.startsAt', '>=', since)
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** How far back a sweep looks: what was due longer ago was due while nothing ran for a month. */
const LOOK_BACK = sql`interval '35 days'`

/** Requests that began undecided, and confirmed appointments that ended, in the order of their starts. */
export async function listDue(
  tx: TenantTransaction,
  organizationId: string,
  { undecidedAt, endedAt, limit }: { undecidedAt: Date; endedAt: Date; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from booking
    where organization_id = ${organizationId} and starts_at <= ${undecidedAt} and starts_at > ${undecidedAt}::timestamptz - ${LOOK_BACK}
      and (state = 'pending' or (state = 'confirmed' and ends_at <= ${endedAt}))
    order by starts_at, id limit ${limit}
  `.execute(tx)
  return rows.map(({ id }) => id)
}

/**
 * Removes claims that ended before a moment, and tells how many.
 * @param limit  of each person or thing, at most
 */
export async function deleteClaims(
  tx: TenantTransaction,
  organizationId: string,
  { endedAt, limit }: { endedAt: Date; limit: number },
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    delete from claim where organization_id = ${organizationId} and id in (
      select old.id from subject s cross join lateral (
        select c.id from claim c where c.organization_id = s.organization_id and c.subject_id = s.id and c.ends_at < ${endedAt}
        order by c.ends_at limit ${limit}
      ) old where s.organization_id = ${organizationId}
    )
  `.execute(tx)
  return Number(numAffectedRows)
}

/** Bookings of a provider that are to take place and begin in a span, in the order of their starts. */
export function listActiveOf(
  tx: TenantTransaction,
  organizationId: string,
  { providerId, from, to, limit }: { providerId: string; from: Date; to: Date; limit: number },
) {
  return selectBookings(tx, organizationId)
    .where('b.providerId', '=', providerId)
    .where('b.startsAt', '>=', from)
    .where('b.startsAt', '<', to)
    .where('b.state', 'in', ['pending', 'confirmed'])
    .orderBy('b.startsAt')
    .orderBy('b.id')
    .limit(limit)
    .execute()
}

export function findHold(tx: TenantTransaction, organizationId: string, id: string) {
  return tx
    .selectFrom('hold')
    .where('organizationId', '=', organizationId)
    .where('id', '=', id)
    .select(['id', 'serviceId', 'startsAt', 'endsAt', 'providerId', 'seats', 'expiresAt', 'extended'])
    .executeTakeFirst()
}

/** Lets a hold that is still good expire at another moment, and tells whether it was. Lock its subjects first. */
export async function prolongHold(
  tx: TenantTransaction,
  organizationId: string,
  id: string,
  { now, until }: { now: Date; until: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('hold')
    .set({ expiresAt: until, extended: true })
    .where('organizationId', '=', organizationId)
    .where('id', '=', id)
    .where('expiresAt', '>', now)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** One hold, or all that have expired by a moment. */
export type HoldFilter = { id: string } | { expiredAt: Date }

function isMeant(filter: HoldFilter) {
  return 'id' in filter ? sql<SqlBool>`h.id = ${filter.id}` : sql<SqlBool>`h.expires_at <= ${filter.expiredAt}`
}

/** Everybody and everything that the holds claim. */
export async function listHoldSubjects(
  tx: TenantTransaction,
  organizationId: string,
  filter: HoldFilter,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select h.provider_id as id from hold h where h.organization_id = ${organizationId} and ${isMeant(filter)}
    union
    select c.subject_id from hold h join claim c on c.organization_id = h.organization_id and c.hold_id = h.id
    where h.organization_id = ${organizationId} and ${isMeant(filter)}
    union
    select r.subject_id from hold h
    join service s on s.organization_id = h.organization_id and s.id = h.service_id and s.limits <> '[]'
    join requirement_subject r on r.organization_id = s.organization_id and r.service_id = s.id
    where h.organization_id = ${organizationId} and ${isMeant(filter)}
  `.execute(tx)
  return rows.map(({ id }) => id)
}

/**
 * Removes holds, what they claim, and sessions in which they were the last. Lock their subjects first.
 * @returns how many there were
 */
export async function deleteHolds(tx: TenantTransaction, organizationId: string, filter: HoldFilter): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with gone as (
      delete from hold h where h.organization_id = ${organizationId} and ${isMeant(filter)} returning h.id
    ), closed as (
      delete from group_session s
      where s.organization_id = ${organizationId}
        and s.id in (
          select session_id from seat where seat.organization_id = ${organizationId} and hold_id in (select id from gone))
        and not exists (
          select from seat where seat.organization_id = ${organizationId} and session_id = s.id
            and (hold_id is null or hold_id not in (select id from gone)))
    )
    select count(*) as count from gone
  `.execute(tx)
  return rows[0]?.count ?? 0
}

/** Marks what is known of the subjects' free times as stale. */
export async function touchSubjects(
  tx: TenantTransaction,
  organizationId: string,
  subjectIds: string[],
): Promise<void> {
  await sql`
    with locked as (
      select id from subject where organization_id = ${organizationId} and id = any(${subjectIds}::uuid[]) order by id for no key update
    )
    update subject set version = version + 1 from locked where subject.organization_id = ${organizationId} and subject.id = locked.id
  `.execute(tx)
}

export function parseState(state: string): BookingState {
  return Value.Parse(BookingState, state)
}

const Canceller = BookingView.properties.cancelledBy

/** Who cancelled it; undefined when nobody did. */
export function parseCanceller(cancelledBy: string | null) {
  return cancelledBy === null ? undefined : Value.Parse(Canceller, cancelledBy)
}

/** The booking as it was answered before. */
export function parseView(body: unknown): BookingView {
  return Value.Parse(BookingView, body)
}

/** The hold as it was answered before. */
export function parseHold(body: unknown): HoldView {
  return Value.Parse(HoldView, body)
}

/** What became of a provider's bookings, as it was answered before. */
export function parseReassigned(body: unknown): ReassignedAll {
  return Value.Parse(ReassignedAll, body)
}

/** Where the booked service takes place. */
export function parseLocation(row: {
  locationKind: string | null
  locationName: string | null
  locationDetail: string | null
}) {
  const { locationKind: kind, locationName: name, locationDetail: detail } = row
  if (kind !== 'address' && kind !== 'phone' && kind !== 'video') return null
  return { kind, name: name ?? '', detail: detail ?? '' } as const
}

/** The parts of a booking that the database keeps as JSON. */
export function parseExtras(row: { answers: unknown; attendees: unknown }) {
  return { answers: Value.Parse(Answers, row.answers), attendees: Value.Parse(Attendees, row.attendees) }
}

const Attendees = BookingDetail.properties.attendees
