import { createHash } from 'node:crypto'
import { book } from '../bookings/book.service.ts'
import { earlierAnswer, findForMember } from '../bookings/bookings.service.ts'
import { move } from '../bookings/change.service.ts'
import { withTenant } from '../db/tenant.ts'
import { runOnce, type Once } from '../idempotency/idempotency.service.ts'
import type { Actor } from '../shared/actor.ts'
import { toInstantText } from '../shared/clock.ts'
import { offerOver, wishNotOpen } from './waiting-list.errors.ts'
import * as queries from './waiting-list.queries.ts'
import { findByWishLink, note, readByWishLink, release, type Doing, type WaitingDeps } from './waiting-list.service.ts'
import type { WishTake, WishTaken } from './waiting-list.schemas.ts'

/**
 * Takes the time that is offered: it is booked, or the booking that was to be earlier moves there.
 * @throws {AppError} wish.link_invalid, wish.not_open, wish.offer_over; what `book` and `move` throw
 */
export async function takeOffer(
  deps: WaitingDeps,
  { id, token, body, actor, once }: Doing & { id: string; token: string; body: WishTake },
): Promise<WishTaken> {
  const { wish, offers } = await findByWishLink(deps, id, token)
  const { organizationId } = wish
  let { bookingId } = wish
  if (bookingId === null) {
    if (wish.state !== 'waiting' && wish.state !== 'offered') throw wishNotOpen()
    const open = offers.find(({ state, expiresAt }) => state === 'open' && deps.clock.nowMs() < expiresAt.getTime())
    // Taken at this very moment, by whoever asked just before: the answer is the same.
    const offer = open ?? offers.find(({ state }) => state === 'taken')
    if (!offer) throw offerOver()
    bookingId = wish.earlierId === null ? await bookOffer(deps, { wish, offer, body, actor }) : wish.earlierId
    if (wish.earlierId !== null) await moveTo(deps, wish.earlierId, offer)
    await settle(deps, { wish, offer, bookingId, actor, once })
  } else {
    const known = { id: bookingId }
    await withTenant(deps.db, organizationId, (tx) => runOnce(tx, organizationId, once, async () => known))
  }
  const { linkVersion: version } = await findForMember(deps, organizationId, bookingId)
  const link = deps.links.sign({ organizationId, bookingId, version })
  const manageUrl = `${deps.config.publicUrl}/booking/${bookingId}?token=${link}`
  return { wish: await readByWishLink(deps, id, token), manageUrl }
}

type Taking = { wish: queries.WishRow; offer: queries.OfferRow }

async function bookOffer(
  deps: WaitingDeps,
  { wish, offer, body, actor }: Taking & { body: WishTake; actor: Actor },
): Promise<string> {
  const { organizationId, serviceId, customerName, email, timeZone, locale, durationMin, seats } = wish
  const request = {
    ...{ service: serviceId, start: toInstantText(offer.startsAt.getTime()), duration: durationMin, seats },
    ...{ provider: offer.providerId, hold: offer.holdId, customer: { name: customerName, email, timeZone, locale } },
    ...(body.answers && { answers: body.answers }),
  }
  const { booking } = await book(deps, organizationId, request, { actor, once: onceOf(deps, offer) })
  return booking.id
}

/** An offer is booked once, however often somebody says yes: whoever asks again is told of the same booking. */
function onceOf({ clock }: WaitingDeps, { id }: { id: string }): Once {
  // No request can come with this key: it has spaces.
  return { key: `wish offer ${id}`, requestHash: createHash('sha256').update(id).digest(), atMs: clock.nowMs() }
}

/** Whoever asks again finds the booking moved already. */
async function moveTo(deps: WaitingDeps, bookingId: string, offer: queries.OfferRow): Promise<void> {
  const row = await findForMember(deps, offer.organizationId, bookingId)
  if (row.startsAt.getTime() === offer.startsAt.getTime()) return
  const request = { start: toInstantText(offer.startsAt.getTime()), provider: offer.providerId }
  await move(deps, row, { actor: { kind: 'anonymous' }, request, holdId: offer.holdId })
}

/** Writes down that an offer was taken, and lets others have what was kept besides. */
async function settle(
  deps: WaitingDeps,
  { wish, offer, bookingId, actor, once }: Taking & { bookingId: string; actor: Noted; once?: Once | undefined },
): Promise<void> {
  const { id, organizationId } = wish
  const holds = await withTenant(deps.db, organizationId, async (tx) => {
    const holds: string[] = []
    await runOnce(tx, organizationId, once, async () => {
      const from = ['waiting', 'offered', 'withdrawn', 'expired'] as const
      if (await queries.step(tx, organizationId, { id, from: [...from], to: 'taken', bookingId })) {
        holds.push(...(await queries.closeOffers(tx, organizationId, { wishId: id, id: offer.id, to: 'taken' })))
        holds.push(...(await queries.closeOffers(tx, organizationId, { wishId: id, to: 'lapsed' })))
        const detail = { start: toInstantText(offer.startsAt.getTime()), booking: bookingId }
        await note(deps, tx, organizationId, { actor, action: 'wish.taken', id, detail })
      }
      return { id: bookingId }
    })
    return holds
  })
  await release(deps, organizationId, holds)
}

type Noted = Actor | { kind: 'system' }

/**
 * Finishes what whoever took an offer could not: it was booked, and the process ended before it was written down.
 * @returns whether there was something to finish
 */
export async function finishTaken(deps: WaitingDeps, taking: Taking): Promise<boolean> {
  const bookingId = await bookedFor(deps, taking)
  if (bookingId === undefined) return false
  await settle(deps, { ...taking, bookingId, actor: { kind: 'system' } })
  return true
}

async function bookedFor(deps: WaitingDeps, { wish, offer }: Taking): Promise<string | undefined> {
  const { organizationId, earlierId } = wish
  if (earlierId !== null) return wish.earlierThan?.getTime() === offer.startsAt.getTime() ? earlierId : undefined
  return queries.parseBooked(await earlierAnswer(deps, organizationId, onceOf(deps, offer)))
}
