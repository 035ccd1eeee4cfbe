import { slotRefused } from '../availability/availability.errors.ts'
import type { StartAsk, StartOffer } from '../availability/availability.service.ts'
import { tenantBatch, type Statement } from '../db/batch.ts'
import { databaseErrorOf, isTransient } from '../db/errors.ts'
import { withTenant } from '../db/tenant.ts'
import type { Actor } from '../shared/actor.ts'
import { AppError, invalidField } from '../shared/app-error.ts'
import { parseInstantMs, toDate, toInstantText } from '../shared/clock.ts'
import { newId, newSecretId } from '../shared/id.ts'
import type { Once } from '../shared/once.ts'
import { roleReaches } from '../shared/role.ts'
import * as statements from './booking-statements.queries.ts'
import { toBookingView, type BookingFacts } from './booking-view.rules.ts'
import { holdSpent, mayNotOverride } from './bookings.errors.ts'
import * as queries from './bookings.queries.ts'
import { checkAnswers } from './bookings.rules.ts'
import type { BookingCreate, BookingCreated, HoldCreate, HoldView } from './bookings.schemas.ts'
import { earlierAnswer, type BookingDeps } from './bookings.service.ts'
import { claimsOf, subjectsOf } from './claims.rules.ts'
import { beginningOf } from './life.rules.ts'
import { messagesOf } from './messages.rules.ts'
import { Outrun, type Write } from './shared-writes.ts'

/** How often a booking is tried anew, when others were faster but did not take the time itself. */
const MAX_TRIES = 8

/** A hold keeps its slot for this long. */
const HOLD_LIFE_MS = 5 * 60_000

type Offer = Awaited<ReturnType<BookingDeps['availability']['offerOf']>>
type Target = { offer: Offer; start: StartOffer; providerId: string; startMs: number; endMs: number; seats: number }

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
  if (override && !(booker.actor.kind === 'member' && roleReaches(booker.actor.role, 'manager'))) throw mayNotOverride()
  const id = newId(deps.clock.nowMs())
  const noShows = await noShowsOf(deps, organizationId, request)
  const place = (target: Target): Placed<BookingCreated> => {
    const { facts, booking: row, messages } = newBookingOf(deps, target, { id, request, actor: booker.actor, noShows })
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

/**
 * Claims a start for a few minutes, while its customer fills in the form.
 * @throws {AppError} as `book`
 */
export async function hold(
  deps: BookingDeps,
  organizationId: string,
  request: HoldCreate,
  once: Once | undefined,
): Promise<HoldView> {
  const id = newSecretId()
  const expiresMs = deps.clock.nowMs() + HOLD_LIFE_MS
  const place = (target: Target): Placed<HoldView> => {
    const { providerId, startMs, endMs, seats, offer } = target
    const result = {
      id,
      start: toInstantText(startMs),
      end: toInstantText(endMs),
      provider: providerId,
      expiresAt: toInstantText(expiresMs),
    }
    const held = { id, serviceId: offer.service.id, providerId, startMs, endMs, seats, expiresMs }
    return {
      result,
      owner: { kind: 'hold', id },
      booking: undefined,
      statements: [
        ...rememberedOnce(organizationId, once, { status: 201, body: result }),
        statements.insertHold(organizationId, held),
      ],
    }
  }
  try {
    const ask = { request, override: false }
    return await placeSomewhere(deps, organizationId, ask, place)
  } catch (error) {
    return queries.parseHold(await answerAgain(deps, organizationId, once, error))
  }
}

/** Keeps the answer for a request that may come again. */
export function rememberedOnce(
  organizationId: string,
  once: Once | undefined,
  answer: { status: number; body: object },
): Statement[] {
  return once ? statements.rememberAnswer(organizationId, once, answer) : []
}

/** Appointments this long ago count when it is asked how many somebody missed. */
const NO_SHOWS_MS = 365 * 86_400_000

/** How many appointments the customer missed, where the service asks. */
async function noShowsOf(deps: BookingDeps, organizationId: string, { service, customer }: BookingCreate) {
  const { noShowLimit } = (await deps.availability.offerOf(organizationId, service)).service
  if (noShowLimit === null) return 0
  const since = toDate(deps.clock.nowMs() - NO_SHOWS_MS)
  return withTenant(deps.db, organizationId, (tx) =>
    queries.countNoShows(tx, organizationId, { email: customer.email, since }),
  )
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
  const expiresMs = nowMs + HOLD_LIFE_MS
  const [found, subjects] = await withTenant(deps.db, organizationId, async (tx) => [
    await queries.findHold(tx, organizationId, id),
    await queries.listHoldSubjects(tx, organizationId, { id }),
  ])
  const answer = found && { ...toHoldView(found), expiresAt: toInstantText(expiresMs) }
  try {
    if (!answer) throw holdSpent()
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

function toHoldView({
  id,
  startsAt,
  endsAt,
  providerId,
}: {
  id: string
  startsAt: Date
  endsAt: Date
  providerId: string
}) {
  return {
    ...{ id, provider: providerId },
    start: toInstantText(startsAt.getTime()),
    end: toInstantText(endsAt.getTime()),
  }
}

type PlaceAsk = { request: HoldCreate; override: boolean; exceptHold?: string | undefined; email?: string }

/** What is written at a place that was found, and what its taker is told. */
type Placed<Result> = { result: Result; owner: statements.ClaimOwner } & Pick<Write, 'booking' | 'statements'>

/**
 * Finds who can serve, and writes what `place` makes of it, until it holds or the time is really gone. The first try goes
 * by what is known in memory: the constraint has the last word, so that costs nothing but another try.
 */
async function placeSomewhere<Result>(
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
      const code = databaseErrorOf(error)?.code
      if (!(error instanceof Outrun || isOutrun(code) || isTransient(error))) throw error
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

/** An appointment claims its subjects; a group session is claimed once, and people take its seats. */
function writeOf(
  { clock }: BookingDeps,
  organizationId: string,
  {
    target,
    placed,
    exceptHold,
  }: { target: Target; placed: Omit<Placed<unknown>, 'result'>; exceptHold: string | undefined },
): Write {
  const nowMs = clock.nowMs()
  const { offer, start, providerId, startMs, endMs, seats } = target
  const { owner, booking } = placed
  if (booking?.row.claimsTime === false)
    return {
      ...{ subjects: [], configVersion: offer.configVersion, holdId: exceptHold, booking, limits: [] },
      ...{ statements: placed.statements, claims: undefined, sessionKey: undefined },
    }
  const claims = claimsOf(start.takes, () => newId(nowMs))
  const { id: serviceId, capacity } = offer.service
  const subjects = start.isOpen ? [providerId] : subjectsOf(claims)
  const counting = { ownerId: owner.id, email: booking?.row.email ?? null }
  const limits = start.limits.map((limit) => ({ ...limit, ...counting }))
  const common = { subjects, configVersion: offer.configVersion, holdId: exceptHold, booking, limits }
  if (capacity === 1)
    return { ...common, statements: placed.statements, claims: { owner, claims }, sessionKey: undefined }
  const session = { id: newId(nowMs), serviceId, providerId, startMs, endMs, capacity }
  const sessionKey = `${serviceId} ${providerId} ${startMs}`
  const open = start.isOpen ? [] : [statements.openSession(organizationId, session, claims)]
  const taken = [...open, statements.takeSeats(organizationId, owner, session, seats)]
  return { ...common, statements: [...placed.statements, ...taken], claims: undefined, sessionKey }
}

function startOf(text: string): number {
  const startMs = parseInstantMs(text)
  if (startMs === undefined)
    throw invalidField('start', 'Give an instant with its offset, such as 2026-03-29T09:00:00+02:00.')
  return startMs
}

type NewBookingParts = { id: string; request: BookingCreate; actor: Actor; noShows: number }

function newBookingOf(deps: BookingDeps, target: Target, { id, request, actor, noShows }: NewBookingParts) {
  const { offer, providerId, startMs, endMs, seats } = target
  const { service, organization } = offer
  const { customer } = request
  const timeZone = deps.availability.timeZoneOf(customer.timeZone ?? organization.timeZone)
  const locale = customer.locale ?? organization.locale
  const provider = offer.providers.find((candidate) => candidate.id === providerId)
  const priceMinor = service.priceMinor * seats
  const nowMs = deps.clock.nowMs()
  const { slug, name, timeZone: organizationTimeZone } = organization
  const { cancelNoticeMin, rescheduleNoticeMin } = service
  const { state, claimsTime } = beginningOf({ ...service, noShows, isMember: actor.kind === 'member' })
  const facts: BookingFacts = {
    id,
    state,
    organization: { slug, name, timeZone: organizationTimeZone },
    service: {
      ...{ id: service.id, slug: service.slug, name: service.name, colour: service.colour },
      ...{ cancelNoticeMin, rescheduleNoticeMin },
    },
    provider: { id: providerId, name: provider?.name ?? '' },
    location: service.location,
    customer: { name: customer.name.trim(), email: customer.email },
    ...{ startMs, endMs, timeZone, seats, priceMinor, currency: service.currency, createdAtMs: nowMs },
  }
  const booking: statements.NewBooking = {
    ...{ id, serviceId: service.id, providerId, customerId: newId(nowMs), state, claimsTime },
    ...{ customerName: facts.customer.name, email: customer.email, phone: customer.phone ?? null },
    ...{ startMs, endMs, timeZone, locale, seats, priceMinor, currency: service.currency },
    answers: checkAnswers(service.questions, request.answers ?? {}),
    attendees: request.attendees ?? [],
    source: actor.kind === 'member' ? 'member' : 'public',
  }
  const source = {
    ...{ facts, accent: organization.accent, organizationLocale: organization.locale, locale },
    ...{ providerEmail: provider?.email ?? null, linkVersion: 1, sequence: 0 },
    officeUrl: `${deps.config.publicUrl}/app/${slug}/bookings/${id}`,
  }
  const kind = state === 'pending' ? 'booking.requested' : 'booking.confirmation'
  return { facts, booking, messages: messagesOf(kind, source, () => newId(nowMs)) }
}

/** Where the customer changes the booking, and the token that lets them. */
function linkOf({ links, config }: BookingDeps, organizationId: string, bookingId: string) {
  const token = links.sign({ organizationId, bookingId, version: 1 })
  return { manageUrl: `${config.publicUrl}/booking/${bookingId}?token=${token}`, token }
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
    case 'provider_link':
      return { actorKind: 'member', actorId: null }
    case 'system':
      return { actorKind: 'system', actorId: null }
    case 'anonymous':
    case 'user':
      return { actorKind: 'customer', actorId: null }
  }
}
