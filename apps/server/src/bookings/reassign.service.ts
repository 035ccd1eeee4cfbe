import { slotRefused } from '../availability/availability.errors.ts'
import { tenantBatch } from '../db/batch.ts'
import { withTenant } from '../db/tenant.ts'
import { AppError, invalidField } from '../shared/app-error.ts'
import { parseInstantMs, toDate, toInstantText } from '../shared/clock.ts'
import { answerAgain, auditOf, rememberedOnce } from './book.service.ts'
import * as statements from './booking-statements.queries.ts'
import { bookingNotActive } from './bookings.errors.ts'
import * as queries from './bookings.queries.ts'
import { isActive } from './bookings.rules.ts'
import type { ReassignedAll } from './bookings.schemas.ts'
import { earlierAnswer, findForMember, type BookingDeps } from './bookings.service.ts'
import { movedMessages } from './change.service.ts'
import type { Doing } from './life.service.ts'
import { relocate } from './relocate.service.ts'

type Row = queries.BookingRow

/**
 * Gives a booking to somebody else, at the same time: to whoever is named, or to the first other who is free.
 * @returns who has it now
 * @throws {AppError} booking.not_active; booking.slot_taken or booking.slot_refused when nobody else can; provider.not_found
 */
export async function reassign(
  deps: BookingDeps,
  row: Row,
  { providerId, ...doing }: Doing & { providerId: string | undefined },
): Promise<string> {
  if (!isActive(row.state)) throw bookingNotActive()
  const offer = await deps.availability.offerOf(row.organizationId, row.serviceId)
  const others = offer.providers.map(({ id }) => id).filter((id) => id !== row.providerId)
  for (const other of providerId === undefined ? others : [providerId]) {
    try {
      await giveTo(deps, row, other, doing)
      return other
    } catch (error) {
      if (providerId !== undefined || !isRefusal(error)) throw error
    }
  }
  throw slotRefused('taken', [])
}

/** The same, for a request that may come again. */
export async function reassignOnce(
  deps: BookingDeps,
  row: Row,
  asked: Doing & { providerId: string | undefined },
): Promise<void> {
  try {
    await reassign(deps, row, asked)
  } catch (error) {
    await answerAgain(deps, row.organizationId, asked.once, error)
  }
}

async function giveTo(deps: BookingDeps, row: Row, providerId: string, { doer, once }: Doing): Promise<void> {
  const { organizationId, id, sequence, claimsTime } = row
  const startMs = row.startsAt.getTime()
  const durationMin = (row.endsAt.getTime() - startMs) / 60_000
  await relocate(deps, row, { startMs, durationMin, providerId, override: false }, (place) => ({
    claimsTime,
    change: statements.moveBooking(organizationId, { id, sequence }, place),
    records: {
      messages: movedMessages(deps, [{ row, place }], 'booking.reassigned').flat(),
      audit: {
        ...auditOf(deps, doer),
        action: 'booking.reassigned',
        detail: { start: row.startsAt.toISOString(), from: row.providerId, to: place.providerId },
      },
    },
    statements: rememberedOnce(organizationId, once, { status: 200, body: { id } }),
  }))
}

function isRefusal(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'booking.slot_taken' || error.code === 'booking.slot_refused')
}

/** How many bookings are given away at once: sick leave of some weeks. */
const REASSIGN_MAX = 500

/**
 * Gives all bookings of a provider that begin in a span to whoever else is free at their times, each by itself: what
 * nobody else can take stays where it is, and is told. Sent again, it goes on with what is left.
 * @throws {AppError} request.invalid when the span is none
 */
export async function reassignAll(
  deps: BookingDeps,
  organizationId: string,
  { providerId, from, to, doer, once }: { providerId: string; from: string; to: string } & Doing,
): Promise<ReassignedAll> {
  const earlier = once && (await earlierAnswer(deps, organizationId, once))
  if (earlier !== undefined) return queries.parseReassigned(earlier)
  const span = { from: toDate(instantOf('from', from)), to: toDate(instantOf('to', to)) }
  const rows = await withTenant(deps.db, organizationId, (tx) =>
    queries.listActiveOf(tx, organizationId, { providerId, ...span, limit: REASSIGN_MAX }),
  )
  const items: ReassignedAll['items'] = []
  for (const row of rows) {
    const provider = await reassignIfPossible(deps, row, doer)
    items.push({ booking: row.id, start: toInstantText(row.startsAt.getTime()), provider })
  }
  const answer = { items }
  try {
    await tenantBatch(deps.db.pool, organizationId, rememberedOnce(organizationId, once, { status: 200, body: answer }))
    return answer
  } catch (error) {
    // The same request came twice at once: both have given away what they could, and the first to end has the answer.
    return queries.parseReassigned(await answerAgain(deps, organizationId, once, error))
  }
}

/** Whoever has it afterwards; null when it stays with whoever had it. */
async function reassignIfPossible(deps: BookingDeps, row: Row, doer: Doing['doer']): Promise<string | null> {
  try {
    return await reassign(deps, row, { doer, providerId: undefined })
  } catch (error) {
    if (isRefusal(error)) return null
    if (!(error instanceof AppError && error.code === 'booking.not_active')) throw error
    // Somebody else changed it meanwhile: what they made of it counts.
    const { providerId } = await findForMember(deps, row.organizationId, row.id)
    return providerId === row.providerId ? null : providerId
  }
}

function instantOf(field: string, text: string): number {
  const instantMs = parseInstantMs(text)
  if (instantMs === undefined) throw invalidField(field, 'Give an instant with its offset: 2026-03-29T09:00:00+02:00.')
  return instantMs
}
