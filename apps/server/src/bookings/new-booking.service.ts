import type { StartOffer } from '../availability/availability.service.ts'
import type { Statement } from '../db/batch.ts'
import { roleOf, type Actor } from '../shared/actor.ts'
import { newId } from '../shared/id.ts'
import * as statements from './booking-statements.queries.ts'
import type { BookingFacts } from './booking-view.rules.ts'
import { checkAnswers } from './bookings.rules.ts'
import type { BookingCreate } from './bookings.schemas.ts'
import type { BookingDeps } from './bookings.service.ts'
import { claimsOf, subjectsOf } from './claims.rules.ts'
import { beginningOf } from './life.rules.ts'
import type { MessageKind, MessageSource } from './messages.rules.ts'
import type { Write } from './shared-writes.ts'

type Offer = Awaited<ReturnType<BookingDeps['availability']['offerOf']>>

/** A time that was found, and who serves it. */
export type Target = {
  offer: Offer
  start: StartOffer
  providerId: string
  startMs: number
  endMs: number
  seats: number
}

/** What is written at a place that was found, and what its taker is told. */
export type Placed<Result> = {
  result: Result
  owner: statements.ClaimOwner
  booking: Write['bookings'][number] | undefined
  statements: Statement[]
}

/** What is written for one. An appointment claims its subjects; a group session is claimed once, and people take its seats. */
export function writeOf(
  { clock }: BookingDeps,
  organizationId: string,
  {
    target,
    placed,
    exceptHold,
  }: { target: Target; placed: Omit<Placed<unknown>, 'result'>; exceptHold: string | undefined },
): Write {
  const nowMs = clock.nowMs()
  const { offer, start, providerId, startMs, endMs, seats } = target
  const { owner, booking } = placed
  const plain = {
    ...{ configVersion: offer.configVersion, holdId: exceptHold, first: [], bookings: booking ? [booking] : [] },
    ...{ statements: placed.statements, claims: [], sessionKey: undefined },
  }
  if (booking?.row.claimsTime === false) return { ...plain, subjects: [], limits: [] }
  const claims = claimsOf(start.takes, () => newId(nowMs))
  const { id: serviceId, capacity } = offer.service
  const subjects = start.isOpen ? [providerId] : subjectsOf(claims)
  const counting = { ownerId: owner.id, email: booking?.row.email ?? null }
  const limits = start.limits.map((limit) => ({ ...limit, ...counting }))
  if (capacity === 1) return { ...plain, subjects, limits, claims: [{ owner, claims }] }
  const session = { id: newId(nowMs), serviceId, providerId, startMs, endMs, capacity }
  const sessionKey = `${serviceId} ${providerId} ${startMs}`
  const open = start.isOpen ? [] : [statements.openSession(organizationId, session, claims)]
  const taken = [...open, statements.takeSeats(organizationId, owner, session, seats)]
  return { ...plain, subjects, limits, statements: [...placed.statements, ...taken], sessionKey }
}

type NewBookingParts = {
  id: string
  request: Pick<BookingCreate, 'customer' | 'answers' | 'attendees'>
  actor: Actor
  noShows: number
  /** those it was made with */
  bundleId?: string
}

/** A booking as it is written, and what is to be told of it. */
export function newBookingOf(
  deps: BookingDeps,
  target: Target,
  { id, request, actor, noShows, bundleId }: NewBookingParts,
) {
  const { offer, providerId, startMs, endMs, seats } = target
  const { service, organization } = offer
  const { customer } = request
  const timeZone = deps.availability.timeZoneOf(customer.timeZone ?? organization.timeZone)
  const locale = customer.locale ?? organization.locale
  const provider = offer.providers.find((candidate) => candidate.id === providerId)
  const priceMinor = service.priceMinor * seats
  const nowMs = deps.clock.nowMs()
  const { slug, name, timeZone: organizationTimeZone } = organization
  const { cancelNoticeMin, rescheduleNoticeMin } = service
  const { state, claimsTime } = beginningOf({ ...service, noShows, isMember: roleOf(actor) !== undefined })
  const facts: BookingFacts = {
    id,
    state,
    organization: { slug, name, timeZone: organizationTimeZone },
    service: {
      ...{ id: service.id, slug: service.slug, name: service.name, colour: service.colour },
      ...{ cancelNoticeMin, rescheduleNoticeMin },
    },
    provider: { id: providerId, name: provider?.name ?? '' },
    location: service.location,
    customer: { name: customer.name.trim(), email: customer.email },
    ...{ startMs, endMs, timeZone, seats, priceMinor, currency: service.currency, createdAtMs: nowMs },
  }
  const booking: statements.NewBooking = {
    ...{ id, serviceId: service.id, providerId, customerId: newId(nowMs), state, claimsTime },
    ...{ customerName: facts.customer.name, email: customer.email, phone: customer.phone ?? null },
    ...{ startMs, endMs, timeZone, locale, seats, priceMinor, currency: service.currency },
    answers: checkAnswers(service.questions, request.answers ?? {}),
    attendees: request.attendees ?? [],
    source: roleOf(actor) !== undefined ? 'member' : 'public',
    bundleId: bundleId ?? null,
  }
  const source: MessageSource = {
    ...{ facts, accent: organization.accent, organizationLocale: organization.locale, locale },
    ...{ providerEmail: provider?.email ?? null, linkVersion: 1, sequence: 0 },
    officeUrl: `${deps.config.publicUrl}/app/${slug}/bookings/${id}`,
  }
  const kind: MessageKind = state === 'pending' ? 'booking.requested' : 'booking.confirmation'
  return { facts, booking, kind, source }
}

/** Where the customer changes the booking, and the token that lets them. */
export function linkOf({ links, config }: BookingDeps, organizationId: string, bookingId: string, version = 1) {
  const token = links.sign({ organizationId, bookingId, version })
  return { manageUrl: `${config.publicUrl}/booking/${bookingId}?token=${token}`, token }
}
