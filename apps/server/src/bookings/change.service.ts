import { tenantBatch, type Statement } from '../db/batch.ts'
import { databaseErrorOf } from '../db/errors.ts'
import { invalidField } from '../shared/app-error.ts'
import { parseInstantMs } from '../shared/clock.ts'
import { newId } from '../shared/id.ts'
import { roleReaches } from '../shared/role.ts'
import { auditOf, type Doer } from './book.service.ts'
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
import { factsOf, subjectsOfBooking, type BookingDeps, type ChangeDeps } from './bookings.service.ts'
import { isLate } from './life.rules.ts'
import { messagesOf, type MessageKind, type MessageSource } from './messages.rules.ts'
import { relocate, type Place } from './relocate.service.ts'

/**
 * Cancels a booking and frees its time. The policy binds customers, not members.
 * @throws {AppError} booking.too_late, booking.not_active
 */
export async function cancel(
  deps: BookingDeps,
  row: BookingRow,
  { actor, reason }: { actor: Doer; reason: string | undefined },
): Promise<void> {
  if (!isActive(row.state)) throw bookingNotActive()
  if (cancellerOf(actor) === 'customer' && !customerRights(policyOf(row), deps.clock.nowMs()).canCancel)
    throw tooLateToCancel()
  await callOff(deps, row, { doer: actor, reason, kind: 'booking.cancelled', action: 'booking.cancelled' })
}

type CallingOff = {
  doer: Doer
  reason: string | undefined
  kind: MessageKind
  action: string
  statements?: Statement[]
}

/** Ends a booking that will not take place: its time is free, and both sides are told. */
export async function callOff(
  deps: ChangeDeps,
  row: BookingRow,
  { doer, reason, kind, action, statements: more = [] }: CallingOff,
): Promise<void> {
  const { organizationId, id, sequence } = row
  const nowMs = deps.clock.nowMs()
  const subjects = await subjectsOfBooking(deps, row)
  const source = {
    ...sourceOf(deps, row),
    facts: { ...factsOf(row), state: 'cancelled' as const },
    sequence: sequence + 1,
    ...(reason !== undefined && { cancelReason: reason }),
  }
  const late = isLate({ startMs: row.startsAt.getTime(), cancelNoticeMin: row.cancelNoticeMin }, nowMs)
  const how = { atMs: nowMs, by: cancellerOf(doer), reason: reason ?? null, late }
  await tenantBatch(deps.db.pool, organizationId, [
    statements.lockSubjects(organizationId, subjects),
    statements.cancelBooking(organizationId, { id, sequence }, how),
    ...statements.releaseBooking(organizationId, id),
    statements.insertRecords(organizationId, [
      {
        bookingId: id,
        messages: messagesOf(kind, source, () => newId(nowMs)),
        audit: { ...auditOf(deps, doer), action, detail: { start: row.startsAt.toISOString(), late } },
      },
    ]),
    statements.queueDelivery(organizationId, [id]),
    ...more,
  ]).catch(whenChanged)
}

function cancellerOf(doer: Doer): 'customer' | 'member' | 'system' {
  if (doer.kind === 'system') return 'system'
  return doer.kind === 'member' || doer.kind === 'provider_link' ? 'member' : 'customer'
}

/**
 * Moves a booking to another time or provider: same link, same invitation, one step newer.
 * @throws {AppError} booking.slot_taken or booking.slot_refused with the nearest free times; booking.too_late;
 *   booking.not_active; auth.forbidden
 */
export async function move(
  deps: BookingDeps,
  row: BookingRow,
  { actor, request }: { actor: Doer; request: BookingMove },
): Promise<void> {
  const override = request.override === true
  checkRightToMove(deps, row, actor, override)
  const startMs = parseInstantMs(request.start)
  if (startMs === undefined)
    throw invalidField('start', 'Give an instant with its offset, such as 2026-03-29T09:00:00+02:00.')
  const wanted = { startMs, providerId: request.provider, durationMin: request.duration, override }
  const { organizationId, id, sequence, claimsTime } = row
  await relocate(deps, row, wanted, (place) => ({
    claimsTime,
    change: statements.moveBooking(organizationId, { id, sequence }, place),
    records: {
      messages: movedMessages(deps, row, place, 'booking.rescheduled'),
      audit: {
        ...auditOf(deps, actor),
        action: override ? 'booking.moved_by_override' : 'booking.moved',
        detail: {
          from: row.startsAt.toISOString(),
          to: new Date(place.startMs).toISOString(),
          provider: place.providerId,
        },
      },
    },
  }))
}

/** @throws {AppError} auth.forbidden, booking.not_active, booking.too_late */
function checkRightToMove({ clock }: BookingDeps, row: BookingRow, actor: Doer, override: boolean): void {
  if (override && !(actor.kind === 'member' && roleReaches(actor.role, 'manager'))) throw mayNotOverride()
  if (!isActive(row.state)) throw bookingNotActive()
  if (actor.kind !== 'member' && !customerRights(policyOf(row), clock.nowMs()).canReschedule) throw tooLateToMove()
}

/** The customer and whoever serves now are told of the change; whoever served before is told that it is off. */
export function movedMessages(deps: BookingDeps, row: BookingRow, place: Place, kind: MessageKind) {
  const { providerId, startMs } = place
  const before = sourceOf(deps, row)
  const sequence = row.sequence + 1
  const now = { ...placedSource(deps, row, place), sequence }
  const moved = startMs === row.startsAt.getTime() ? now : { ...now, previousStartMs: row.startsAt.getTime() }
  const id = () => newId(deps.clock.nowMs())
  const told = messagesOf(kind, moved, id)
  if (providerId === row.providerId) return told
  const off = messagesOf(
    'booking.cancelled',
    { ...before, facts: { ...before.facts, state: 'cancelled' }, sequence },
    id,
  )
  return [...told, ...off.filter(({ audience }) => audience === 'provider')]
}

/** What is to be told of a booking at the place where it goes. */
export function placedSource(
  deps: BookingDeps,
  row: BookingRow,
  { offer, providerId, startMs, endMs }: Place,
): MessageSource {
  const before = sourceOf(deps, row)
  const provider = offer.providers.find((candidate) => candidate.id === providerId)
  const facts = {
    ...before.facts,
    startMs,
    endMs,
    ...(provider && { provider: { id: provider.id, name: provider.name } }),
  }
  return { ...before, facts, providerEmail: provider ? provider.email : before.providerEmail }
}

/** What is to be told of a booking as it is. */
export function sourceOf({ config }: Pick<ChangeDeps, 'config'>, row: BookingRow): MessageSource {
  const { accent, organizationLocale, locale, providerEmail, linkVersion, sequence, slug, id } = row
  const officeUrl = `${config.publicUrl}/app/${slug}/bookings/${id}`
  return { facts: factsOf(row), accent, organizationLocale, locale, providerEmail, linkVersion, sequence, officeUrl }
}

function policyOf(row: BookingRow) {
  const { state, startsAt, endsAt, cancelNoticeMin, rescheduleNoticeMin } = row
  return { state, startMs: startsAt.getTime(), endMs: endsAt.getTime(), cancelNoticeMin, rescheduleNoticeMin }
}

/** @throws {AppError} booking.not_active when the booking was changed; whatever else the error was */
export function whenChanged(error: unknown): never {
  throw databaseErrorOf(error)?.code === statements.BOOKING_CHANGED ? changedMeanwhile() : error
}
