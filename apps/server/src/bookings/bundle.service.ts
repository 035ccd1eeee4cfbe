import { startsOf } from '../availability/series.service.ts'
import { withTenant } from '../db/tenant.ts'
import { invalidField } from '../shared/app-error.ts'
import { parseInstantMs, toInstantText } from '../shared/clock.ts'
import { newId } from '../shared/id.ts'
import { answerAgain, noShowsOf, rememberedOnce, type Booker } from './book.service.ts'
import { toBookingView } from './booking-view.rules.ts'
import { bundleNotFound } from './bookings.errors.ts'
import { listBundle } from './bookings.queries.ts'
import { checkAnswers } from './bookings.rules.ts'
import type { BookingView } from './bookings.schemas.ts'
import { factsOf, findByLink, toDetails, type BookingDeps } from './bookings.service.ts'
import { planSeries, type Plan } from './bundle-plan.service.ts'
import { bookingsOf, toWrite, writeTogether } from './bundle-write.service.ts'
import { findBundle, parseSeries, parseVisit } from './bundle.queries.ts'
import type {
  BundleView,
  LinkedBundle,
  SeriesCreate,
  SeriesCreated,
  VisitCreate,
  VisitCreated,
  VisitQuery,
  VisitSlots,
} from './bundle.schemas.ts'
import { linkOf } from './new-booking.service.ts'
import { planVisit, readVisit, visitFrom, type VisitTime } from './visit-plan.service.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** People wait this long between two services of a visit, at most, unless they say otherwise. */
const GAP_MIN = 30

/** A week in which the clocks change may be longer. */
const VISIT_DAYS_MAX = 7.5

/**
 * Books the times of a series, all of them or, as was asked for, those that are free or near by; in one transaction.
 * @throws {AppError} booking.bundle_refused with the times that are not free; service.not_found; provider.not_found;
 *   request.invalid; idempotency.key_reused
 */
export async function bookSeries(
  deps: BookingDeps,
  organizationId: string,
  { service, request, booker }: { service: string; request: SeriesCreate; booker: Booker },
): Promise<SeriesCreated> {
  const { availability } = deps
  const { onConflict = 'refuse', customer, duration, seats, provider, rule } = request
  const offer = await availability.offerOf(organizationId, service)
  const timeZone = availability.timeZoneOf(request.timeZone ?? offer.timeZone)
  const startsMs = withChoices(
    startsOf(request, timeZone).map(({ startMs }) => startMs),
    request.instead ?? [],
  )
  const noShows = await noShowsOf(deps, organizationId, { service, customer })
  const plan = async (fresh: boolean): Promise<Plan> => {
    const current = fresh ? await availability.reload(organizationId, service) : offer
    const asked = availability.askOf(current, { durationMin: duration, providerId: provider, seats })
    const wanted = { ...asked, email: customer.email }
    return planSeries(deps, organizationId, {
      offer: current,
      startsMs,
      wanted,
      nearest: onConflict === 'nearest',
      fresh,
    })
  }
  const isEnough = ({ targets }: Plan) =>
    targets.length === startsMs.length || (onConflict === 'skip' && targets.length > 0)
  const bundle = { id: newId(deps.clock.nowMs()), kind: 'series', rule, timeZone } as const
  const { id } = bundle
  try {
    return await writeTogether(
      deps,
      organizationId,
      { plan, isEnough, total: startsMs.length },
      ({ targets, refused }) => {
        const all = <Value>(value: Value) => targets.map(() => value)
        const making = { bundleId: id, customer, answers: all(request.answers), booker, noShows: all(noShows) }
        const made = bookingsOf(deps, targets, making)
        const answer: SeriesCreated = { id, bookings: made.map(({ view }) => view), left: refused }
        const remembered = rememberedOnce(organizationId, booker.once, { status: 201, body: answer })
        return { answer, write: toWrite(deps, organizationId, { bundle, targets, made, remembered }) }
      },
    )
  } catch (error) {
    return parseSeries(await answerAgain(deps, organizationId, booker.once, error))
  }
}

/**
 * Books several services one after another, in one transaction.
 * @throws {AppError} booking.bundle_refused with the nearest starts at which the visit fits; service.not_found;
 *   provider.not_found; request.invalid; idempotency.key_reused
 */
export async function bookVisit(
  deps: BookingDeps,
  organizationId: string,
  { request, booker }: { request: VisitCreate; booker: Booker },
): Promise<VisitCreated> {
  const { customer, items, gapMin = GAP_MIN } = request
  const startMs = instantOf('start', request.start)
  await checkItems(deps, organizationId, items)
  const asked = { items, startMs, gapMs: gapMin * MINUTE_MS, email: customer.email }
  const noShows = await Promise.all(items.map(({ service }) => noShowsOf(deps, organizationId, { service, customer })))
  const plan = (fresh: boolean) => planVisit(deps, organizationId, { ...asked, fresh })
  const isEnough = ({ refused }: Plan) => refused.length === 0
  const offer = await deps.availability.offerOf(organizationId, items[0]?.service ?? '')
  const timeZone = deps.availability.timeZoneOf(customer.timeZone ?? offer.timeZone)
  const bundle = { id: newId(deps.clock.nowMs()), kind: 'visit', rule: null, timeZone } as const
  const withLink = (bookings: BookingView[]) => ({
    ...{ id: bundle.id, bookings },
    ...linkOf(deps, organizationId, bookings[0]?.id ?? ''),
  })
  try {
    return await writeTogether(deps, organizationId, { plan, isEnough, total: 1 }, ({ targets }) => {
      const answers = items.map((item) => item.answers)
      const made = bookingsOf(deps, targets, { bundleId: bundle.id, customer, answers, booker, noShows })
      const bookings = made.map(({ view }) => view)
      const remembered = rememberedOnce(organizationId, booker.once, { status: 201, body: { id: bundle.id, bookings } })
      return { answer: withLink(bookings), write: toWrite(deps, organizationId, { bundle, targets, made, remembered }) }
    })
  } catch (error) {
    const { id, bookings } = parseVisit(await answerAgain(deps, organizationId, booker.once, error))
    return { ...withLink(bookings), id }
  }
}

/** @throws {AppError} request.invalid naming the questions of a service that must be answered otherwise, with its place */
async function checkItems({ availability }: BookingDeps, organizationId: string, items: VisitCreate['items']) {
  for (const [index, { service, answers = {} }] of items.entries()) {
    const { questions } = (await availability.offerOf(organizationId, service)).service
    checkAnswers(questions, answers, `items.${index}.answers`)
  }
}

/** The starts of some days at which a visit fits, with the times of its services. */
export async function visitSlots(deps: BookingDeps, organizationId: string, request: VisitQuery): Promise<VisitSlots> {
  const { from, to, gapMin = GAP_MIN, items } = request
  const parts = await readVisit(deps, organizationId, items)
  const [first] = parts
  const timeZone = deps.availability.timeZoneOf(request.timeZone ?? first?.snapshot.offer.timeZone ?? 'UTC')
  const { fromMs, toMs } = deps.availability.rangeOf(from, to, timeZone)
  if (toMs - fromMs > VISIT_DAYS_MAX * DAY_MS) throw invalidField('to', 'Ask for at most a week at once.')
  const starts = first?.snapshot.starts({ ...first.ask, fromMs, toMs }) ?? []
  const fitting = starts.flatMap(({ startMs }) => {
    const times = visitFrom(parts, startMs, gapMin * MINUTE_MS)
    return times ? [times] : []
  })
  return { timeZone, visits: fitting.map(toVisitView) }
}

/**
 * A series or visit with its bookings.
 * @throws {AppError} booking.bundle_not_found
 */
export async function readBundle(deps: BookingDeps, organizationId: string, id: string): Promise<BundleView> {
  return withTenant(deps.db, organizationId, async (tx) => {
    const bundle = await findBundle(tx, organizationId, id)
    if (!bundle) throw bundleNotFound()
    const bookings = await toDetails(tx, organizationId, await listBundle(tx, organizationId, id), deps.clock.nowMs())
    return {
      id,
      kind: bundle.kind === 'visit' ? 'visit' : 'series',
      ...(bundle.rule !== null && { rule: bundle.rule }),
      bookings,
    }
  })
}

/** The times of a series, with those that were chosen instead of some. */
function withChoices(startsMs: number[], instead: { start: string; instead: string }[]): number[] {
  const chosen = new Map(
    instead.map((choice) => [instantOf('instead', choice.start), instantOf('instead', choice.instead)] as const),
  )
  const stranger = [...chosen.keys()].find((startMs) => !startsMs.includes(startMs))
  if (stranger !== undefined) throw invalidField('instead', 'One of these times is none of the series.')
  const times = startsMs.map((startMs) => chosen.get(startMs) ?? startMs)
  if (new Set(times).size < times.length) throw invalidField('instead', 'The same time was chosen twice.')
  return times.sort((a, b) => a - b)
}

function instantOf(field: string, text: string): number {
  const instantMs = parseInstantMs(text)
  if (instantMs === undefined) throw invalidField(field, 'Give an instant with its offset: 2026-03-29T09:00:00+02:00.')
  return instantMs
}

/**
 * What was booked together with the booking behind a link, as its customer sees it; nothing besides it when it was alone.
 * @throws {AppError} booking.link_invalid, booking.link_expired
 */
export async function readBundleByLink(deps: BookingDeps, bookingId: string, token: string): Promise<LinkedBundle> {
  const { organizationId, bundleId } = await findByLink(deps, bookingId, token)
  if (bundleId === null) return { items: [] }
  const rows = await withTenant(deps.db, organizationId, (tx) => listBundle(tx, organizationId, bundleId))
  const items = rows.map((row) => ({
    booking: toBookingView(factsOf(row), deps.clock.nowMs()),
    manageUrl: linkOf(deps, organizationId, row.id, row.linkVersion).manageUrl,
  }))
  return { items }
}

function toVisitView(times: VisitTime[]): VisitSlots['visits'][number] {
  const parts = times.map(({ serviceId, providerId, startMs, endMs }) => ({
    ...{ service: serviceId, provider: providerId, start: toInstantText(startMs), end: toInstantText(endMs) },
  }))
  return { start: parts[0]?.start ?? '', end: parts.at(-1)?.end ?? '', parts }
}
