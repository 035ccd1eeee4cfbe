import { slotRefused } from '../availability/availability.errors.ts'
import type { StartAsk, StartOffer } from '../availability/availability.service.ts'
import { tenantBatch, type Statement } from '../db/batch.ts'
import { databaseErrorOf, isTransient } from '../db/errors.ts'
import { newId } from '../shared/id.ts'
import { isOutrun } from './book.service.ts'
import * as statements from './booking-statements.queries.ts'
import type { NewClaim } from './booking-rows.ts'
import { changedMeanwhile } from './bookings.errors.ts'
import type { BookingRow } from './bookings.queries.ts'
import { subjectsOfBookings, type BookingDeps } from './bookings.service.ts'
import { claimsOf, subjectsOf } from './claims.rules.ts'
import { tellWaiting } from './freed-statements.queries.ts'
import { lockCounted, requireLimits } from './limit-statements.queries.ts'

const MAX_TRIES = 5

type Offer = Awaited<ReturnType<BookingDeps['availability']['offerOf']>>

/** Where a booking is to go. Who serves is whoever did before, if they are free, when nobody is named. */
export type Wanted = {
  startMs: number
  providerId?: string | undefined
  durationMin?: number | undefined
  /** a hold that keeps the time for this booking, and is made good */
  holdId?: string | undefined
  /** at a time that is not offered, too */
  override: boolean
}

/** Where it goes, and who serves it there. */
export type Place = {
  offer: Offer
  start: StartOffer
  providerId: string
  startMs: number
  endMs: number
  holdId?: string | undefined
}

/** What is written at the place that was found, besides its claims. */
export type Relocation = {
  /** false for a request that leaves its time to others */
  claimsTime: boolean
  change: Statement
  records: Omit<statements.BookingRecords, 'bookingId'>
  statements?: Statement[]
}

/**
 * Gives a booking another time or other people: frees what it has and takes what it is to have, in one transaction.
 * @throws {AppError} booking.slot_taken or booking.slot_refused with the nearest free times; booking.not_active when it was
 *   changed meanwhile
 */
export async function relocate(
  deps: BookingDeps,
  row: BookingRow,
  wanted: Wanted,
  write: (place: Place) => Relocation,
): Promise<void> {
  const { availability } = deps
  const { organizationId } = row
  for (let tries = 0; ; tries++) {
    const offer =
      tries === 0
        ? await availability.offerOf(organizationId, row.serviceId)
        : await availability.reload(organizationId, row.serviceId)
    const asked = askOf(deps, row, offer, wanted)
    const except = { exceptBookings: [row.id], exceptHold: wanted.holdId }
    const ask: StartAsk = { ...asked, startMs: wanted.startMs, ...except, email: row.email }
    const start = await placeOf(deps, row, { offer, ask, override: wanted.override, tries })
    if (!start) continue
    const endMs = ask.startMs + ask.lengthMin * 60_000
    const place = { offer, start, providerId: start.providerId, startMs: ask.startMs, endMs, holdId: wanted.holdId }
    try {
      await writeMoves(deps, organizationId, [{ row, place, relocation: write(place) }])
      return
    } catch (error) {
      rethrowUnlessOutrun(error)
      if (tries >= MAX_TRIES)
        throw slotRefused('taken', await availability.alternatives(organizationId, row.serviceId, ask))
    }
  }
}

/** What is asked for when a booking is moved. It stays as long as it was, unless its segments say how long it takes. */
export function askOf({ availability }: BookingDeps, row: BookingRow, offer: Offer, wanted: Wanted) {
  const { providerId, durationMin, override } = wanted
  const same = { providerId, seats: row.seats }
  if (offer.service.segmentsMin.length > 0) return availability.askOf(offer, same)
  const lengthMin = durationMin ?? (row.endsAt.getTime() - row.startsAt.getTime()) / 60_000
  return { ...availability.askOf(offer, { ...same, durationMin: override ? undefined : lengthMin }), lengthMin }
}

/**
 * When others were faster, or the error is transient, another try is worth it.
 * @throws {AppError} booking.not_active when the booking itself was changed; whatever else it was
 */
export function rethrowUnlessOutrun(error: unknown): void {
  const code = databaseErrorOf(error)?.code
  if (code === statements.BOOKING_CHANGED) throw changedMeanwhile()
  if (!(isOutrun(code) || isTransient(error))) throw error
}

type PlaceSearch = { offer: Offer; ask: StartAsk; override: boolean; tries: number }

/** Who serves at the new time: whoever did before, if they are free. Undefined when it must be read anew first. */
async function placeOf(
  { availability }: BookingDeps,
  row: BookingRow,
  { offer, ask, override, tries }: PlaceSearch,
): Promise<StartOffer | undefined> {
  const before = offer.providers.some(({ id }) => id === row.providerId) ? row.providerId : undefined
  const same = { ...ask, providerId: ask.providerId ?? before }
  const look = (wanted: StartAsk) =>
    override
      ? availability.overridden(row.organizationId, offer, wanted)
      : availability.check(row.organizationId, offer, wanted, true)
  const kept = await look(same)
  if (typeof kept !== 'string') return kept
  const other = same.providerId === ask.providerId ? kept : await look(ask)
  if (typeof other !== 'string') return other
  if (tries === 0) return undefined
  throw slotRefused(other, await availability.alternatives(row.organizationId, row.serviceId, ask))
}

/** A booking, where it goes, and what is written there. */
export type Move = { row: BookingRow; place: Place; relocation: Relocation }

/** Everything that the moves free and take, written at once: what one of them leaves may be what another one takes. */
export async function writeMoves(deps: BookingDeps, organizationId: string, moves: Move[]): Promise<void> {
  const nowMs = deps.clock.nowMs()
  const rows = moves.map(({ row }) => row)
  const taking = moves
    .filter(({ relocation }) => relocation.claimsTime)
    .map((move) => ({ ...move, claims: claimsOf(move.place.start.takes, () => newId(nowMs)) }))
  const taken = taking.flatMap(({ place, claims }) => [place.providerId, ...subjectsOf(claims)])
  const subjects = [...new Set([...(await subjectsOfBookings(deps, organizationId, rows)), ...taken])]
  const limits = taking.flatMap(({ row, place }) =>
    place.start.limits.map((limit) => ({ ...limit, ownerId: row.id, email: row.email })),
  )
  const appointments = taking
    .filter(({ place }) => place.offer.service.capacity === 1)
    .map(({ row, claims }) => ({ owner: { kind: 'booking', id: row.id } as const, claims }))
  const seated = taking.filter(({ place }) => place.offer.service.capacity > 1)
  await tenantBatch(deps.db.pool, organizationId, [
    statements.lockSubjects(organizationId, subjects),
    ...lockCounted(organizationId, limits),
    statements.requireConfig(organizationId, moves[0]?.place.offer.configVersion ?? 0),
    statements.removeHolds(
      organizationId,
      subjects,
      nowMs,
      moves.flatMap(({ place }) => place.holdId ?? []),
    ),
    ...rows.flatMap(({ id }) => statements.releaseBooking(organizationId, id)),
    ...moves.map(({ relocation }) => relocation.change),
    ...(appointments.length > 0 ? [statements.insertClaims(organizationId, appointments)] : []),
    ...seated.flatMap((move) => seating(organizationId, move, nowMs)),
    ...requireLimits(organizationId, limits, nowMs),
    statements.insertRecords(
      organizationId,
      moves.map(({ row, relocation }) => ({ bookingId: row.id, ...relocation.records })),
    ),
    statements.queueDelivery(
      organizationId,
      moves.flatMap(({ row, relocation }) => (relocation.records.messages.length > 0 ? [row.id] : [])),
    ),
    ...moves.flatMap(({ relocation }) => relocation.statements ?? []),
    tellWaiting(organizationId),
  ])
}

function seating(organizationId: string, { row, place, claims }: Move & { claims: NewClaim[] }, nowMs: number) {
  const { providerId, startMs, endMs, offer, start } = place
  const { capacity } = offer.service
  const session = { id: newId(nowMs), serviceId: row.serviceId, providerId, startMs, endMs, capacity }
  const taken = statements.takeSeats(organizationId, { kind: 'booking', id: row.id }, session, row.seats)
  return start.isOpen ? [taken] : [statements.openSession(organizationId, session, claims), taken]
}
