import { slotRefused } from '../availability/availability.errors.ts'
import type { StartAsk } from '../availability/availability.service.ts'
import type { Statement } from '../db/batch.ts'
import { databaseErrorOf, isTransient } from '../db/errors.ts'
import { withTenant } from '../db/tenant.ts'
import { actorReaches, type Actor } from '../shared/actor.ts'
import { AppError, invalidField } from '../shared/app-error.ts'
import { parseInstantMs, toDate } from '../shared/clock.ts'
import { newId } from '../shared/id.ts'
import type { Once } from '../shared/once.ts'
import { rememberAnswer } from './answer-statements.queries.ts'
import * as statements from './booking-statements.queries.ts'
import { toBookingView } from './booking-view.rules.ts'
import { mayNotOverride } from './bookings.errors.ts'
import * as queries from './bookings.queries.ts'
import type { BookingCreate, BookingCreated, HoldCreate } from './bookings.schemas.ts'
import { earlierAnswer, type BookingDeps } from './bookings.service.ts'
import { messagesOf } from './messages.rules.ts'
import { linkOf, newBookingOf, writeOf, type Placed, type Target } from './new-booking.service.ts'
import { Outrun } from './shared-writes.ts'

/** How often a booking is tried anew, when others were faster but did not take the time itself. */
const MAX_TRIES = 8

/** Who does something to a booking. Whoever decides by the link in the mail to the provider is taken for one of the business. */
export type Doer = Actor | { kind: 'system' } | { kind: 'provider_link' }

/** Who books, and the key that makes sending it twice safe. */
export type Booker = { actor: Actor; once: Once | undefined }

/**
 * Books an appointment: claims, customer, messages and audit in one transaction, or nothing.
 * @throws {AppError} booking.slot_taken or booking.slot_refused, with the nearest free times; service.not_found;
 *   provider.not_found; request.invalid; auth.forbidden; idempotency.key_reused
 */
export async function book(
  deps: BookingDeps,
  organizationId: string,
  request: BookingCreate,
  booker: Booker,
): Promise<BookingCreated> {
  const override = request.override === true
  if (override && !actorReaches(booker.actor, 'manager')) throw mayNotOverride()
  const id = newId(deps.clock.nowMs())
  const noShows = await noShowsOf(deps, organizationId, request)
  const place = (target: Target): Placed<BookingCreated> => {
    const {
      facts,
      booking: row,
      kind,
      source,
    } = newBookingOf(deps, target, { id, request, actor: booker.actor, noShows })
    const messages = messagesOf(kind, source, () => newId(deps.clock.nowMs()))
    const booking = toBookingView(facts, deps.clock.nowMs())
    const action =
      row.state === 'pending' ? 'booking.requested' : override ? 'booking.created_by_override' : 'booking.created'
    const detail = { start: booking.start, service: target.offer.service.slug }
    const audit = { ...auditOf(deps, booker.actor), action, detail }
    return {
      result: { booking, ...linkOf(deps, organizationId, id) },
      owner: { kind: 'booking', id },
      booking: { row, records: { bookingId: id, messages, audit } },
      statements: rememberedOnce(organizationId, booker.once, { status: 201, body: booking }),
    }
  }
  const ask = { request, override, exceptHold: request.hold, email: request.customer.email }
  try {
    return await placeSomewhere(deps, organizationId, ask, place)
  } catch (error) {
    const booking = queries.parseView(await answerAgain(deps, organizationId, booker.once, error))
    return { booking, ...linkOf(deps, organizationId, booking.id) }
  }
}

/** A request that is sent again finds its own work in the way: it gets its answer again. Rethrows any other error. */
export async function answerAgain(deps: BookingDeps, organizationId: string, once: Once | undefined, error: unknown) {
  const repeated = databaseErrorOf(error)?.constraint === 'idempotency_key_pkey' || error instanceof AppError
  const earlier = once && repeated ? await earlierAnswer(deps, organizationId, once) : undefined
  if (earlier === undefined) throw error
  return earlier
}

/** Keeps the answer for a request that may come again. */
export function rememberedOnce(
  organizationId: string,
  once: Once | undefined,
  answer: { status: number; body: object },
): Statement[] {
  return once ? rememberAnswer(organizationId, once, answer) : []
}

/** Appointments this long ago count when it is asked how many somebody missed. */
const NO_SHOWS_MS = 365 * 86_400_000

/** How many appointments the customer missed, where the service asks. */
export async function noShowsOf(
  deps: BookingDeps,
  organizationId: string,
  { service, customer }: Pick<BookingCreate, 'service' | 'customer'>,
) {
  const { noShowLimit } = (await deps.availability.offerOf(organizationId, service)).service
  if (noShowLimit === null) return 0
  const since = toDate(deps.clock.nowMs() - NO_SHOWS_MS)
  return withTenant(deps.db, organizationId, (tx) =>
    queries.countNoShows(tx, organizationId, { email: customer.email, since }),
  )
}

type PlaceAsk = { request: HoldCreate; override: boolean; exceptHold?: string | undefined; email?: string }

/**
 * Finds who can serve, and writes what `place` makes of it, until it holds or the time is really gone. The first try goes
 * by what is known in memory: the constraint has the last word, so that costs nothing but another try.
 */
export async function placeSomewhere<Result>(
  deps: BookingDeps,
  organizationId: string,
  { request, override, exceptHold, email }: PlaceAsk,
  place: (target: Target) => Placed<Result>,
): Promise<Result> {
  const { availability, writes } = deps
  const startMs = startOf(request.start)
  let offer = await availability.offerOf(organizationId, request.service)
  for (let tries = 0; ; tries++) {
    const wanted = { durationMin: request.duration, providerId: request.provider, seats: request.seats }
    const takings = () => writes.claimed(organizationId)
    const ask: StartAsk = { ...availability.askOf(offer, wanted), startMs, exceptHold, email, takings }
    const start = override
      ? await availability.overridden(organizationId, offer, ask)
      : await availability.check(organizationId, offer, ask, tries > 0)
    if (typeof start === 'string') {
      if (tries > 0) throw slotRefused(start, await availability.alternatives(organizationId, request.service, ask))
      // What is known may be out of date in either direction: only what was just read may refuse.
      offer = await availability.reload(organizationId, request.service)
      continue
    }
    const { providerId } = start
    const target = { offer, start, providerId, startMs, endMs: startMs + ask.lengthMin * 60_000, seats: ask.seats }
    const { result, ...placed } = place(target)
    try {
      await writes.write(organizationId, writeOf(deps, organizationId, { target, placed, exceptHold }))
      return result
    } catch (error) {
      const { code, constraint } = databaseErrorOf(error) ?? {}
      const isBehind = isOutrun(code) || constraint === statements.HOLD_PLACE
      if (!(error instanceof Outrun || isBehind || isTransient(error))) throw error
      if (tries >= MAX_TRIES)
        throw slotRefused('taken', await availability.alternatives(organizationId, request.service, ask))
      if (code === statements.CONFIG_CHANGED) offer = await availability.reload(organizationId, request.service)
    }
  }
}

/** Whether the database has refused because others were faster. */
export function isOutrun(code: string | undefined): boolean {
  const { SEATS_TAKEN, CONFIG_CHANGED, LIMIT_REACHED } = statements
  return code !== undefined && ['23P01', SEATS_TAKEN, CONFIG_CHANGED, LIMIT_REACHED].includes(code)
}

function startOf(text: string): number {
  const startMs = parseInstantMs(text)
  if (startMs === undefined)
    throw invalidField('start', 'Give an instant with its offset, such as 2026-03-29T09:00:00+02:00.')
  return startMs
}

/** Who did it, for the trail. */
export function auditOf({ clock }: Pick<BookingDeps, 'clock'>, doer: Doer) {
  const atMs = clock.nowMs()
  return { id: newId(atMs), atMs, ...whoOf(doer) }
}

function whoOf(doer: Doer): Pick<statements.NewAudit, 'actorKind' | 'actorId'> {
  switch (doer.kind) {
    case 'member':
      return { actorKind: 'member', actorId: doer.memberId }
    case 'key':
      return { actorKind: 'key', actorId: doer.keyId }
    case 'provider_link':
      return { actorKind: 'member', actorId: null }
    case 'system':
      return { actorKind: 'system', actorId: null }
    case 'anonymous':
    case 'user':
      return { actorKind: 'customer', actorId: null }
  }
}
