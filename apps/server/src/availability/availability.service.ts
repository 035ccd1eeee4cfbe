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
import { loadSchedules } from '../schedules/schedules.service.ts'
import { loadServiceOffer } from '../services/services.service.ts'
import type { Alternative } from '../shared/app-error.ts'
import { invalidField } from '../shared/app-error.ts'
import { BoundedMap } from '../shared/bounded-map.ts'
import { toInstantText, type Clock } from '../shared/clock.ts'
import { SharedRead } from '../shared/shared-read.ts'
import { providerNotFound, serviceNotFound } from './availability.errors.ts'
import {
  claimsStatement,
  readOrganization,
  toClaimRow,
  toVersions,
  versionsStatement,
  type ClaimSearch,
  type Versions,
} from './availability.queries.ts'
import {
  askedProviders,
  checkTimeZone,
  expandOffer,
  localText,
  parseRange,
  resourceUnits,
  slotQuery,
  slotsJson,
  toLoad,
  type Offer,
  type SlotAsk,
  type SubjectLoad,
} from './availability.rules.ts'

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
  exceptBooking?: string | undefined
  exceptHold?: string | undefined
}

/** Who and what would serve a start, in the order in which to try. */
export type StartOffer = {
  providerIds: string[]
  resource: { id: string; unit: number } | undefined
  /** providers whose session of this service at this time is open already */
  open: string[]
}

/** Memory for what was read, in characters of answers and in numbers of claims. */
const ANSWERS_MAX = 64_000_000
const CLAIMS_MAX = 2_000_000
const OFFERS_MAX = 2_000

/** How many configurations may change while one request is answered, before it gives up. */
const MAX_TRIES = 5

/** Free times are told this far around a time that is not free. */
const ALTERNATIVES_MS = 7 * 86_400_000
const ALTERNATIVES_COUNT = 3

type Answer = { key: string; untilMs: number; body: Promise<string> }

/**
 * Tells which times are free. What was read is kept in memory, and every answer begins by asking the database whether it
 * still holds: an answer never has a time that was taken before it was asked for, whichever process took it.
 */
export class Availability {
  readonly #db: Database
  readonly #clock: Clock
  readonly #offers = new BoundedMap<Offer>(OFFERS_MAX)
  readonly #loads = new BoundedMap<{ version: number; toMs: number; load: SubjectLoad }>(CLAIMS_MAX)
  readonly #answers = new BoundedMap<Answer>(ANSWERS_MAX)
  readonly #reads = new BoundedMap<SharedRead<Versions>>(OFFERS_MAX)

  constructor({ db, clock }: AvailabilityDeps) {
    this.#db = db
    this.#clock = clock
  }

  /** The service as it was last read; its hours reach as far as it can be booked today. */
  async offerOf(organizationId: string, serviceRef: string): Promise<Offer> {
    const known = this.#offers.get(`${organizationId} ${serviceRef}`)
    return known && this.#clock.nowMs() < known.todayEndMs ? known : this.reload(organizationId, serviceRef)
  }

  /** Reads a service anew, after the database has said that what is known of it is stale. */
  async reload(organizationId: string, serviceRef: string): Promise<Offer> {
    const parts = await withTenant(this.#db, organizationId, async (tx) => {
      // The version is read first: what changes meanwhile is newer than it and is found stale later.
      const organization = await readOrganization(tx, organizationId)
      const service = await loadServiceOffer(tx, organizationId, serviceRef)
      if (!service) throw serviceNotFound()
      const ids = [
        ...service.providers.map(({ scheduleId }) => scheduleId),
        ...(service.scheduleId ? [service.scheduleId] : []),
      ]
      return { organization, service, schedules: await loadSchedules(tx, organizationId, [...new Set(ids)]) }
    })
    const offer = expandOffer(parts, this.#clock.nowMs())
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
        ? await this.#takenExcept(organizationId, offer, request.exceptBooking)
        : await this.#loadsOf(organizationId, offer, versions)
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
    if (known?.key === key && nowMs < known.untilMs) return known.body
    const computed = compute()
    const entry: Answer = { key, untilMs: Infinity, body: computed.then(({ body }) => body) }
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
    const taken =
      fresh || ask.exceptBooking || ask.exceptHold
        ? await this.#loadsAround(organizationId, offer, ask)
        : (this.#knownLoads(organizationId, offer) ?? (hasNoChoice(offer, ask) ? NOTHING_TAKEN : undefined))
    if (!taken) return this.check(organizationId, offer, ask, true)
    const query = slotQuery(offer, taken, {
      ...ask,
      nowMs: this.#clock.nowMs(),
      fromMs: ask.startMs,
      toMs: ask.startMs + 1,
    })
    const result = checkStart(query, ask.startMs)
    if (!result.ok) return publicReason(result.refusals)
    const open = result.sessions.flatMap(({ candidateIds }) => candidateIds)
    const [unit] = result.assigned[1] ?? []
    const ids = providerIdsOf(query)
    return {
      providerIds: preferred(result.assigned[0] ?? [], result.free[0] ?? []).flatMap((index) => ids[index] ?? []),
      resource: unit === undefined ? undefined : resourceUnits(offer)[unit],
      open,
    }
  }

  /** The free times nearest to one that is not free, earliest first. */
  async alternatives(organizationId: string, serviceRef: string, ask: StartAsk): Promise<Alternative[]> {
    const { offer, versions } = await this.#current(organizationId, serviceRef)
    const taken = ask.exceptBooking
      ? await this.#takenExcept(organizationId, offer, ask.exceptBooking)
      : await this.#loadsOf(organizationId, offer, versions)
    const around = { fromMs: ask.startMs - ALTERNATIVES_MS, toMs: ask.startMs + ALTERNATIVES_MS }
    const query = slotQuery(offer, taken, { ...ask, nowMs: this.#clock.nowMs(), ...around })
    const slots = findSlots(query)
    const ids = providerIdsOf(query)
    const distance = (index: number) => Math.abs((slots.startsMs[index] ?? 0) - ask.startMs)
    const nearest = [...slots.startsMs.keys()].sort((a, b) => distance(a) - distance(b)).slice(0, ALTERNATIVES_COUNT)
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

  /** What is taken of the subjects: from memory where it still holds, otherwise read anew. */
  async #loadsOf(organizationId: string, offer: Offer, versions: Versions): Promise<Map<string, SubjectLoad>> {
    const nowMs = this.#clock.nowMs()
    const found = new Map<string, SubjectLoad>()
    const stale: string[] = []
    for (const id of offer.subjectIds) {
      const known = this.#loads.get(`${organizationId} ${id}`)
      const holds = known && known.version === versions.subjects.get(id) && known.toMs >= offer.window.untilMs
      if (holds && nowMs < known.load.untilMs) found.set(id, known.load)
      else stale.push(id)
    }
    if (stale.length === 0) return found
    const toMs = offer.window.untilMs + 2 * 86_400_000
    const read = await this.#readLoads(organizationId, { subjectIds: stale, fromMs: nowMs - 86_400_000, toMs, nowMs })
    for (const [id, { load, weight }] of read) {
      found.set(id, load)
      this.#loads.set(`${organizationId} ${id}`, { version: versions.subjects.get(id) ?? 0, toMs, load }, weight)
    }
    return found
  }

  async #readLoads(organizationId: string, search: ClaimSearch) {
    const [rows] = await tenantBatch(this.#db.pool, organizationId, [claimsStatement(organizationId, search)])
    const bySubject = Map.groupBy((rows ?? []).map(toClaimRow), ({ subjectId }) => subjectId)
    return new Map(
      search.subjectIds.map((id) => {
        const claims = bySubject.get(id) ?? []
        return [id, { load: toLoad(claims), weight: claims.length + 1 }] as const
      }),
    )
  }

  /** Reads only what lies around one start, leaving out what counts as free. */
  async #loadsAround(organizationId: string, offer: Offer, ask: StartAsk): Promise<Map<string, SubjectLoad>> {
    const { service } = offer
    const search = {
      subjectIds: offer.subjectIds,
      fromMs: ask.startMs - service.bufferBeforeMin * 60_000,
      toMs: ask.startMs + (ask.lengthMin + service.bufferAfterMin) * 60_000,
      nowMs: this.#clock.nowMs(),
      exceptBooking: ask.exceptBooking,
      exceptHold: ask.exceptHold,
    }
    const read = await this.#readLoads(organizationId, search)
    return new Map([...read].map(([id, { load }]) => [id, load]))
  }

  #knownLoads(organizationId: string, offer: Offer): Map<string, SubjectLoad> | undefined {
    const nowMs = this.#clock.nowMs()
    const found = new Map<string, SubjectLoad>()
    for (const id of offer.subjectIds) {
      const known = this.#loads.get(`${organizationId} ${id}`)
      if (!known || known.toMs < offer.window.untilMs || nowMs >= known.load.untilMs) return undefined
      found.set(id, known.load)
    }
    return found
  }

  async #takenExcept(organizationId: string, offer: Offer, exceptBooking: string) {
    const nowMs = this.#clock.nowMs()
    const search = {
      subjectIds: offer.subjectIds,
      fromMs: nowMs - 86_400_000,
      toMs: offer.window.untilMs + 86_400_000,
      nowMs,
      exceptBooking,
    }
    const read = await this.#readLoads(organizationId, search)
    return new Map([...read].map(([id, { load }]) => [id, load]))
  }

  #answer(
    offer: Offer,
    taken: Map<string, SubjectLoad>,
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
    const leaves = first ?? nextMs
    const untilMs = Math.min(
      offer.todayEndMs,
      leaves === undefined ? Infinity : leaves - offer.service.noticeMin * 60_000 + 1,
      ...[...taken.values()].map((load) => load.untilMs),
    )
    return { body, untilMs }
  }

  /** The duration, seats and provider that are asked for, checked against the service. */
  readonly askOf = askOf

  /** @throws {AppError} request.invalid when the zone is not known */
  readonly timeZoneOf = checkTimeZone
}

/** The ids of the candidates of the first requirement, who are the providers. */
function providerIdsOf({ segments }: SlotQuery): string[] {
  return segments[0]?.requirements[0]?.candidates.map(({ id }) => id) ?? []
}

/** Those who are to serve, then the others who could. */
function preferred(assigned: readonly number[], free: readonly number[]): number[] {
  return [...new Set([...assigned, ...free])]
}

function instantIn(instantMs: number, timeZone: string): string {
  return localText(instantMs, localTimes(Float64Array.of(instantMs), timeZone).offsetMin[0] ?? 0)
}

const NOTHING_TAKEN: Map<string, SubjectLoad> = new Map()

/** Whether the time is free or not is all there is to find out, and the constraint knows that best. */
function hasNoChoice({ service }: Offer, { providerId }: SlotAsk): boolean {
  const isAlone = providerId !== undefined || service.providers.length === 1
  return isAlone && service.capacity === 1 && service.resources.length === 0
}

type Wanted = { durationMin?: number | undefined; providerId?: string | undefined; seats?: number | undefined }

function askOf(offer: Offer, { durationMin, providerId, seats = 1 }: Wanted): SlotAsk {
  const { durationsMin, capacity } = offer.service
  const lengthMin = durationMin ?? durationsMin[0] ?? 0
  if (!durationsMin.includes(lengthMin)) {
    throw invalidField('duration', `This service takes ${durationsMin.join(' or ')} minutes.`)
  }
  if (seats > capacity) throw invalidField('seats', `At most ${capacity} seats can be booked.`)
  if (askedProviders(offer, providerId).length === 0 && providerId !== undefined) throw providerNotFound()
  return { lengthMin, seats, providerId }
}
