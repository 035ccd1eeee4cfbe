import { localDateOf, localTimes } from '@slotkeeper/scheduling'
import type { FreeStart } from '../availability/availability.service.ts'
import { hold } from '../bookings/holds.service.ts'
import { keepHold, releaseHold } from '../bookings/bookings.service.ts'
import { withTenant } from '../db/tenant.ts'
import { AppError } from '../shared/app-error.ts'
import { toDate, toInstantText } from '../shared/clock.ts'
import { newId } from '../shared/id.ts'
import { finishTaken } from './take.service.ts'
import * as queries from './waiting-list.queries.ts'
import { expiryOf, providerFor, suits } from './waiting-list.rules.ts'
import { note, tell, type WaitingDeps } from './waiting-list.service.ts'

const MINUTE_MS = 60_000
const SYSTEM = { kind: 'system' } as const

/** Wishes that are read at once. */
const TOGETHER = 200

/** So many starts are tried for a wish before the next one has its turn: others were faster each time. */
const MAX_TRIES = 5

/**
 * Offers what is free to those who wait for it, whoever has waited longest first, after ending the offers that nobody
 * took. An offer is kept by a hold. One process at a time does it for an organization, so that nobody is overtaken.
 * @returns how many offers were made
 */
export async function offerTimes(deps: WaitingDeps, organizationId: string): Promise<number> {
  return withTenant(deps.db, organizationId, async (tx) => {
    if (!(await queries.isAnybodyWaiting(tx, organizationId))) return 0
    await queries.lockWaitingList(tx, organizationId)
    await endLapsed(deps, organizationId)
    return offerAll(deps, organizationId)
  })
}

async function endLapsed(deps: WaitingDeps, organizationId: string): Promise<void> {
  for (;;) {
    const search = { expiredAt: toDate(deps.clock.nowMs()), limit: TOGETHER }
    const expired = await withTenant(deps.db, organizationId, (tx) => queries.listExpired(tx, organizationId, search))
    for (const { id, wishId } of expired) await endOffer(deps, organizationId, { id, wishId })
    if (expired.length < TOGETHER) return
  }
}

async function endOffer(deps: WaitingDeps, organizationId: string, { id, wishId }: { id: string; wishId: string }) {
  const [wish, offers] = await withTenant(deps.db, organizationId, async (tx) => [
    await queries.findWish(tx, organizationId, wishId),
    await queries.listOffers(tx, organizationId, [wishId]),
  ])
  const offer = offers.find((one) => one.id === id)
  if (wish && offer && (await finishTaken(deps, { wish, offer }))) return
  const holds = await withTenant(deps.db, organizationId, async (tx) => {
    const isLapsed = await queries.step(tx, organizationId, { id: wishId, from: ['offered'], to: 'waiting' })
    const holds = await queries.closeOffers(tx, organizationId, { wishId, id, to: 'lapsed' })
    if (isLapsed) await note(deps, tx, organizationId, { actor: SYSTEM, action: 'wish.offer_lapsed', id: wishId })
    return holds
  })
  for (const holdId of holds) await releaseHold(deps, organizationId, holdId)
}

async function offerAll(deps: WaitingDeps, organizationId: string): Promise<number> {
  const known: KnownStarts = new Map()
  let after: { at: string; id: string } | undefined
  let made = 0
  for (;;) {
    const filter = { state: 'waiting', after, limit: TOGETHER }
    const [wishes, offers] = await withTenant(deps.db, organizationId, async (tx) => {
      const rows = await queries.listWishes(tx, organizationId, filter)
      const ids = rows.map(({ id }) => id)
      return [rows, Map.groupBy(await queries.listOffers(tx, organizationId, ids), ({ wishId }) => wishId)] as const
    })
    for (const wish of wishes) {
      const refused = new Set((offers.get(wish.id) ?? []).map(({ startsAt }) => startsAt.getTime()))
      if (!(await offerOne(deps, wish, { known, refused }))) continue
      known.clear()
      made += 1
    }
    const last = wishes.at(-1)
    if (!last || wishes.length < TOGETHER) return made
    after = { at: toInstantText(last.createdAt.getTime()), id: last.id }
  }
}

/** The free starts by what was asked for, until one of them is taken. */
type KnownStarts = Map<string, FreeStart[]>

type Trying = {
  known: KnownStarts
  /** starts that were offered before: nobody is asked twice about one */
  refused: Set<number>
}

/** Offers a wish the earliest time that suits; ends a wish that nothing can suit any more. */
async function offerOne(deps: WaitingDeps, wish: queries.WishRow, { known, refused }: Trying): Promise<boolean> {
  const { availability, clock } = deps
  const { organizationId } = wish
  if (isOver(wish, clock.nowMs())) {
    await expire(deps, wish)
    return false
  }
  try {
    const free = await freeFor(deps, wish, known)
    const { service, timeZone } = await availability.offerOf(organizationId, wish.serviceId)
    const zone = localTimes(
      Float64Array.from(free, ({ startMs }) => startMs),
      timeZone,
    )
    const suiting = free.filter(
      ({ startMs }, index) =>
        suits(wish, { startMs, offsetMin: zone.offsetMin[index] ?? 0 }) &&
        !refused.has(startMs) &&
        (wish.earlierThan === null || startMs < wish.earlierThan.getTime()),
    )
    let tries = 0
    for (const start of suiting) {
      const providerId = providerFor(wish.providerIds, start)
      const bounds = { nowMs: clock.nowMs(), startMs: start.startMs, noticeMin: service.noticeMin }
      const expiresMs = expiryOf({ ...bounds, movableUntilMs: movableUntilOf(wish) })
      if (providerId === null || expiresMs === undefined) continue
      if (await place(deps, wish, { startMs: start.startMs, providerId, expiresMs })) return true
      if (++tries === MAX_TRIES) return false
    }
    return false
  } catch (error) {
    // What the wish is about is no longer offered in this way. It may be again.
    if (error instanceof AppError) return false
    throw error
  }
}

/** Its days have passed, or the booking that was to be earlier can no longer move. */
function isOver(wish: queries.WishRow, nowMs: number): boolean {
  if (wish.until < localDateOf(nowMs, wish.organizationTimeZone)) return true
  if (wish.earlierId === null) return false
  const isActive = wish.bookedState === 'pending' || wish.bookedState === 'confirmed'
  return !isActive || nowMs > (movableUntilOf(wish) ?? 0)
}

function movableUntilOf({ earlierThan, rescheduleNoticeMin }: queries.WishRow): number | undefined {
  return earlierThan ? earlierThan.getTime() - rescheduleNoticeMin * MINUTE_MS : undefined
}

async function expire(deps: WaitingDeps, { organizationId, id }: queries.WishRow): Promise<void> {
  await withTenant(deps.db, organizationId, async (tx) => {
    if (await queries.step(tx, organizationId, { id, from: ['waiting'], to: 'expired' }))
      await note(deps, tx, organizationId, { actor: SYSTEM, action: 'wish.expired', id })
  })
}

async function freeFor(deps: WaitingDeps, wish: queries.WishRow, known: KnownStarts): Promise<FreeStart[]> {
  const { organizationId, serviceId, durationMin, seats } = wish
  const key = `${serviceId} ${durationMin} ${seats}`
  const before = known.get(key)
  if (before) return before
  const { offer, starts } = await deps.availability.snapshot(organizationId, serviceId)
  const ask = deps.availability.askOf(offer, { durationMin, seats })
  const free = starts({ ...ask, fromMs: deps.clock.nowMs(), toMs: offer.window.untilMs })
  known.set(key, free)
  return free
}

type Place = { startMs: number; providerId: string | undefined; expiresMs: number }

/** @returns whether the time is kept for the wish now */
async function place(deps: WaitingDeps, wish: queries.WishRow, wanted: Place): Promise<boolean> {
  const { organizationId } = wish
  const held = await holdFor(deps, wish, wanted)
  if (!held) return false
  const isOffered = await withTenant(deps.db, organizationId, async (tx) => {
    const nowMs = deps.clock.nowMs()
    const isKept = await keepHold(tx, organizationId, { id: held.id, nowMs, untilMs: wanted.expiresMs })
    const row = {
      ...{ id: newId(nowMs), wishId: wish.id, holdId: held.id, providerId: held.provider },
      ...{ startsAt: toDate(Date.parse(held.start)), endsAt: toDate(Date.parse(held.end)) },
      ...{ offeredAt: toDate(nowMs), expiresAt: toDate(wanted.expiresMs) },
    }
    if (!isKept || !(await queries.offer(tx, organizationId, row))) return false
    const detail = { start: held.start, provider: held.provider, expires: toInstantText(wanted.expiresMs) }
    await note(deps, tx, organizationId, { actor: SYSTEM, action: 'wish.offered', id: wish.id, detail })
    await tell(deps, tx, organizationId, { id: wish.id, kind: 'wish.offered' })
    return true
  })
  if (!isOffered) await releaseHold(deps, organizationId, held.id)
  return isOffered
}

/** A hold of the time; undefined when somebody else has it, or the customer may not have it. */
async function holdFor(deps: WaitingDeps, wish: queries.WishRow, { startMs, providerId }: Place) {
  const { availability } = deps
  const { organizationId, serviceId, durationMin, seats, email, earlierId } = wish
  const offer = await availability.offerOf(organizationId, serviceId)
  const ask = availability.askOf(offer, { durationMin, seats, providerId })
  const except = earlierId === null ? {} : { exceptBookings: [earlierId] }
  // The hold knows nobody: whether the customer has booked as often as they may is found out before.
  const found = await availability.check(organizationId, offer, { ...ask, startMs, email, ...except }, true)
  if (typeof found === 'string') return undefined
  const request = {
    ...{ service: serviceId, start: toInstantText(startMs), duration: durationMin, seats },
    ...(providerId !== undefined && { provider: providerId }),
  }
  try {
    return await hold(deps, organizationId, { request })
  } catch (error) {
    if (error instanceof AppError && /^booking\.slot_/.test(error.code)) return undefined
    throw error
  }
}
