import { timingSafeEqual } from 'node:crypto'
import type { Availability } from '../availability/availability.service.ts'
import type { Config } from '../config/config.ts'
import type { Database, TenantTransaction } from '../db/database.ts'
import { withTenant } from '../db/tenant.ts'
import { answerErased } from '../idempotency/idempotency.errors.ts'
import { idempotency } from '../observe/metrics.ts'
import { roleOf, type Actor } from '../shared/actor.ts'
import { invalidField } from '../shared/app-error.ts'
import { parseInstantMs, toDate, toInstantText, type Clock } from '../shared/clock.ts'
import { ERASED_STATUS, type Once } from '../shared/once.ts'
import { decodeCursor, encodeCursor } from '../shared/cursor.ts'
import { toBookingDetail, toBookingView, type BookingFacts } from './booking-view.rules.ts'
import { bookingNotFound, keyReused, linkExpired, linkInvalid } from './bookings.errors.ts'
import * as queries from './bookings.queries.ts'
import { isLinkExpired } from './bookings.rules.ts'
import type { BookingDetail, BookingListQuery, BookingView } from './bookings.schemas.ts'
import type { LinkSigner } from '../shared/link-token.ts'
import type { SharedWrites } from './shared-writes.ts'

export type BookingDeps = {
  db: Database
  clock: Clock
  availability: Availability
  links: LinkSigner
  /** of the links by which providers decide about requests */
  decisions: LinkSigner
  writes: SharedWrites
  config: Pick<Config, 'publicUrl' | 'mail' | 'secretKey' | 'rateLimit'>
}

/** What a change of a booking that needs no other time takes. */
export type ChangeDeps = Pick<BookingDeps, 'db' | 'clock' | 'config'>

/** The booking behind a link, as the customer sees it. */
export async function readByLink(deps: BookingDeps, bookingId: string, token: string): Promise<BookingView> {
  return toBookingView(factsOf(await findByLink(deps, bookingId, token)), deps.clock.nowMs())
}

/**
 * The row of the booking behind a link.
 * @throws {AppError} booking.link_invalid, booking.link_expired
 */
export async function findByLink(deps: BookingDeps, bookingId: string, token: string): Promise<queries.BookingRow> {
  const link = deps.links.verify(bookingId, token)
  if (!link) throw linkInvalid()
  const row = await withTenant(deps.db, link.organizationId, (tx) =>
    queries.findBooking(tx, link.organizationId, bookingId),
  )
  if (!row || row.linkVersion !== link.version) throw linkInvalid()
  if (isLinkExpired(row.endsAt.getTime(), deps.clock.nowMs())) throw linkExpired()
  return row
}

/**
 * The row of the booking about which whoever has the link may decide.
 * @throws {AppError} booking.link_invalid, booking.link_expired
 */
export async function findByDecisionLink(
  deps: BookingDeps,
  bookingId: string,
  token: string,
): Promise<queries.BookingRow> {
  return findByLink({ ...deps, links: deps.decisions }, bookingId, token)
}

/** The request behind a link by which it is decided, as the customer sees it. */
export async function readDecision(deps: BookingDeps, bookingId: string, token: string): Promise<BookingView> {
  return toBookingView(factsOf(await findByDecisionLink(deps, bookingId, token)), deps.clock.nowMs())
}

/** @throws {AppError} booking.not_found */
export async function findForMember(
  deps: Pick<BookingDeps, 'db'>,
  organizationId: string,
  bookingId: string,
): Promise<queries.BookingRow> {
  const row = await withTenant(deps.db, organizationId, (tx) => queries.findBooking(tx, organizationId, bookingId))
  if (!row) throw bookingNotFound()
  return row
}

/** One booking as members see it. */
export async function readForMember(
  deps: BookingDeps,
  organizationId: string,
  bookingId: string,
): Promise<BookingDetail> {
  const [detail] = await withTenant(deps.db, organizationId, async (tx) => {
    const row = await queries.findBooking(tx, organizationId, bookingId)
    return row ? toDetails(tx, organizationId, [row], deps.clock.nowMs()) : []
  })
  if (!detail) throw bookingNotFound()
  return detail
}

/** A page of bookings that overlap the span, in the order of their starts. */
export async function listForMember(deps: BookingDeps, organizationId: string, query: BookingListQuery) {
  const { limit = 50, cursor, from, to, provider, customer, state } = query
  const [start = '', id = ''] = cursor === undefined ? [] : decodeCursor(cursor, ['instant', 'uuid'])
  const filter = {
    ...(from !== undefined && { from: toDate(instantOf('from', from)) }),
    ...(to !== undefined && { to: toDate(instantOf('to', to)) }),
    ...{ provider, customer, state, limit: limit + 1 },
    ...(cursor !== undefined && { after: { start, id } }),
  }
  return withTenant(deps.db, organizationId, async (tx) => {
    const rows = await queries.listBookings(tx, organizationId, filter)
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    const items = await toDetails(tx, organizationId, page, deps.clock.nowMs())
    const more = rows.length > limit && last
    return { items, ...(more && { nextCursor: encodeCursor([toInstantText(last.startsAt.getTime()), last.id]) }) }
  })
}

/** A leap second passes for an instant in JSON Schema; here it is none. */
function instantOf(field: string, text: string): number {
  const instantMs = parseInstantMs(text)
  if (instantMs === undefined) throw invalidField(field, 'Give an instant with its offset: 2026-03-29T09:00:00+02:00.')
  return instantMs
}

/**
 * Whoever asks to see free times for moving a booking must be let in by its link, or be a member.
 * @throws {AppError} booking.link_invalid
 */
export async function requireMovable(
  deps: BookingDeps,
  organizationId: string,
  asked: { bookingId: string; token: string | undefined; actor: Actor },
): Promise<void> {
  if (roleOf(asked.actor) !== undefined) return
  const row = await findByLink(deps, asked.bookingId, asked.token ?? '')
  if (row.organizationId !== organizationId) throw linkInvalid()
}

/** Removes a hold and frees what it claimed. Without the hold nothing happens: it has done its service. */
export async function releaseHold({ db }: BookingDeps, organizationId: string, holdId: string): Promise<void> {
  await withTenant(db, organizationId, async (tx) => {
    // Locked first, as a booking does: nobody takes a seat in a session that is just being closed.
    await queries.touchSubjects(tx, organizationId, await queries.listHoldSubjects(tx, organizationId, { id: holdId }))
    await queries.deleteHolds(tx, organizationId, { id: holdId })
  })
}

/**
 * Gives a hold that is still good until another moment, for as long as somebody thinks about an offer. Nobody extends it.
 * @returns whether it was still good
 */
export async function keepHold(
  tx: TenantTransaction,
  organizationId: string,
  hold: { id: string; nowMs: number; untilMs: number },
): Promise<boolean> {
  const { id, nowMs, untilMs } = hold
  await queries.touchSubjects(tx, organizationId, await queries.listHoldSubjects(tx, organizationId, { id }))
  return queries.prolongHold(tx, organizationId, id, { now: toDate(nowMs), until: toDate(untilMs) })
}

/** Removes holds that have expired. What they claimed counts as free since then already. */
export async function sweepHolds(
  { db, clock }: Pick<BookingDeps, 'db' | 'clock'>,
  organizationId: string,
): Promise<number> {
  return withTenant(db, organizationId, async (tx) => {
    const expired = { expiredAt: toDate(clock.nowMs()) }
    await queries.touchSubjects(tx, organizationId, await queries.listHoldSubjects(tx, organizationId, expired))
    return queries.deleteHolds(tx, organizationId, expired)
  })
}

/** Turns count claims for up to 366 days; nothing else looks back further. */
const CLAIMS_KEPT_MS = 400 * 86_400_000

/** Claims of one subject that are removed in one transaction, at most. */
const CLAIMS_TOGETHER = 1_000

/**
 * Removes the claims of appointments that ended long ago; the bookings stay. So the constraint that keeps bookings apart
 * stays as small as the business is busy, however long it has been there.
 * @returns how many were removed
 */
export async function sweepClaims(
  { db, clock }: Pick<BookingDeps, 'db' | 'clock'>,
  organizationId: string,
): Promise<number> {
  const search = { endedAt: toDate(clock.nowMs() - CLAIMS_KEPT_MS), limit: CLAIMS_TOGETHER }
  let removed = 0
  for (;;) {
    const more = await withTenant(db, organizationId, (tx) => queries.deleteClaims(tx, organizationId, search))
    if (more === 0) return removed
    removed += more
  }
}

/**
 * What the same request was answered before.
 * @returns undefined when it was never fulfilled
 * @throws {AppError} idempotency.key_reused when the key came with another request
 */
export async function earlierAnswer({ db }: BookingDeps, organizationId: string, once: Once): Promise<unknown> {
  const found = await withTenant(db, organizationId, (tx) => queries.findAnswer(tx, organizationId, once))
  if (!found) return undefined
  const isSame = timingSafeEqual(found.requestHash, once.requestHash)
  idempotency.inc({ outcome: isSame ? 'repeated' : 'refused' })
  if (!isSame) throw keyReused()
  if (found.status === ERASED_STATUS) throw answerErased()
  return found.body
}

/** Rows as members see them. */
export async function toDetails(
  tx: TenantTransaction,
  organizationId: string,
  rows: queries.BookingRow[],
  nowMs: number,
) {
  if (rows.length === 0) return []
  const claimed = await queries.listClaimedResources(
    tx,
    organizationId,
    rows.map(({ id }) => id),
  )
  return rows.map((row): BookingDetail => {
    const resources = claimed
      .filter(({ bookingId }) => bookingId === row.id)
      .map(({ id, name, unit }) => ({ id, name, unit }))
    const { customerId, phone, source, cancelReason, cancelledLate, claimsTime, checkedInAt, bundleId } = row
    const detail = {
      customerId,
      phone,
      resources,
      ...{ cancelReason, cancelledLate, claimsTime, checkedInAt, bundleId },
      source: source === 'member' ? 'member' : 'public',
    } as const
    return toBookingDetail(factsOf(row), { ...detail, ...queries.parseExtras(row) }, nowMs)
  })
}

/** The row as the facts that views and messages are made of. */
export function factsOf(row: queries.BookingRow): BookingFacts {
  const { id, serviceId, cancelNoticeMin, rescheduleNoticeMin, timeZone, seats, priceMinor, currency } = row
  return {
    id,
    state: queries.parseState(row.state),
    organization: { slug: row.slug, name: row.organizationName, timeZone: row.organizationTimeZone },
    service: {
      id: serviceId,
      slug: row.serviceSlug,
      name: row.serviceName,
      colour: row.serviceColour,
      cancelNoticeMin,
      rescheduleNoticeMin,
    },
    provider: { id: row.providerId, name: row.providerName },
    location: queries.parseLocation(row),
    customer: { name: row.customerName, email: row.email },
    startMs: row.startsAt.getTime(),
    endMs: row.endsAt.getTime(),
    ...{ timeZone, seats, priceMinor, currency },
    cancelledBy: queries.parseCanceller(row.cancelledBy),
    createdAtMs: row.createdAt.getTime(),
  }
}

/** Everything that a change of bookings of one organization may free: their providers, and what they claim besides. */
export async function subjectsOfBookings(
  { db }: Pick<BookingDeps, 'db'>,
  organizationId: string,
  rows: queries.BookingRow[],
): Promise<string[]> {
  const ids = rows.map(({ id }) => id)
  const claimed = await withTenant(db, organizationId, (tx) => queries.listBookingSubjects(tx, organizationId, ids))
  return [...new Set([...rows.map(({ providerId }) => providerId), ...claimed])]
}
