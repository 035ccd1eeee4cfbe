import { localDateOf } from '@slotkeeper/scheduling'
import { providerNotFound } from '../availability/availability.errors.ts'
import { appendAudit, type AuditEntry } from '../audit/audit.service.ts'
import { bookingNotActive, tooLateToMove } from '../bookings/bookings.errors.ts'
import { findByLink, readByLink, releaseHold, type BookingDeps } from '../bookings/bookings.service.ts'
import { ensureCustomer } from '../customers/customers.service.ts'
import type { TenantTransaction } from '../db/database.ts'
import { onConstraint } from '../db/errors.ts'
import { withTenant } from '../db/tenant.ts'
import { tellOfWish } from '../notifications/notifications.service.ts'
import { runOnce, type Once } from '../idempotency/idempotency.service.ts'
import type { Actor } from '../shared/actor.ts'
import { invalidField } from '../shared/app-error.ts'
import { isCalendarDate, toDate, toInstantText } from '../shared/clock.ts'
import { decodeCursor, toPage } from '../shared/cursor.ts'
import { newId } from '../shared/id.ts'
import type { LinkSigner } from '../shared/link-token.ts'
import {
  alreadyWaiting,
  offerOver,
  tooManyWishes,
  wishLinkInvalid,
  wishNotFound,
  wishNotOpen,
} from './waiting-list.errors.ts'
import * as queries from './waiting-list.queries.ts'
import {
  ALL_WEEKDAYS,
  minuteOf,
  toWishDetail,
  toWishView,
  type OfferFacts,
  type WishFacts,
} from './waiting-list.rules.ts'
import type {
  EarlierCreate,
  WishCreate,
  WishCreated,
  WishDetail,
  WishListQuery,
  WishView,
} from './waiting-list.schemas.ts'

export type WaitingDeps = BookingDeps & {
  /** of the links by which customers see their wishes */
  wishLinks: LinkSigner
}

/** Who does it, and the key that makes sending it twice safe. */
export type Doing = { actor: Actor; once: Once | undefined }

/** A customer waits for so many times at once, at most. */
const OPEN_MAX = 10

/** The longest stretch of days that somebody waits for. */
const DAYS_MAX = 366

/**
 * Puts somebody on the waiting list of a service.
 * @throws {AppError} service.not_found, provider.not_found, request.invalid, wish.too_many, idempotency.key_reused
 */
export async function createWish(
  deps: WaitingDeps,
  organizationId: string,
  { body, ...doing }: Doing & { body: WishCreate },
): Promise<WishCreated> {
  const { availability } = deps
  const { service, customer, seats, duration } = body
  const offer = await availability.offerOf(organizationId, service)
  const ask = availability.askOf(offer, { durationMin: duration, seats })
  const { organization, providers } = offer
  return addWish(deps, organizationId, {
    ...doing,
    email: customer.email,
    wish: {
      ...daysOf(body, localDateOf(deps.clock.nowMs(), organization.timeZone)),
      serviceId: offer.service.id,
      providerIds: known(body.providers ?? [], providers),
      customerName: customer.name.trim(),
      timeZone: availability.timeZoneOf(customer.timeZone ?? organization.timeZone),
      locale: customer.locale ?? organization.locale,
      durationMin: ask.lengthMin,
      seats: ask.seats,
      earlierId: null,
    },
  })
}

/**
 * Puts somebody who is booked on the list for an earlier time.
 * @throws {AppError} booking.link_invalid, booking.link_expired, booking.not_active, booking.too_late, request.invalid,
 *   wish.already_waiting, wish.too_many, idempotency.key_reused
 */
export async function wishEarlier(
  deps: WaitingDeps,
  { bookingId, token, body, ...doing }: Doing & { bookingId: string; token: string; body: EarlierCreate },
): Promise<WishCreated> {
  const { availability, clock } = deps
  const row = await findByLink(deps, bookingId, token)
  const booking = await readByLink(deps, bookingId, token)
  if (booking.state !== 'pending' && booking.state !== 'confirmed') throw bookingNotActive()
  if (!booking.canReschedule) throw tooLateToMove()
  const { organizationId, serviceId, seats } = row
  const offer = await availability.offerOf(organizationId, serviceId)
  const durationMin = (row.endsAt.getTime() - row.startsAt.getTime()) / 60_000
  const { timeZone } = offer.organization
  const today = localDateOf(clock.nowMs(), timeZone)
  const until = localDateOf(row.startsAt.getTime(), timeZone)
  return addWish(deps, organizationId, {
    ...doing,
    email: row.email,
    wish: {
      ...daysOf({ ...body, from: body.from ?? today, until }, today),
      serviceId,
      providerIds: known(body.providers ?? [], offer.providers),
      ...{ customerName: row.customerName, timeZone: row.timeZone, locale: row.locale },
      durationMin: availability.askOf(offer, { durationMin, seats }).lengthMin,
      seats,
      earlierId: bookingId,
    },
  })
}

type AskedDays = Pick<WishCreate, 'from' | 'until' | 'weekdays' | 'fromTime' | 'untilTime'>

/** @throws {AppError} request.invalid when nobody could ever come then */
function daysOf(
  { from, until, weekdays = ALL_WEEKDAYS, fromTime = '00:00', untilTime = '24:00' }: AskedDays,
  today: string,
) {
  if (!isCalendarDate(from)) throw invalidField('from', 'Give a date that the calendar has, such as 2026-03-29.')
  if (!isCalendarDate(until)) throw invalidField('until', 'Give a date that the calendar has, such as 2026-03-29.')
  if (until < from) throw invalidField('until', 'The last day is before the first.')
  if (until < today) throw invalidField('until', 'The last day has passed.')
  if (Temporal.PlainDate.from(from).until(until).days > DAYS_MAX)
    throw invalidField('until', `Wait for at most ${DAYS_MAX} days.`)
  const [fromMin, untilMin] = [minuteOf(fromTime), minuteOf(untilTime)]
  if (untilMin <= fromMin) throw invalidField('untilTime', 'This is before the time from which you could come.')
  return { from, until, weekdays: weekdays.toSorted(), fromMin, untilMin }
}

/** @throws {AppError} provider.not_found */
function known(ids: string[], providers: { id: string }[]): string[] {
  if (ids.some((id) => !providers.some((provider) => provider.id === id))) throw providerNotFound()
  return ids
}

type Adding = Doing & { email: string; wish: Omit<queries.NewWish, 'id' | 'customerId' | 'createdAt'> }

async function addWish(
  deps: WaitingDeps,
  organizationId: string,
  { actor, once, email, wish }: Adding,
): Promise<WishCreated> {
  const nowMs = deps.clock.nowMs()
  const { customerName: name, timeZone, locale } = wish
  return withTenant(deps.db, organizationId, async (tx) => {
    const { id } = await runOnce(tx, organizationId, once, async () => {
      const id = newId(nowMs)
      const customerId = await ensureCustomer(tx, organizationId, { id: newId(nowMs), name, email, timeZone, locale })
      if ((await queries.countOpen(tx, organizationId, customerId)) >= OPEN_MAX) throw tooManyWishes(OPEN_MAX)
      await queries
        .insertWish(tx, organizationId, { ...wish, id, customerId, createdAt: toDate(nowMs) })
        .catch(onConstraint('wish_earlier_once', alreadyWaiting))
      const detail = { service: wish.serviceId, earlierThan: wish.earlierId }
      await note(deps, tx, organizationId, { actor, action: 'wish.created', id, detail })
      await tell(deps, tx, organizationId, { id, kind: 'wish.received' })
      // There may be a time already.
      await queries.queueOffers(tx, organizationId)
      return { id }
    })
    return { wish: await readView(deps, tx, organizationId, id), ...linkOf(deps, organizationId, id) }
  })
}

/** Where the customer sees the wish, and the token that lets them. */
function linkOf({ wishLinks, config }: WaitingDeps, organizationId: string, id: string) {
  const token = wishLinks.sign({ organizationId, bookingId: id, version: 1 })
  return { url: `${config.publicUrl}/wish/${id}?token=${token}`, token }
}

/**
 * The organization of the wish behind a link.
 * @throws {AppError} wish.link_invalid
 */
function organizationOf({ wishLinks }: WaitingDeps, id: string, token: string): string {
  const link = wishLinks.verify(id, token)
  if (!link) throw wishLinkInvalid()
  return link.organizationId
}

/**
 * The wish behind a link, as it is, with its offers.
 * @throws {AppError} wish.link_invalid
 */
export async function findByWishLink(deps: WaitingDeps, id: string, token: string) {
  const organizationId = organizationOf(deps, id, token)
  return withTenant(deps.db, organizationId, async (tx) => {
    const wish = await queries.findWish(tx, organizationId, id)
    if (!wish) throw wishLinkInvalid()
    return { wish, offers: await queries.listOffers(tx, organizationId, [id]) }
  })
}

/** The wish behind a link, as the customer sees it. */
export async function readByWishLink(deps: WaitingDeps, id: string, token: string): Promise<WishView> {
  const organizationId = organizationOf(deps, id, token)
  return withTenant(deps.db, organizationId, (tx) => readView(deps, tx, organizationId, id))
}

async function readView(
  deps: WaitingDeps,
  tx: TenantTransaction,
  organizationId: string,
  id: string,
): Promise<WishView> {
  const row = await queries.findWish(tx, organizationId, id)
  if (!row) throw wishLinkInvalid()
  const [whole] = await withNames(tx, organizationId, [row])
  return toWishView(factsOf(row, whole?.providers ?? []), whole?.offers ?? [], deps.clock.nowMs())
}

/** A page of wishes, in the order in which they were made. */
export async function listWishes({ db, clock }: WaitingDeps, organizationId: string, query: WishListQuery) {
  const { cursor, limit = 50, state, service } = query
  const [at = '', id = ''] = cursor === undefined ? [] : decodeCursor(cursor, ['instant', 'uuid'])
  const after = cursor === undefined ? undefined : { at, id }
  const nowMs = clock.nowMs()
  return withTenant(db, organizationId, async (tx) => {
    const rows = await queries.listWishes(tx, organizationId, { state, service, after, limit: limit + 1 })
    return toPage(await withNames(tx, organizationId, rows), limit, {
      keyOf: ({ row }) => [toInstantText(row.createdAt.getTime()), row.id],
      toView: ({ row, providers, offers }): WishDetail => toWishDetail(factsOf(row, providers), offers, nowMs),
    })
  })
}

/** Wishes with the people they name, and the offers they were made. */
async function withNames(tx: TenantTransaction, organizationId: string, rows: queries.WishRow[]) {
  const people = await queries.listProviders(tx, organizationId, [...new Set(rows.flatMap((row) => row.providerIds))])
  const wishIds = rows.map(({ id }) => id)
  const offers = Map.groupBy(await queries.listOffers(tx, organizationId, wishIds), ({ wishId }) => wishId)
  return rows.map((row) => ({
    row,
    providers: people.filter(({ id }) => row.providerIds.includes(id)),
    offers: (offers.get(row.id) ?? []).map(toOfferFacts),
  }))
}

function factsOf(row: queries.WishRow, providers: { id: string; name: string }[]): WishFacts {
  const { id, from, until, weekdays, fromMin, untilMin, durationMin, seats, timeZone, customerId } = row
  return {
    ...{ id, from, until, weekdays, fromMin, untilMin, durationMin, seats, timeZone, customerId, providers },
    state: queries.parseWishState(row.state),
    organization: { slug: row.slug, name: row.organizationName, timeZone: row.organizationTimeZone },
    service: { id: row.serviceId, slug: row.serviceSlug, name: row.serviceName, colour: row.serviceColour },
    customer: { name: row.customerName, email: row.email },
    earlierThanMs: row.earlierThan && row.earlierThan.getTime(),
    ...{ earlierId: row.earlierId, bookingId: row.bookingId, createdAtMs: row.createdAt.getTime() },
  }
}

function toOfferFacts(row: queries.OfferRow): OfferFacts {
  return {
    ...{ startMs: row.startsAt.getTime(), endMs: row.endsAt.getTime() },
    provider: { id: row.providerId, name: row.providerName },
    ...{ offeredAtMs: row.offeredAt.getTime(), expiresAtMs: row.expiresAt.getTime() },
    state: queries.parseOfferState(row.state),
  }
}

/**
 * Takes the customer off the list, through the link.
 * @throws {AppError} wish.link_invalid, wish.not_open, idempotency.key_reused
 */
export async function withdrawByLink(
  deps: WaitingDeps,
  { id, token, ...doing }: Doing & { id: string; token: string },
): Promise<WishView> {
  const { organizationId } = (await findByWishLink(deps, id, token)).wish
  await withdraw(deps, organizationId, { id, ...doing })
  return readByWishLink(deps, id, token)
}

/**
 * Takes a customer off the list, as a member.
 * @throws {AppError} wish.not_found, wish.not_open, idempotency.key_reused
 */
export async function withdrawForMember(
  deps: WaitingDeps,
  organizationId: string,
  { id, ...doing }: Doing & { id: string },
): Promise<WishDetail> {
  await withdraw(deps, organizationId, { id, ...doing })
  return withTenant(deps.db, organizationId, async (tx) => {
    const row = await queries.findWish(tx, organizationId, id)
    if (!row) throw wishNotFound()
    const [whole] = await withNames(tx, organizationId, [row])
    return toWishDetail(factsOf(row, whole?.providers ?? []), whole?.offers ?? [], deps.clock.nowMs())
  })
}

async function withdraw(
  deps: WaitingDeps,
  organizationId: string,
  { id, actor, once }: Doing & { id: string },
): Promise<void> {
  const holds = await withTenant(deps.db, organizationId, async (tx) => {
    let holds: string[] = []
    await runOnce(tx, organizationId, once, async () => {
      if (!(await queries.findWish(tx, organizationId, id))) throw wishNotFound()
      if (!(await queries.step(tx, organizationId, { id, from: ['waiting', 'offered'], to: 'withdrawn' })))
        throw wishNotOpen()
      holds = await queries.closeOffers(tx, organizationId, { wishId: id, to: 'declined' })
      await note(deps, tx, organizationId, { actor, action: 'wish.withdrawn', id })
      return { id }
    })
    return holds
  })
  await release(deps, organizationId, holds)
}

/**
 * Says no to the offer: the next one is offered the time, and the customer stays on the list.
 * @throws {AppError} wish.link_invalid, wish.offer_over, idempotency.key_reused
 */
export async function declineOffer(
  deps: WaitingDeps,
  { id, token, actor, once }: Doing & { id: string; token: string },
): Promise<WishView> {
  const { organizationId } = (await findByWishLink(deps, id, token)).wish
  const holds = await withTenant(deps.db, organizationId, async (tx) => {
    let holds: string[] = []
    await runOnce(tx, organizationId, once, async () => {
      if (!(await queries.step(tx, organizationId, { id, from: ['offered'], to: 'waiting' }))) throw offerOver()
      holds = await queries.closeOffers(tx, organizationId, { wishId: id, to: 'declined' })
      await note(deps, tx, organizationId, { actor, action: 'wish.offer_declined', id })
      return { id }
    })
    return holds
  })
  await release(deps, organizationId, holds)
  return readByWishLink(deps, id, token)
}

/** Frees what was kept for an offer, and has it offered to the next one. */
export async function release(deps: WaitingDeps, organizationId: string, holdIds: string[]): Promise<void> {
  for (const id of holdIds) await releaseHold(deps, organizationId, id)
  if (holdIds.length > 0) await withTenant(deps.db, organizationId, (tx) => queries.queueOffers(tx, organizationId))
}

/** Tells the customer of the wish as it is: that it was received, or what is offered. */
export async function tell(
  { clock }: Pick<WaitingDeps, 'clock'>,
  tx: TenantTransaction,
  organizationId: string,
  { id, kind }: { id: string; kind: 'wish.received' | 'wish.offered' },
): Promise<void> {
  const row = await queries.findWish(tx, organizationId, id)
  if (!row) return
  const [whole] = await withNames(tx, organizationId, [row])
  const offer = whole?.offers.find(({ state }) => state === 'open')
  const facts = {
    ...{ wishId: id, timeZone: row.timeZone, from: row.from, until: row.until },
    organization: { name: row.organizationName, slug: row.slug, accent: row.accent },
    service: { name: row.serviceName },
    customer: { name: row.customerName },
    providers: whole?.providers.map(({ name }) => name) ?? [],
    ...(row.earlierThan && { earlierThan: toInstantText(row.earlierThan.getTime()) }),
    ...(offer && {
      offer: {
        ...{ start: toInstantText(offer.startMs), end: toInstantText(offer.endMs), provider: offer.provider.name },
        expiresAt: toInstantText(offer.expiresAtMs),
      },
    }),
  }
  const news = { kind, recipient: row.email, locale: row.locale, facts }
  await tellOfWish(tx, organizationId, { ...news, nowMs: clock.nowMs() })
}

type Noted = { actor: AuditEntry['actor']; action: string; id: string; detail?: object }

/** Writes into the trail what became of a wish. */
export async function note(
  { clock }: Pick<WaitingDeps, 'clock'>,
  tx: TenantTransaction,
  organizationId: string,
  { actor, action, id, detail = {} }: Noted,
): Promise<void> {
  await appendAudit(tx, organizationId, { atMs: clock.nowMs(), actor, action, entity: 'wish', entityId: id, detail })
}
