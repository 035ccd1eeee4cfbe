import { slotRefused } from '../availability/availability.errors.ts'
import type { Statement } from '../db/batch.ts'
import { withTenant } from '../db/tenant.ts'
import { invalidField, type RefusedTime } from '../shared/app-error.ts'
import { parseInstantMs } from '../shared/clock.ts'
import { auditOf, type Doer } from './book.service.ts'
import * as statements from './booking-statements.queries.ts'
import { bookingNotFound, bundleIsOver, bundleNotFound, bundleRefused } from './bookings.errors.ts'
import { listBundle, type BookingRow } from './bookings.queries.ts'
import { isActive } from './bookings.rules.ts'
import type { BookingDeps } from './bookings.service.ts'
import { serve, toRefused, toSibling } from './bundle-plan.service.ts'
import { findBundle } from './bundle.queries.ts'
import type { BundleCancel, BundleMove } from './bundle.schemas.ts'
import { callOff, movedMessages } from './change.service.ts'
import { doOnce, type Doing } from './life.service.ts'
import type { Target } from './new-booking.service.ts'
import { askOf, rethrowUnlessOutrun, writeMoves } from './relocate.service.ts'

const MAX_TRIES = 5

/** Which bookings are meant: of a series or visit, those from one of them on, or all that are still to come. */
type Which = { organizationId: string; id: string; from: string; scope: 'following' | 'all' }

/**
 * Cancels several bookings that were made together, all or none; both sides are told once.
 * @throws {AppError} booking.bundle_not_found, booking.not_found, booking.not_active; idempotency.key_reused
 */
export async function cancelBundle(
  deps: BookingDeps,
  { organizationId, id }: { organizationId: string; id: string },
  { request, doer, once }: Doing & { request: BundleCancel },
): Promise<void> {
  const { reason, ...which } = request
  await doOnce(deps, { organizationId, id }, { once }, async (remembered) => {
    const { rows } = await meant(deps, { organizationId, id, ...which })
    const kind = 'booking.cancelled'
    await callOff(deps, rows, { doer, reason, kind, action: kind, statements: remembered })
  })
}

/**
 * Moves several bookings that were made together by as many days and minutes of the clock as one of them moves: what
 * repeats at nine goes on repeating at one hour. All or none.
 * @throws {AppError} booking.bundle_refused with the times that are not free; booking.bundle_not_found; booking.not_found;
 *   booking.not_active; provider.not_found; request.invalid; idempotency.key_reused
 */
export async function moveBundle(
  deps: BookingDeps,
  { organizationId, id }: { organizationId: string; id: string },
  { request, doer, once }: Doing & { request: BundleMove },
): Promise<void> {
  const { start, provider, ...which } = request
  const startMs = parseInstantMs(start)
  if (startMs === undefined)
    throw invalidField('start', 'Give an instant with its offset, such as 2026-03-29T09:00:00+02:00.')
  await doOnce(deps, { organizationId, id }, { once }, async (remembered) => {
    for (let tries = 0; ; tries++) {
      const { rows, first, timeZone } = await meant(deps, { organizationId, id, ...which })
      const goes = shiftedBy(first.startsAt.getTime(), startMs, timeZone)
      const going = rows.map((row) => ({ row, startMs: goes(row.startsAt.getTime()) }))
      const { targets, refused } = await placesOf(deps, organizationId, { going, provider, anew: tries > 0 })
      if (refused.length > 0 && tries === 0) continue
      if (refused.length > 0) throw bundleRefused(refused, rows.length)
      try {
        await writeMoves(deps, organizationId, movesOf(deps, rows, { targets, doer, remembered }))
        return
      } catch (error) {
        rethrowUnlessOutrun(error)
        if (tries >= MAX_TRIES) throw slotRefused('taken', [])
      }
    }
  })
}

async function meant(deps: BookingDeps, { organizationId, id, from, scope }: Which) {
  const { bundle, rows } = await withTenant(deps.db, organizationId, async (tx) => ({
    bundle: await findBundle(tx, organizationId, id),
    rows: await listBundle(tx, organizationId, id),
  }))
  if (!bundle) throw bundleNotFound()
  const first = rows.find((row) => row.id === from)
  if (!first) throw bookingNotFound()
  const sinceMs = Math.max(deps.clock.nowMs(), scope === 'all' ? -Infinity : first.startsAt.getTime())
  const left = rows.filter(({ state, startsAt }) => isActive(state) && startsAt.getTime() >= sinceMs)
  if (left.length === 0) throw bundleIsOver()
  return { rows: left, first, timeZone: bundle.timeZone }
}

/** Where the clocks of the zone show as much later, or earlier, as they do between the two instants. */
function shiftedBy(fromMs: number, toMs: number, timeZone: string): (instantMs: number) => number {
  const local = (ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDateTime()
  const shift = local(fromMs).until(local(toMs), { largestUnit: 'day' })
  return (instantMs) => local(instantMs).add(shift).toZonedDateTime(timeZone).epochMilliseconds
}

type Going = { going: { row: BookingRow; startMs: number }[]; provider: string | undefined; anew: boolean }

/** Who can serve at the new times, at which what they all have now counts as free. */
async function placesOf(deps: BookingDeps, organizationId: string, { going, provider, anew }: Going) {
  const { availability } = deps
  const exceptBookings = going.map(({ row }) => row.id)
  const targets: Target[] = []
  const refused: RefusedTime[] = []
  const services = [...new Set(going.map(({ row }) => row.serviceId))]
  const read = (service: string) =>
    anew ? availability.reload(organizationId, service) : availability.offerOf(organizationId, service)
  const offers = new Map(await Promise.all(services.map(async (service) => [service, await read(service)] as const)))
  for (const { row, startMs } of going) {
    const offer = offers.get(row.serviceId)
    if (!offer) continue
    const asked = askOf(deps, row, offer, { startMs, providerId: provider, override: false })
    const ask = { ...asked, startMs, email: row.email, exceptBookings, siblings: targets.map(toSibling) }
    const found = await serve(deps, organizationId, { offer, ask, fresh: true }, row.providerId)
    if (typeof found === 'string') refused.push(toRefused(startMs, found, []))
    else targets.push(found)
  }
  return { targets, refused }
}

function movesOf(
  deps: BookingDeps,
  rows: BookingRow[],
  { targets, doer, remembered }: { targets: Target[]; doer: Doer; remembered: Statement[] },
) {
  const moves = rows.flatMap((row, index) => {
    const place = targets[index]
    return place ? [{ row, place }] : []
  })
  const told = movedMessages(deps, moves, 'booking.rescheduled')
  return moves.map(({ row, place }, index) => {
    const detail = {
      from: row.startsAt.toISOString(),
      to: new Date(place.startMs).toISOString(),
      provider: place.providerId,
    }
    const audit = { ...auditOf(deps, doer), action: 'booking.moved', detail }
    const relocation = {
      claimsTime: row.claimsTime,
      change: statements.moveBooking(row.organizationId, row, place),
      records: { messages: told[index] ?? [], audit },
      statements: index === 0 ? remembered : [],
    }
    return { row, place, relocation }
  })
}
