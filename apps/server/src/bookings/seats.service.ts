import { slotRefused } from '../availability/availability.errors.ts'
import { tenantBatch } from '../db/batch.ts'
import { databaseErrorOf, isTransient } from '../db/errors.ts'
import { invalidField } from '../shared/app-error.ts'
import { parseInstantMs } from '../shared/clock.ts'
import { newId } from '../shared/id.ts'
import { answerAgain, auditOf, isOutrun, rememberedOnce, type Doer } from './book.service.ts'
import * as statements from './booking-statements.queries.ts'
import { toBookingView } from './booking-view.rules.ts'
import { bookingNotActive, takesNoSeats, tooLateToCancel, tooLateToMove } from './bookings.errors.ts'
import { parseExtras, parseState, parseView, type BookingRow } from './bookings.queries.ts'
import { customerRights, isActive } from './bookings.rules.ts'
import type { BookingCreated, BookingSplit } from './bookings.schemas.ts'
import { findForMember, subjectsOfBookings, type BookingDeps } from './bookings.service.ts'
import { policyOf, sourceOf, whenChanged } from './change.service.ts'
import { tellWaiting } from './freed-statements.queries.ts'
import { doOnce, type Doing } from './life.service.ts'
import { messagesOf, type MessageSource } from './messages.rules.ts'
import { linkOf, newBookingOf, writeOf, type Target } from './new-booking.service.ts'
import { freeSeats, recountSeats, takeMoreSeats } from './seat-statements.queries.ts'
import { Outrun, type Write } from './shared-writes.ts'

const MAX_TRIES = 8

/** Doing something to a booking that its policy may refuse to customers, not to members. */
type Change = Doing & { isMember: boolean }

/**
 * Makes a booking be for more or fewer people: it gives seats of its session back, or takes more of them.
 * @throws {AppError} booking.no_seats; booking.slot_taken when too few are free; booking.too_late; booking.not_active;
 *   idempotency.key_reused
 */
export async function changeSeats(
  deps: BookingDeps,
  row: BookingRow,
  { seats, ...change }: Change & { seats: number },
): Promise<void> {
  await doOnce(deps, row, change, async (remembered) => {
    const { organizationId, id } = row
    const { capacity } = await checkSeated(deps, row)
    if (seats === row.seats) {
      await tenantBatch(deps.db.pool, organizationId, remembered)
      return
    }
    if (seats > capacity) throw invalidField('seats', `At most ${capacity} seats can be booked.`)
    checkRight(deps, row, { isMember: change.isMember, isFewer: seats < row.seats })
    const shrunk = withSeats(deps, row, { seats, doer: change.doer })
    const more = seats - row.seats
    const moved = more > 0 ? takeMoreSeats(organizationId, id, more) : freeSeats(organizationId, id, -more)
    await tenantBatch(deps.db.pool, organizationId, [
      statements.lockSubjects(organizationId, await subjectsOfBookings(deps, organizationId, [row])),
      statements.removeHolds(organizationId, [row.providerId], deps.clock.nowMs(), []),
      recountSeats(organizationId, row, shrunk.count),
      ...(row.claimsTime ? [moved] : []),
      statements.insertRecords(organizationId, [shrunk.records]),
      statements.queueDelivery(organizationId, [id]),
      ...remembered,
      ...(more < 0 ? [tellWaiting(organizationId)] : []),
    ]).catch(async (error: unknown) => {
      if (databaseErrorOf(error)?.code !== statements.SEATS_TAKEN) return whenChanged(error)
      throw slotRefused('full', await elsewhere(deps, row, seats))
    })
  })
}

/**
 * Lets some of the people of a booking go to another time, as a booking of their own for the same customer. Both happen, or
 * nothing.
 * @throws {AppError} booking.no_seats; booking.slot_taken or booking.slot_refused with the nearest free times;
 *   booking.too_late; booking.not_active; request.invalid; idempotency.key_reused
 */
export async function splitBooking(
  deps: BookingDeps,
  row: BookingRow,
  { request, ...change }: Change & { request: BookingSplit },
): Promise<BookingCreated> {
  const { organizationId } = row
  const id = newId(deps.clock.nowMs())
  try {
    for (let tries = 0; ; tries++) {
      const current = tries === 0 ? row : await findForMember(deps, organizationId, row.id)
      const target = await placeOf(deps, current, { request, isMember: change.isMember, anew: tries > 0 })
      if (!target) continue
      const { view, write } = partingOf(deps, current, { id, target, change })
      try {
        await deps.writes.write(organizationId, write)
        return { booking: view, ...linkOf(deps, organizationId, id) }
      } catch (error) {
        const isWorthMore = error instanceof Outrun || isOutrun(databaseErrorOf(error)?.code) || isTransient(error)
        if (!isWorthMore || tries >= MAX_TRIES) whenChanged(error)
      }
    }
  } catch (error) {
    const booking = parseView(await answerAgain(deps, organizationId, change.once, error))
    return { booking, ...linkOf(deps, organizationId, booking.id) }
  }
}

type Parting = { id: string; target: Target; change: Change }

/** What is written when some go: fewer seats here, and a booking of their own there. */
function partingOf(deps: BookingDeps, row: BookingRow, { id, target, change }: Parting) {
  const { organizationId } = row
  const shrunk = withSeats(deps, row, { seats: row.seats - target.seats, doer: change.doer })
  const { facts, booking, source } = ownBookingOf(deps, row, { id, target, change })
  const view = toBookingView(facts, deps.clock.nowMs())
  const kind = facts.state === 'pending' ? 'booking.requested' : 'booking.confirmation'
  const detail = { start: view.start, service: target.offer.service.slug, from: row.id }
  const records = {
    bookingId: id,
    messages: messagesOf(kind, source, () => newId(deps.clock.nowMs())),
    audit: { ...auditOf(deps, change.doer), action: 'booking.split_off', detail },
  }
  const placed = {
    owner: { kind: 'booking', id } as const,
    booking: { row: booking, records },
    statements: [
      statements.insertRecords(organizationId, [shrunk.records]),
      statements.queueDelivery(organizationId, [row.id]),
      ...rememberedOnce(organizationId, change.once, { status: 201, body: view }),
      tellWaiting(organizationId),
    ],
  }
  const write: Write = writeOf(deps, organizationId, { target, placed, exceptHold: undefined })
  const freed = row.claimsTime ? [freeSeats(organizationId, row.id, target.seats)] : []
  const first = [recountSeats(organizationId, row, shrunk.count), ...freed]
  // Whoever frees seats of a session holds its provider, as whoever takes them does.
  return { view, write: { ...write, subjects: [...new Set([...write.subjects, row.providerId])], first } }
}

/** A booking for those who go, as the one they leave was made: its answers were checked then, and so was its request. */
function ownBookingOf(deps: BookingDeps, row: BookingRow, { id, target, change }: Parting) {
  const { offer } = target
  const unasked = { ...target, offer: { ...offer, service: { ...offer.service, questions: [] } } }
  const { customerName: name, email, phone, timeZone, locale, claimsTime } = row
  const customer = { name, email, timeZone, locale, ...(phone !== null && { phone }) }
  const actor =
    change.doer.kind === 'member' || change.doer.kind === 'key' ? change.doer : ({ kind: 'anonymous' } as const)
  const made = newBookingOf(deps, unasked, { id, request: { customer }, actor, noShows: 0 })
  const state = parseState(row.state) === 'pending' ? 'pending' : 'confirmed'
  const facts = { ...made.facts, state } as const
  const { answers } = parseExtras(row)
  return {
    facts,
    booking: { ...made.booking, state, claimsTime, answers, bundleId: row.bundleId } as const,
    source: { ...made.source, facts },
  }
}

type PlaceSearch = { request: BookingSplit; isMember: boolean; anew: boolean }

/** Who serves those who go; undefined when it must be read anew first. */
async function placeOf(
  deps: BookingDeps,
  row: BookingRow,
  { request, isMember, anew }: PlaceSearch,
): Promise<Target | undefined> {
  const { availability } = deps
  const { organizationId, serviceId } = row
  const startMs = parseInstantMs(request.start)
  if (startMs === undefined)
    throw invalidField('start', 'Give an instant with its offset, such as 2026-03-29T09:00:00+02:00.')
  await checkSeated(deps, row)
  checkRight(deps, row, { isMember, isFewer: false })
  if (request.seats >= row.seats)
    throw invalidField('seats', 'Fewer people can go than the booking has. To move all of them, move the booking.')
  if (startMs === row.startsAt.getTime() && (request.provider ?? row.providerId) === row.providerId)
    throw invalidField('start', 'They are at this time already. Choose another one.')
  const offer = anew
    ? await availability.reload(organizationId, serviceId)
    : await availability.offerOf(organizationId, serviceId)
  const lengthMin = (row.endsAt.getTime() - row.startsAt.getTime()) / 60_000
  const asked = availability.askOf(offer, {
    durationMin: lengthMin,
    providerId: request.provider,
    seats: request.seats,
  })
  const ask = { ...asked, startMs, email: row.email }
  const start = await availability.check(organizationId, offer, ask, anew)
  if (typeof start !== 'string') {
    const { providerId } = start
    return { offer, start, providerId, startMs, endMs: startMs + lengthMin * 60_000, seats: request.seats }
  }
  if (!anew) return undefined
  throw slotRefused(start, await availability.alternatives(organizationId, serviceId, ask))
}

/** The booking with another number of seats, as it is written and told. */
function withSeats(deps: BookingDeps, row: BookingRow, { seats, doer }: { seats: number; doer: Doer }) {
  const priceMinor = (row.priceMinor / row.seats) * seats
  const before = sourceOf(deps, row)
  const source: MessageSource = {
    ...before,
    facts: { ...before.facts, seats, priceMinor },
    sequence: row.sequence + 1,
  }
  const detail = { start: row.startsAt.toISOString(), from: row.seats, to: seats }
  const records = {
    bookingId: row.id,
    messages: messagesOf('booking.changed', source, () => newId(deps.clock.nowMs())),
    audit: { ...auditOf(deps, doer), action: 'booking.seats_changed', detail },
  }
  return { count: { seats, priceMinor }, records }
}

/** @throws {AppError} booking.no_seats, booking.not_active */
async function checkSeated({ availability }: BookingDeps, row: BookingRow): Promise<{ capacity: number }> {
  const { service } = await availability.offerOf(row.organizationId, row.serviceId)
  if (service.capacity === 1) throw takesNoSeats()
  if (!isActive(row.state)) throw bookingNotActive()
  return service
}

/** Fewer people is cancelling a part, more of them or another time is moving. @throws {AppError} booking.too_late */
function checkRight(
  { clock }: BookingDeps,
  row: BookingRow,
  { isMember, isFewer }: { isMember: boolean; isFewer: boolean },
) {
  if (isMember) return
  const { canCancel, canReschedule } = customerRights(policyOf(row), clock.nowMs())
  if (isFewer && !canCancel) throw tooLateToCancel()
  if (!isFewer && !canReschedule) throw tooLateToMove()
}

/** Times at which there are as many seats. */
async function elsewhere({ availability }: BookingDeps, row: BookingRow, seats: number) {
  const { organizationId, serviceId } = row
  const offer = await availability.offerOf(organizationId, serviceId)
  const durationMin = (row.endsAt.getTime() - row.startsAt.getTime()) / 60_000
  const ask = { ...availability.askOf(offer, { durationMin, seats }), startMs: row.startsAt.getTime() }
  return availability.alternatives(organizationId, serviceId, { ...ask, exceptBookings: [row.id] })
}
