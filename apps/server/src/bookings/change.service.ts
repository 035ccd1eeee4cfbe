import { tenantBatch, type Statement } from '../db/batch.ts'
import { databaseErrorOf } from '../db/errors.ts'
import { invalidField } from '../shared/app-error.ts'
import { parseInstantMs } from '../shared/clock.ts'
import { newId } from '../shared/id.ts'
import { actorReaches, roleOf } from '../shared/actor.ts'
import { auditOf, type Doer } from './book.service.ts'
import type { NewMessage } from './booking-rows.ts'
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
import { factsOf, subjectsOfBookings, type BookingDeps, type ChangeDeps } from './bookings.service.ts'
import { tellWaiting } from './freed-statements.queries.ts'
import { isLate } from './life.rules.ts'
import { messagesTogether, type MessageKind, type MessageSource } from './messages.rules.ts'
import { relocate, type Move, type Place } from './relocate.service.ts'

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
  await callOff(deps, [row], { doer: actor, reason, kind: 'booking.cancelled', action: 'booking.cancelled' })
}

type CallingOff = {
  doer: Doer
  reason: string | undefined
  kind: MessageKind
  action: string
  statements?: Statement[]
}

/**
 * Ends bookings of one customer that will not take place: their time is free, and both sides are told.
 * @param rows  in the order of their starts
 */
export async function callOff(
  deps: ChangeDeps,
  rows: BookingRow[],
  { doer, reason, kind, action, statements: more = [] }: CallingOff,
): Promise<void> {
  const organizationId = rows[0]?.organizationId ?? ''
  const nowMs = deps.clock.nowMs()
  const subjects = await subjectsOfBookings(deps, organizationId, rows)
  const off = rows.map((row) => ({
    row,
    late: isLate({ startMs: row.startsAt.getTime(), cancelNoticeMin: row.cancelNoticeMin }, nowMs),
  }))
  const sources = rows.map((row) => ({
    ...offSource(deps, row),
    ...(reason !== undefined && { cancelReason: reason }),
  }))
  const told = messagesTogether(kind, sources, () => newId(nowMs))
  const how = { atMs: nowMs, by: cancellerOf(doer), reason: reason ?? null }
  await tenantBatch(deps.db.pool, organizationId, [
    statements.lockSubjects(organizationId, subjects),
    ...off.map(({ row, late }) => statements.cancelBooking(organizationId, row, { ...how, late })),
    ...rows.flatMap(({ id }) => statements.releaseBooking(organizationId, id)),
    statements.insertRecords(
      organizationId,
      off.map(({ row, late }, index) => ({
        bookingId: row.id,
        messages: told[index] ?? [],
        audit: { ...auditOf(deps, doer), action, detail: { start: row.startsAt.toISOString(), late } },
      })),
    ),
    statements.queueDelivery(
      organizationId,
      rows.flatMap(({ id }, index) => ((told[index] ?? []).length > 0 ? [id] : [])),
    ),
    ...more,
    tellWaiting(organizationId),
  ]).catch(whenChanged)
}

/** What is to be told of a booking that will not take place. */
function offSource(deps: Pick<ChangeDeps, 'config'>, row: BookingRow): MessageSource {
  const before = sourceOf(deps, row)
  return { ...before, facts: { ...before.facts, state: 'cancelled' }, sequence: row.sequence + 1 }
}

function cancellerOf(doer: Doer): 'customer' | 'member' | 'system' {
  if (doer.kind === 'system') return 'system'
  return roleOf(doer) !== undefined || doer.kind === 'provider_link' ? 'member' : 'customer'
}

/**
 * Moves a booking to another time or provider: same link, same invitation, one step newer. A hold may keep the time for it.
 * @throws {AppError} booking.slot_taken or booking.slot_refused with the nearest free times; booking.too_late;
 *   booking.not_active; auth.forbidden
 */
export async function move(
  deps: BookingDeps,
  row: BookingRow,
  { actor, request, holdId }: { actor: Doer; request: BookingMove; holdId?: string },
): Promise<void> {
  const override = request.override === true
  checkRightToMove(deps, row, actor, override)
  const startMs = parseInstantMs(request.start)
  if (startMs === undefined)
    throw invalidField('start', 'Give an instant with its offset, such as 2026-03-29T09:00:00+02:00.')
  const wanted = { startMs, providerId: request.provider, durationMin: request.duration, holdId, override }
  const { organizationId, id, sequence, claimsTime } = row
  await relocate(deps, row, wanted, (place) => ({
    claimsTime,
    change: statements.moveBooking(organizationId, { id, sequence }, place),
    records: {
      messages: movedMessages(deps, [{ row, place }], 'booking.rescheduled').flat(),
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
  if (override && !actorReaches(actor, 'manager')) throw mayNotOverride()
  if (!isActive(row.state)) throw bookingNotActive()
  if (roleOf(actor) === undefined && !customerRights(policyOf(row), clock.nowMs()).canReschedule) throw tooLateToMove()
}

/**
 * The customer and whoever serves now are told of the change; whoever served before is told that it is off.
 * @param moves  of one customer, in the order of their starts
 * @returns for each of them, what is sent with it
 */
export function movedMessages(
  deps: BookingDeps,
  moves: Pick<Move, 'row' | 'place'>[],
  kind: MessageKind,
): NewMessage[][] {
  const id = () => newId(deps.clock.nowMs())
  const now = moves.map(({ row, place }): MessageSource => {
    const source = { ...placedSource(deps, row, place), sequence: row.sequence + 1 }
    const beforeMs = row.startsAt.getTime()
    return place.startMs === beforeMs ? source : { ...source, previousStartMs: beforeMs }
  })
  const told = messagesTogether(kind, now, id)
  const left = moves.filter(({ row, place }) => place.providerId !== row.providerId)
  const off = messagesTogether(
    'booking.cancelled',
    left.map(({ row }) => offSource(deps, row)),
    id,
  )
  return moves.map((move, index) => {
    const toThoseBefore = (off[left.indexOf(move)] ?? []).filter(({ audience }) => audience === 'provider')
    return [...(told[index] ?? []), ...toThoseBefore]
  })
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

/** What the policy of the service says about a booking. */
export function policyOf(row: BookingRow) {
  const { state, startsAt, endsAt, cancelNoticeMin, rescheduleNoticeMin } = row
  return { state, startMs: startsAt.getTime(), endMs: endsAt.getTime(), cancelNoticeMin, rescheduleNoticeMin }
}

/** @throws {AppError} booking.not_active when the booking was changed; whatever else the error was */
export function whenChanged(error: unknown): never {
  throw databaseErrorOf(error)?.code === statements.BOOKING_CHANGED ? changedMeanwhile() : error
}
