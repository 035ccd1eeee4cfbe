import { tenantBatch, type Statement } from '../db/batch.ts'
import { withTenant } from '../db/tenant.ts'
import { toDate } from '../shared/clock.ts'
import { newId } from '../shared/id.ts'
import type { Once } from '../shared/once.ts'
import { answerAgain, auditOf, rememberedOnce, type Doer } from './book.service.ts'
import * as statements from './booking-statements.queries.ts'
import { notPending, stepImpossible } from './bookings.errors.ts'
import * as queries from './bookings.queries.ts'
import { factsOf, findForMember, type BookingDeps, type ChangeDeps } from './bookings.service.ts'
import { callOff, placedSource, sourceOf, whenChanged } from './change.service.ts'
import { COMPLETED_AFTER_MS, hasBegun, mayCheckIn, stepTo, type Step } from './life.rules.ts'
import { checkInBooking, confirmBooking, stepBooking } from './life-statements.queries.ts'
import { messagesOf } from './messages.rules.ts'
import { relocate } from './relocate.service.ts'

/** Who does it, and the key that makes sending it twice safe. */
export type Doing = { doer: Doer; once?: Once | undefined }

type Row = queries.BookingRow

/**
 * Accepts a request. One that left its time to others takes it now, if it is still free.
 * @throws {AppError} booking.not_pending; booking.slot_taken or booking.slot_refused; idempotency.key_reused
 */
export async function approve(deps: BookingDeps, row: Row, doing: Doing): Promise<void> {
  await doOnce(deps, row, doing, async (remembered) => {
    if (row.state !== 'pending') throw notPending()
    await (row.claimsTime ? confirm(deps, row, doing, remembered) : claimAndConfirm(deps, row, doing, remembered))
  })
}

async function confirm(deps: BookingDeps, row: Row, { doer }: Doing, remembered: Statement[]): Promise<void> {
  const { organizationId, id, sequence } = row
  const facts = { ...factsOf(row), state: 'confirmed' as const }
  const source = { ...sourceOf(deps, row), facts, sequence: sequence + 1 }
  await tenantBatch(deps.db.pool, organizationId, [
    confirmBooking(organizationId, { id, sequence }, { providerId: row.providerId }),
    statements.insertRecords(organizationId, [
      {
        bookingId: id,
        messages: messagesOf('booking.confirmation', source, () => newId(deps.clock.nowMs())),
        audit: approvalAudit(deps, row, doer),
      },
    ]),
    statements.queueDelivery(organizationId, [id]),
    ...remembered,
  ]).catch(whenChanged)
}

async function claimAndConfirm(deps: BookingDeps, row: Row, { doer }: Doing, remembered: Statement[]): Promise<void> {
  const { organizationId, id, sequence } = row
  const durationMin = (row.endsAt.getTime() - row.startsAt.getTime()) / 60_000
  await relocate(deps, row, { startMs: row.startsAt.getTime(), durationMin, override: false }, (place) => {
    const source = placedSource(deps, row, place)
    const told = { ...source, facts: { ...source.facts, state: 'confirmed' as const }, sequence: sequence + 1 }
    return {
      claimsTime: true,
      change: confirmBooking(organizationId, { id, sequence }, { providerId: place.providerId }),
      records: {
        messages: messagesOf('booking.confirmation', told, () => newId(deps.clock.nowMs())),
        audit: approvalAudit(deps, row, doer),
      },
      statements: remembered,
    }
  })
}

function approvalAudit(deps: BookingDeps, row: Row, doer: Doer) {
  return { ...auditOf(deps, doer), action: 'booking.approved', detail: { start: row.startsAt.toISOString() } }
}

/**
 * Turns a request down, and tells the customer why.
 * @throws {AppError} booking.not_pending; idempotency.key_reused
 */
export async function decline(
  deps: BookingDeps,
  row: Row,
  { reason, ...doing }: Doing & { reason: string | undefined },
): Promise<void> {
  await doOnce(deps, row, doing, async (remembered) => {
    if (row.state !== 'pending') throw notPending()
    await callOff(deps, [row], {
      ...{ doer: doing.doer, reason, statements: remembered },
      ...{ kind: 'booking.declined', action: 'booking.declined' },
    })
  })
}

/**
 * Notes that the customer is there.
 * @throws {AppError} booking.step_impossible when it is not about to take place; idempotency.key_reused
 */
export async function checkIn(deps: BookingDeps, row: Row, doing: Doing): Promise<void> {
  await doOnce(deps, row, doing, async (remembered) => {
    const { organizationId, id, sequence } = row
    const nowMs = deps.clock.nowMs()
    if (!mayCheckIn(factsOf(row), nowMs))
      throw stepImpossible('Customers are checked in from twelve hours before a confirmed appointment until its end.')
    const changes = [checkInBooking(organizationId, { id, sequence }, nowMs), ...remembered]
    await note(deps, row, doing, { what: 'checked_in', changes })
  })
}

/**
 * Says how an appointment went: kept, or missed. What was said before may be corrected.
 * @throws {AppError} booking.step_impossible when it has not begun, or never will; idempotency.key_reused
 */
export async function finish(
  deps: BookingDeps,
  row: Row,
  { outcome, ...doing }: Doing & { outcome: 'completed' | 'no_show' },
): Promise<void> {
  await doOnce(deps, row, doing, async (remembered) => {
    const step = stepTo(outcome, queries.parseState(row.state))
    if (!step) throw stepImpossible('Only appointments that were confirmed can be marked as kept or missed.')
    if (!hasBegun(row.startsAt.getTime(), deps.clock.nowMs()))
      throw stepImpossible('This appointment has not begun yet. Cancel it when it will not take place.')
    await note(deps, row, doing, { what: step.to, changes: [stepStatement(row, step), ...remembered] })
  })
}

function stepStatement({ organizationId, id, sequence }: Row, step: Step): Statement {
  return stepBooking(organizationId, { id, sequence }, step)
}

/** Writes what nobody outside is told of. */
async function note(
  deps: ChangeDeps,
  row: Row,
  { doer }: Doing,
  { what, changes }: { what: string; changes: Statement[] },
): Promise<void> {
  const { organizationId, id } = row
  const detail = { start: row.startsAt.toISOString() }
  const audit = { ...auditOf(deps, doer), action: `booking.${what}`, detail }
  const records = statements.insertRecords(organizationId, [{ bookingId: id, messages: [], audit }])
  await tenantBatch(deps.db.pool, organizationId, [...changes, records]).catch(whenChanged)
}

/** A request that is sent again has done its work already: it finds its own answer, and does nothing. */
export async function doOnce(
  deps: BookingDeps,
  { organizationId, id }: { organizationId: string; id: string },
  { once }: Pick<Doing, 'once'>,
  work: (remembered: Statement[]) => Promise<void>,
): Promise<void> {
  try {
    await work(rememberedOnce(organizationId, once, { status: 200, body: { id } }))
  } catch (error) {
    await answerAgain(deps, organizationId, once, error)
  }
}

/** How many bookings one sweep looks at: the next one goes on. */
const SWEEP_MAX = 500

/**
 * Does what time brings: requests that nobody decided before their time are called off, and appointments that nobody said
 * anything about count as kept.
 * @returns how many there were
 */
export async function sweepBookings(deps: ChangeDeps, organizationId: string): Promise<number> {
  const nowMs = deps.clock.nowMs()
  const due = { undecidedAt: toDate(nowMs), endedAt: toDate(nowMs - COMPLETED_AFTER_MS) }
  const ids = await withTenant(deps.db, organizationId, (tx) =>
    queries.listDue(tx, organizationId, { ...due, limit: SWEEP_MAX }),
  )
  for (const id of ids) {
    const row = await findForMember(deps, organizationId, id)
    const doer = { kind: 'system' } as const
    if (row.state === 'pending')
      await callOff(deps, [row], {
        ...{ doer, reason: undefined },
        ...{ kind: 'booking.declined', action: 'booking.lapsed' },
      })
    else if (row.state === 'confirmed')
      await note(
        deps,
        row,
        { doer },
        { what: 'completed', changes: [stepStatement(row, { from: 'confirmed', to: 'completed' })] },
      )
  }
  return ids.length
}
