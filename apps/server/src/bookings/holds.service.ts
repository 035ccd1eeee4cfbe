import { tenantBatch } from '../db/batch.ts'
import { databaseErrorOf } from '../db/errors.ts'
import { withTenant } from '../db/tenant.ts'
import { addressHash } from '../shared/address-hash.ts'
import { toInstantText } from '../shared/clock.ts'
import { newSecretId } from '../shared/id.ts'
import type { Once } from '../shared/once.ts'
import { answerAgain, placeSomewhere, rememberedOnce } from './book.service.ts'
import * as statements from './booking-statements.queries.ts'
import { holdNotFound, holdSpent, tooManyHolds } from './bookings.errors.ts'
import * as queries from './bookings.queries.ts'
import type { HoldCreate, HoldDetail, HoldView } from './bookings.schemas.ts'
import type { BookingDeps } from './bookings.service.ts'
import { extendedUntil, HOLD_LIFE_MS, isGood, PLACES_MAX } from './holds.rules.ts'
import type { Placed, Target } from './new-booking.service.ts'

/** What is to be held; for a stranger, with the address that is counted; once, under a key. */
export type Holding = { request: HoldCreate; address?: string | undefined; once?: Once | undefined }

/**
 * Claims a start for a few minutes, while its customer fills in the form.
 * @throws {AppError} as `book`; hold.too_many
 */
export async function hold(
  deps: BookingDeps,
  organizationId: string,
  { request, address, once }: Holding,
): Promise<HoldView> {
  const id = newSecretId()
  const nowMs = deps.clock.nowMs()
  const expiresMs = nowMs + HOLD_LIFE_MS
  const holder = holderOf(deps, organizationId, address)
  const place = (target: Target): Placed<HoldView> => {
    const { providerId, startMs, endMs, seats, offer } = target
    const result = {
      id,
      start: toInstantText(startMs),
      end: toInstantText(endMs),
      provider: providerId,
      expiresAt: toInstantText(expiresMs),
    }
    const held = { id, serviceId: offer.service.id, providerId, startMs, endMs, seats, expiresMs, holder }
    return {
      result,
      owner: { kind: 'hold', id },
      booking: undefined,
      statements: [
        ...rememberedOnce(organizationId, once, { status: 201, body: result }),
        ...statements.insertHold(organizationId, held, nowMs),
      ],
    }
  }
  try {
    const ask = { request, override: false }
    return await placeSomewhere(deps, organizationId, ask, place).catch((error: unknown) => {
      throw databaseErrorOf(error)?.code === statements.HOLDS_TOO_MANY ? tooManyHolds(PLACES_MAX) : error
    })
  } catch (error) {
    return queries.parseHold(await answerAgain(deps, organizationId, once, error))
  }
}

function holderOf({ config }: BookingDeps, organizationId: string, address: string | undefined) {
  if (address === undefined || !config.rateLimit) return undefined
  return { hash: addressHash(config.secretKey, organizationId, address), placesMax: PLACES_MAX }
}

/**
 * A hold that is still good.
 * @throws {AppError} hold.not_found
 */
export async function readHold(deps: BookingDeps, organizationId: string, id: string): Promise<HoldDetail> {
  const nowMs = deps.clock.nowMs()
  const row = await withTenant(deps.db, organizationId, (tx) => queries.findHold(tx, organizationId, id))
  if (!row || !isGood(lifeOf(row), nowMs)) throw holdNotFound()
  const { serviceId, seats } = row
  const canExtend = extendedUntil(lifeOf(row), nowMs) !== undefined
  return { ...toHoldView(row, row.expiresAt.getTime()), service: serviceId, seats, canExtend }
}

/**
 * Gives a hold as much time again, once: for a form that takes long, or a payment.
 * @throws {AppError} hold.expired when it has run out or was extended before; idempotency.key_reused
 */
export async function extendHold(
  deps: BookingDeps,
  organizationId: string,
  { id, once }: { id: string; once: Once | undefined },
): Promise<HoldView> {
  const nowMs = deps.clock.nowMs()
  const [found, subjects] = await withTenant(deps.db, organizationId, async (tx) => [
    await queries.findHold(tx, organizationId, id),
    await queries.listHoldSubjects(tx, organizationId, { id }),
  ])
  const expiresMs = found && extendedUntil(lifeOf(found), nowMs)
  try {
    if (!found || expiresMs === undefined) throw holdSpent()
    const answer = toHoldView(found, expiresMs)
    await tenantBatch(deps.db.pool, organizationId, [
      statements.lockSubjects(organizationId, subjects),
      statements.extendHold(organizationId, id, { nowMs, expiresMs }),
      ...rememberedOnce(organizationId, once, { status: 200, body: answer }),
    ]).catch((error: unknown) => {
      throw databaseErrorOf(error)?.code === statements.HOLD_SPENT ? holdSpent() : error
    })
    return answer
  } catch (error) {
    return queries.parseHold(await answerAgain(deps, organizationId, once, error))
  }
}

type HoldRow = NonNullable<Awaited<ReturnType<typeof queries.findHold>>>

function lifeOf({ expiresAt, extended }: Pick<HoldRow, 'expiresAt' | 'extended'>) {
  return { expiresMs: expiresAt.getTime(), extended }
}

function toHoldView({ id, startsAt, endsAt, providerId }: HoldRow, expiresMs: number): HoldView {
  const [start, end] = [toInstantText(startsAt.getTime()), toInstantText(endsAt.getTime())]
  return { id, start, end, provider: providerId, expiresAt: toInstantText(expiresMs) }
}
