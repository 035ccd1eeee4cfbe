import { slotRefused } from '../availability/availability.errors.ts'
import type { StartAsk, StartOffer } from '../availability/availability.service.ts'
import { tenantBatch } from '../db/batch.ts'
import { databaseErrorOf, isTransient } from '../db/errors.ts'
import type { Actor } from '../shared/actor.ts'
import { invalidField } from '../shared/app-error.ts'
import { parseInstantMs } from '../shared/clock.ts'
import { newId } from '../shared/id.ts'
import { roleReaches } from '../shared/role.ts'
import { auditOf, isOutrun } from './book.service.ts'
import * as statements from './booking-statements.queries.ts'
import {
  bookingNotActive,
  changedMeanwhile,
  mayNotOverride,
  tooLateToCancel,
  tooLateToMove,
} from './bookings.errors.ts'
import type { BookingRow } from './bookings.queries.ts'
import { customerRights, isActive } from './bookings.rules.ts'
import type { BookingMove } from './bookings.schemas.ts'
import { factsOf, subjectsOfBooking, type BookingDeps } from './bookings.service.ts'
import { claimsOf, subjectsOf } from './claims.rules.ts'
import { lockCounted, requireLimits } from './limit-statements.queries.ts'
import { messagesOf, type MessageSource } from './messages.rules.ts'

const MAX_TRIES = 5

/**
 * Cancels a booking and frees its time. The policy binds customers, not members.
 * @throws {AppError} booking.too_late, booking.not_active
 */
export async function cancel(
  deps: BookingDeps,
  row: BookingRow,
  { actor, reason }: { actor: Actor; reason: string | undefined },
): Promise<void> {
  const { organizationId, id, sequence } = row
  const nowMs = deps.clock.nowMs()
  const isMember = actor.kind === 'member'
  if (!isActive(row.state)) throw bookingNotActive()
  if (!isMember && !customerRights(policyOf(row), nowMs).canCancel) throw tooLateToCancel()
  const subjects = await subjectsOfBooking(deps, row)
  const facts = { ...factsOf(row), state: 'cancelled' as const }
  const source = {
    ...sourceOf(deps, row),
    facts,
    sequence: sequence + 1,
    ...(reason !== undefined && { cancelReason: reason }),
  }
  const how = { atMs: nowMs, by: isMember ? ('member' as const) : ('customer' as const), reason: reason ?? null }
  await tenantBatch(deps.db.pool, organizationId, [
    statements.lockSubjects(organizationId, subjects),
    statements.cancelBooking(organizationId, { id, sequence }, how),
    ...statements.releaseBooking(organizationId, id),
    statements.insertRecords(organizationId, [
      {
        bookingId: id,
        messages: messagesOf('booking.cancelled', source, () => newId(nowMs)),
        audit: {
          ...auditOf(deps, actor),
          action: 'booking.cancelled',
          detail: { start: row.startsAt.toISOString() },
        },
      },
    ]),
    statements.queueDelivery(organizationId, [id]),
  ]).catch(whenChanged)
}

/**
 * Moves a booking to another time or provider: same link, same invitation, one step newer.
 * @throws {AppError} booking.slot_taken or booking.slot_refused with the nearest free times; booking.too_late;
 *   booking.not_active; auth.forbidden
 */
export async function move(
  deps: BookingDeps,
  row: BookingRow,
  { actor, request }: { actor: Actor; request: BookingMove },
): Promise<void> {
  const { availability } = deps
  const { organizationId } = row
  const override = request.override === true
  checkRightToMove(deps, row, actor, override)
  const startMs = parseInstantMs(request.start)
  if (startMs === undefined)
    throw invalidField('start', 'Give an instant with its offset, such as 2026-03-29T09:00:00+02:00.')
  for (let tries = 0; ; tries++) {
    const offer =
      tries === 0
        ? await availability.offerOf(organizationId, row.serviceId)
        : await availability.reload(organizationId, row.serviceId)
    const asked = askOf(deps, row, { offer, request, override })
    const ask: StartAsk = { ...asked, startMs, exceptBooking: row.id, email: row.email }
    const place = await placeOf(deps, row, { offer, ask, override, tries })
    if (!place) continue
    try {
      await tenantBatch(
        deps.db.pool,
        organizationId,
        await moveStatements(deps, row, { offer, place, ask, actor, override }),
      )
      return
    } catch (error) {
      rethrowUnlessOutrun(error)
      if (tries >= MAX_TRIES)
        throw slotRefused('taken', await availability.alternatives(organizationId, row.serviceId, ask))
    }
  }
}

type MoveAsk = { offer: Offer; request: BookingMove; override: boolean }

/** It stays as long as it was, unless its segments say how long it takes. */
function askOf({ availability }: BookingDeps, row: BookingRow, { offer, request, override }: MoveAsk) {
  const wanted = { providerId: request.provider, seats: row.seats }
  if (offer.service.segmentsMin.length > 0) return availability.askOf(offer, wanted)
  const lengthMin = request.duration ?? (row.endsAt.getTime() - row.startsAt.getTime()) / 60_000
  return { ...availability.askOf(offer, { ...wanted, durationMin: override ? undefined : lengthMin }), lengthMin }
}

/** @throws {AppError} auth.forbidden, booking.not_active, booking.too_late */
function checkRightToMove({ clock }: BookingDeps, row: BookingRow, actor: Actor, override: boolean): void {
  if (override && !(actor.kind === 'member' && roleReaches(actor.role, 'manager'))) throw mayNotOverride()
  if (!isActive(row.state)) throw bookingNotActive()
  if (actor.kind !== 'member' && !customerRights(policyOf(row), clock.nowMs()).canReschedule) throw tooLateToMove()
}

/**
 * When others were faster, or the error is transient, another try is worth it.
 * @throws {AppError} booking.not_active when the booking itself was changed; whatever else it was
 */
function rethrowUnlessOutrun(error: unknown): void {
  const code = databaseErrorOf(error)?.code
  if (code === statements.BOOKING_CHANGED) throw changedMeanwhile()
  if (!(isOutrun(code) || isTransient(error))) throw error
}

type Offer = Awaited<ReturnType<BookingDeps['availability']['offerOf']>>
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

type MoveParts = { offer: Offer; place: StartOffer; ask: StartAsk; actor: Actor; override: boolean }

async function moveStatements(deps: BookingDeps, row: BookingRow, { offer, place, ask, actor, override }: MoveParts) {
  const { organizationId, id, sequence, seats } = row
  const nowMs = deps.clock.nowMs()
  const { startMs } = ask
  const endMs = startMs + ask.lengthMin * 60_000
  const { capacity } = offer.service
  const { providerId, takes, isOpen } = place
  const claims = claimsOf(takes, () => newId(nowMs))
  const subjects = [...new Set([...(await subjectsOfBooking(deps, row)), providerId, ...subjectsOf(claims)])]
  const owner = { kind: 'booking', id } as const
  const limits = place.limits.map((limit) => ({ ...limit, ownerId: id, email: row.email }))
  const session = { id: newId(nowMs), serviceId: row.serviceId, providerId, startMs, endMs, capacity }
  const taken =
    capacity === 1
      ? [statements.insertClaims(organizationId, [{ owner, claims }])]
      : [
          ...(isOpen ? [] : [statements.openSession(organizationId, session, claims)]),
          statements.takeSeats(organizationId, owner, session, seats),
        ]
  return [
    statements.lockSubjects(organizationId, subjects),
    ...lockCounted(organizationId, limits),
    statements.requireConfig(organizationId, offer.configVersion),
    statements.removeHolds(organizationId, subjects, nowMs, []),
    ...statements.releaseBooking(organizationId, id),
    statements.moveBooking(organizationId, { id, sequence }, { providerId, startMs, endMs }),
    ...taken,
    ...requireLimits(organizationId, limits, nowMs),
    statements.insertRecords(organizationId, [
      {
        bookingId: id,
        messages: movedMessages(deps, row, { offer, providerId, startMs, endMs }),
        audit: {
          ...auditOf(deps, actor),
          action: override ? 'booking.moved_by_override' : 'booking.moved',
          detail: { from: row.startsAt.toISOString(), to: new Date(startMs).toISOString(), provider: providerId },
        },
      },
    ]),
    statements.queueDelivery(organizationId, [id]),
  ]
}

type Moved = { offer: Offer; providerId: string; startMs: number; endMs: number }

/** The customer and whoever serves now are told of the move; whoever served before is told that it is off. */
function movedMessages(deps: BookingDeps, row: BookingRow, { offer, providerId, startMs, endMs }: Moved) {
  const before = sourceOf(deps, row)
  const sequence = row.sequence + 1
  const provider = offer.providers.find((candidate) => candidate.id === providerId)
  const facts = {
    ...before.facts,
    startMs,
    endMs,
    ...(provider && { provider: { id: provider.id, name: provider.name } }),
  }
  const now: MessageSource = {
    ...before,
    ...{ facts, sequence, previousStartMs: row.startsAt.getTime() },
    providerEmail: provider ? provider.email : before.providerEmail,
  }
  const id = () => newId(deps.clock.nowMs())
  const told = messagesOf('booking.rescheduled', now, id)
  if (providerId === row.providerId) return told
  const off = messagesOf(
    'booking.cancelled',
    { ...before, facts: { ...before.facts, state: 'cancelled' }, sequence },
    id,
  )
  return [...told, ...off.filter(({ audience }) => audience === 'provider')]
}

function sourceOf({ config }: BookingDeps, row: BookingRow): MessageSource {
  const { accent, organizationLocale, locale, providerEmail, linkVersion, sequence, slug, id } = row
  const officeUrl = `${config.publicUrl}/app/${slug}/bookings/${id}`
  return { facts: factsOf(row), accent, organizationLocale, locale, providerEmail, linkVersion, sequence, officeUrl }
}

function policyOf(row: BookingRow) {
  const { state, startsAt, endsAt, cancelNoticeMin, rescheduleNoticeMin } = row
  return { state, startMs: startsAt.getTime(), endMs: endsAt.getTime(), cancelNoticeMin, rescheduleNoticeMin }
}

function whenChanged(error: unknown): never {
  throw databaseErrorOf(error)?.code === statements.BOOKING_CHANGED ? changedMeanwhile() : error
}
