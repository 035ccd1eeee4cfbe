import {
  checkStart,
  findSlots,
  localTimes,
  publicReason,
  type PublicReason,
  type SlotQuery,
} from '@slotkeeper/scheduling'
import { tenantBatch } from '../db/batch.ts'
import type { Database } from '../db/database.ts'
import { withTenant } from '../db/tenant.ts'
import { slotAnswers } from '../observe/metrics.ts'
import { loadSchedules } from '../schedules/schedules.service.ts'
import { loadServiceOffer } from '../services/services.service.ts'
import { loadTimeOff } from '../time-off/time-off.service.ts'
import type { Alternative } from '../shared/app-error.ts'
import { BoundedMap } from '../shared/bounded-map.ts'
import { toInstantText, type Clock } from '../shared/clock.ts'
import { SharedRead } from '../shared/shared-read.ts'
import { serviceNotFound } from './availability.errors.ts'
import { readOrganization, toVersions, versionsStatement, type Versions } from './availability.queries.ts'
import { checkTimeZone, localText, parseRange, slotsJson } from './availability.rules.ts'
import { limitChecks } from './limit-checks.rules.ts'
import { withTakings, type Taking } from './loads.rules.ts'
import { Loads } from './loads.service.ts'
import { expandOffer, scheduleIdsOf, withTimeOff, type Offer } from './offer.rules.ts'
import { withoutRules } from './override.rules.ts'
import { withSiblings, type Sibling } from './siblings.rules.ts'
import { slotQuery, type SlotAsk, type Taken } from './slot-query.rules.ts'
import {
  askOf,
  hasNoChoice,
  isPlain,
  providerIdsOf,
  startOfferOf,
  type StartOffer,
  type Wanted,
} from './start-offer.rules.ts'

export type { Sibling, SlotAsk }

export type AvailabilityDeps = { db: Database; clock: Clock }

/** What people ask for when they want to see free times. */
export type SlotsRequest = {
  serviceRef: string
  /** local dates in the asked zone (both inclusive), or instants */
  from: string
  to: string
  timeZone?: string | undefined
  durationMin: number | undefined
  providerId: string | undefined
  seats?: number | undefined
  /** a booking whose own time counts as free */
  exceptBooking?: string | undefined
}

/** One time that somebody wants. */
export type StartAsk = SlotAsk & {
  startMs: number
  /** bookings whose own time counts as free */
  exceptBookings?: string[] | undefined
  exceptHold?: string | undefined
  /** of the customer, whose own limits count too */
  email?: string | undefined
  /** what others are about to take, so that they need not be in each other's way */
  takings?: () => readonly Taking[]
  /** what is to be written together with it, and counts as taken */
  siblings?: readonly Sibling[]
}

export type { StartOffer }

/** A time that is free, and who can serve it. */
export type FreeStart = { startMs: number; providerIds: string[] }

/** What of a service is free at one moment, for many questions one after another. */
export type Snapshot = {
  offer: Offer
  /** the free starts of a stretch of time, in their order */
  starts: (ask: SlotAsk & { fromMs: number; toMs: number }, siblings?: readonly Sibling[]) => FreeStart[]
  /** who would serve a start */
  serve: (ask: SlotAsk & { startMs: number }, siblings?: readonly Sibling[]) => StartOffer | PublicReason
}

/** What the engine is to be asked about a service. */
export type Question = { offer: Offer; query: SlotQuery }

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** Memory for what was read, in characters of answers and in numbers of services. */
const ANSWERS_MAX = 64_000_000
const OFFERS_MAX = 2_000

/** How many configurations may change while one request is answered, before it gives up. */
const MAX_TRIES = 5

/** Free times are told this far around a time that is not free. */
const ALTERNATIVES_MS = 7 * 86_400_000
const ALTERNATIVES_COUNT = 3

type Answer = { key: string; untilMs: number; computed: Promise<{ body: string; untilMs: number }> }

/**
 * Tells which times are free. What was read is kept in memory, and every answer begins by asking the database whether it
 * still holds: an answer never has a time that was taken before it was asked for, whichever process took it.
 */
export class Availability {
  readonly #db: Database
  readonly #clock: Clock
  readonly #offers = new BoundedMap<Offer>(OFFERS_MAX)
  readonly #loads: Loads
  readonly #answers = new BoundedMap<Answer>(ANSWERS_MAX)
  readonly #reads = new BoundedMap<SharedRead<Versions>>(OFFERS_MAX)

  constructor({ db, clock }: AvailabilityDeps) {
    this.#db = db
    this.#clock = clock
    this.#loads = new Loads({ db, clock })
  }

  /** How much of what was read is kept. */
  get memory() {
    const [services, claims] = [this.#offers.weight, this.#loads.weight]
    return { answerCharacters: this.#answers.weight, services, claims }
  }

  /** The service as it was last read; its hours reach as far as it can be booked today. */
  async offerOf(organizationId: string, serviceRef: string): Promise<Offer> {
    const known = this.#offers.get(`${organizationId} ${serviceRef}`)
    return known && this.#clock.nowMs() < known.todayEndMs ? known : this.reload(organizationId, serviceRef)
  }

  /** Reads a service anew, after the database has said that what is known of it is stale. */
  async reload(organizationId: string, serviceRef: string): Promise<Offer> {
    const nowMs = this.#clock.nowMs()
    const offer = await withTenant(this.#db, organizationId, async (tx) => {
      // The version is read first: what changes meanwhile is newer than it and is found stale later.
      const organization = await readOrganization(tx, organizationId)
      const service = await loadServiceOffer(tx, organizationId, serviceRef)
      if (!service) throw serviceNotFound()
      const schedules = await loadSchedules(tx, organizationId, scheduleIdsOf(service))
      const whole = expandOffer({ organization, service, schedules }, nowMs)
      const span = { fromMs: Math.max(nowMs, whole.window.fromMs) - DAY_MS, toMs: whole.window.untilMs + 2 * DAY_MS }
      return withTimeOff(whole, await loadTimeOff(tx, organizationId, whole.subjectIds, span))
    })
    this.#offers.set(`${organizationId} ${serviceRef}`, offer)
    return offer
  }

  /**
   * The free times as JSON text, as the API answers them.
   * @throws {AppError} service.not_found, provider.not_found, request.invalid
   */
  async slots(organizationId: string, request: SlotsRequest): Promise<string> {
    const { offer, versions } = await this.#current(organizationId, request.serviceRef)
    const ask = askOf(offer, request)
    const timeZone = checkTimeZone(request.timeZone ?? offer.timeZone)
    const { fromMs, toMs } = parseRange(request.from, request.to, timeZone)
    const nowMs = this.#clock.nowMs()
    const compute = async (): Promise<{ body: string; untilMs: number }> => {
      const taken = request.exceptBooking
        ? await this.#loads.read(organizationId, offer, { exceptBookings: [request.exceptBooking] })
        : await this.#loads.current(organizationId, offer, versions)
      return this.#answer(offer, taken, { ...ask, nowMs, fromMs, toMs }, timeZone)
    }
    if (request.exceptBooking) return (await compute()).body
    const cacheKey = [
      organizationId,
      offer.service.id,
      ask.lengthMin,
      ask.seats,
      ask.providerId ?? '',
      timeZone,
      fromMs,
      toMs,
    ].join(' ')
    const key = `${offer.configVersion} ${offer.today} ${[...versions.subjects.values()].join()}`
    const known = this.#answers.get(cacheKey)
    const isKnown = known?.key === key && nowMs < known.untilMs
    slotAnswers.inc({ outcome: isKnown ? 'hit' : 'miss' })
    if (isKnown) return (await known.computed).body
    const computed = compute()
    const entry: Answer = { key, untilMs: Infinity, computed }
    this.#answers.set(cacheKey, entry)
    try {
      const { body, untilMs } = await computed
      entry.untilMs = untilMs
      if (this.#answers.get(cacheKey) === entry) this.#answers.set(cacheKey, entry, body.length)
      return body
    } catch (error) {
      if (this.#answers.get(cacheKey) === entry) this.#answers.delete(cacheKey)
      throw error
    }
  }

  /**
   * Whether a start is offered, by the same rules that list it.
   * @param fresh  ask the database for what is taken; otherwise what is known is good enough to try with
   */
  async check(organizationId: string, offer: Offer, ask: StartAsk, fresh: boolean): Promise<StartOffer | PublicReason> {
    const isFresh = fresh || ask.exceptBookings !== undefined || ask.exceptHold !== undefined || !isPlain(offer)
    const read = isFresh
      ? await this.#loads.read(organizationId, offer, ask)
      : (this.#loads.remembered(organizationId, offer) ?? (hasNoChoice(offer, ask) ? NOTHING_TAKEN : undefined))
    if (!read) return this.check(organizationId, offer, ask, true)
    const taken = withSiblings(read, offer.service.id, ask.siblings ?? [])
    const range = { nowMs: this.#clock.nowMs(), fromMs: ask.startMs, toMs: ask.startMs + 1 }
    const checked = (loads: Taken['loads'], isAlone = false) => {
      const query = slotQuery(offer, { ...taken, loads }, { ...ask, ...range, isAlone })
      return { query, result: checkStart(query, ask.startMs) }
    }
    const quick = () => {
      // Where nobody else could serve, neither the others nor what is about to be taken of them makes a difference.
      if (hasNoChoice(offer, ask) && !offer.traits.compares) return checked(taken.loads, true)
      const takings = ask.takings?.() ?? []
      return takings.length > 0 ? checked(withTakings(taken.loads, takings)) : undefined
    }
    const first = quick()
    // What others are about to take may yet be refused to them; and a refusal tells of all there are.
    const { query, result } = first?.result.ok ? first : checked(taken.loads)
    if (!result.ok) return publicReason(result.refusals)
    const { startMs } = ask
    const limits = limitChecks(query, { serviceId: offer.service.id, startMs, assigned: result.assigned })
    return { ...startOfferOf(query, startMs, result), limits }
  }

  /**
   * The engine's question about a service, over what was just read, with the causes of what is busy.
   * @param wanted  what is asked for; with `startMs`, only what bears upon that start is read
   * @throws {AppError} service.not_found, provider.not_found, request.invalid
   */
  async question(organizationId: string, serviceRef: string, wanted: Wanted & { startMs?: number }): Promise<Question> {
    const offer = await this.reload(organizationId, serviceRef)
    const ask = askOf(offer, wanted)
    const { startMs } = wanted
    const taken = await this.#loads.read(organizationId, offer, { startMs, lengthMin: ask.lengthMin, causes: true })
    const nowMs = this.#clock.nowMs()
    const range = startMs === undefined ? offer.window : { fromMs: startMs, untilMs: startMs + 1 }
    return { offer, query: slotQuery(offer, taken, { ...ask, nowMs, fromMs: range.fromMs, toMs: range.untilMs }) }
  }

  /** Who would serve a time that need not be offered: of those who are free, as if it were. */
  async overridden(organizationId: string, offer: Offer, ask: StartAsk): Promise<StartOffer | PublicReason> {
    const { startMs } = ask
    const taken = await this.#loads.read(organizationId, offer, ask)
    const rules = slotQuery(offer, taken, { ...ask, nowMs: startMs, fromMs: startMs, toMs: startMs + 1 })
    // Steps are whole minutes; within one, the constraint says what is free.
    const minuteMs = startMs - (startMs % MINUTE_MS)
    const query = withoutRules(rules, minuteMs)
    const result = checkStart(query, minuteMs)
    return result.ok ? startOfferOf(query, startMs, result) : publicReason(result.refusals)
  }

  /**
   * What of a service is free now. Limits of a customer are not among it.
   * @throws {AppError} service.not_found
   */
  async snapshot(organizationId: string, serviceRef: string): Promise<Snapshot> {
    const { offer, versions } = await this.#current(organizationId, serviceRef)
    const taken = await this.#loads.current(organizationId, offer, versions)
    const nowMs = this.#clock.nowMs()
    const queryOf = (ask: SlotAsk & { fromMs: number; toMs: number }, siblings: readonly Sibling[]) =>
      slotQuery(offer, withSiblings(taken, offer.service.id, siblings), { ...ask, nowMs })
    return {
      offer,
      starts: (ask, siblings = []) => {
        const query = queryOf(ask, siblings)
        const slots = findSlots(query)
        const ids = providerIdsOf(query)
        return [...slots.startsMs].map((startMs, index) => ({
          startMs,
          providerIds: slots.candidatesAt(index).flatMap((at) => ids[at] ?? []),
        }))
      },
      serve: ({ startMs, ...ask }, siblings = []) => {
        const query = queryOf({ ...ask, fromMs: startMs, toMs: startMs + 1 }, siblings)
        const result = checkStart(query, startMs)
        return result.ok ? startOfferOf(query, startMs, result) : publicReason(result.refusals)
      },
    }
  }

  /** The free times nearest to one that is not free, earliest first. */
  async alternatives(
    organizationId: string,
    serviceRef: string,
    ask: StartAsk,
    count = ALTERNATIVES_COUNT,
  ): Promise<Alternative[]> {
    const { offer, versions } = await this.#current(organizationId, serviceRef)
    const read = ask.exceptBookings
      ? await this.#loads.read(organizationId, offer, { exceptBookings: ask.exceptBookings })
      : await this.#loads.current(organizationId, offer, versions)
    const taken = withSiblings(read, offer.service.id, ask.siblings ?? [])
    const around = { fromMs: ask.startMs - ALTERNATIVES_MS, toMs: ask.startMs + ALTERNATIVES_MS }
    const query = slotQuery(offer, taken, { ...ask, nowMs: this.#clock.nowMs(), ...around })
    const slots = findSlots(query)
    const ids = providerIdsOf(query)
    const distance = (index: number) => Math.abs((slots.startsMs[index] ?? 0) - ask.startMs)
    const nearest = [...slots.startsMs.keys()].sort((a, b) => distance(a) - distance(b)).slice(0, count)
    return nearest
      .sort((a, b) => a - b)
      .map((index) => {
        const startMs = slots.startsMs[index] ?? 0
        const providers = slots.candidatesAt(index).flatMap((at) => ids[at] ?? [])
        return { start: toInstantText(startMs), end: toInstantText(startMs + slots.lengthMs), providers }
      })
  }

  #versionsOf(organizationId: string, { configVersion, service, subjectIds }: Offer): Promise<Versions> {
    // Who serves depends on the configuration: a read of another one asks about other people.
    const key = `${organizationId} ${service.id} ${configVersion}`
    let read = this.#reads.get(key)
    if (!read) {
      read = new SharedRead(async () => {
        const [rows] = await tenantBatch(this.#db.pool, organizationId, [versionsStatement(organizationId, subjectIds)])
        return toVersions(rows ?? [])
      })
      this.#reads.set(key, read)
    }
    return read.get()
  }

  /** The service and what of it is taken, both not older than this call. */
  async #current(organizationId: string, serviceRef: string): Promise<{ offer: Offer; versions: Versions }> {
    let offer = await this.offerOf(organizationId, serviceRef)
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const versions = await this.#versionsOf(organizationId, offer)
      if (versions.config === offer.configVersion) return { offer, versions }
      this.#reads.delete(`${organizationId} ${offer.service.id} ${offer.configVersion}`)
      offer = await this.reload(organizationId, serviceRef)
    }
    throw new Error('The configuration changes faster than it can be read')
  }

  #answer(
    offer: Offer,
    taken: Taken,
    ask: SlotAsk & { nowMs: number; fromMs: number; toMs: number },
    timeZone: string,
  ) {
    const query = slotQuery(offer, taken, ask)
    const slots = findSlots(query)
    const ids = providerIdsOf(query)
    const [first] = slots.startsMs
    const later =
      first === undefined ? findSlots({ ...query, fromMs: ask.toMs, toMs: offer.window.untilMs }).startsMs : undefined
    const nextMs = later?.[0]
    const next = later && (nextMs === undefined ? null : instantIn(nextMs, timeZone))
    const body = slotsJson(slots, ids, {
      timeZone,
      grouped: offer.service.capacity > 1,
      ...(next !== undefined && { next }),
    })
    // Where starts are compared, one before the range that passes makes room for one in it.
    const { fromMs, untilMs: endMs } = offer.window
    const leaves = offer.traits.compares ? findSlots({ ...query, fromMs, toMs: endMs }).startsMs[0] : (first ?? nextMs)
    const untilMs = Math.min(
      offer.todayEndMs,
      leaves === undefined ? Infinity : leaves - offer.service.noticeMin * MINUTE_MS + 1,
      taken.counted?.untilMs ?? Infinity,
      ...[...taken.loads.values()].map((load) => load.untilMs),
    )
    return { body, untilMs }
  }

  /** The duration, seats and provider that are asked for, checked against the service. */
  readonly askOf = askOf

  /** The instants of local dates, or instants, that a question is about. */
  readonly rangeOf = parseRange

  /** @throws {AppError} request.invalid when the zone is not known */
  readonly timeZoneOf = checkTimeZone
}

function instantIn(instantMs: number, timeZone: string): string {
  return localText(instantMs, localTimes(Float64Array.of(instantMs), timeZone).offsetMin[0] ?? 0)
}

const NOTHING_TAKEN: Taken = { loads: new Map() }
