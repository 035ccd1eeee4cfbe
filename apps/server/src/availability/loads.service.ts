import { tenantBatch, type Statement } from '../db/batch.ts'
import type { Database } from '../db/database.ts'
import { BoundedMap } from '../shared/bounded-map.ts'
import type { Clock } from '../shared/clock.ts'
import {
  claimsStatement,
  countedStatement,
  toClaimRow,
  toCounted,
  isAsNewAs,
  toTurns,
  toVersions,
  turnsStatement,
  versionsStatement,
  type Versions,
} from './availability.queries.ts'
import { toDetailedLoad, toLoad, type SubjectLoad } from './loads.rules.ts'
import type { Offer } from './offer.rules.ts'
import type { Taken } from './slot-query.rules.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** Memory for what was read, in numbers of claims. */
const CLAIMS_MAX = 2_000_000

/** Limits count by the month at most: what lies further from a start than this cannot count with it. */
const PERIOD_MS = 32 * DAY_MS

/** Appointments and their buffers reach no further over the edge of what is asked about. */
const EDGE_MS = 2 * DAY_MS

/** What to read anew, and what of it to leave out. */
export type TakenSearch = {
  /** only what bears upon a start at this instant; otherwise all of the booking window */
  startMs?: number | undefined
  lengthMin?: number
  exceptBookings?: string[] | undefined
  exceptHold?: string | undefined
  /** whose own limits count too */
  email?: string | undefined
  /** tells the causes of what is busy */
  causes?: boolean
}

type Known = { version: number; fromMs: number; toMs: number; isDetailed: boolean; load: SubjectLoad }

/** Reads what is taken of the people and things that a service needs, and keeps it for as long as it is true. */
export class Loads {
  readonly #pool: Database['pool']
  readonly #replica: Database['replica']
  readonly #clock: Clock
  readonly #known = new BoundedMap<Known>(CLAIMS_MAX)

  constructor({ db, clock }: { db: Database; clock: Clock }) {
    this.#pool = db.pool
    this.#replica = db.replica
    this.#clock = clock
  }

  /** How many claims are kept in memory. */
  get weight(): number {
    return this.#known.weight
  }

  /** What is taken over the booking window: from memory where it still holds, otherwise read anew. */
  async current(organizationId: string, offer: Offer, versions: Versions): Promise<Taken> {
    const found = new Map<string, SubjectLoad>()
    const stale: string[] = []
    for (const id of offer.subjectIds) {
      const known = this.#knownOf(organizationId, offer, id)
      if (known && known.version === versions.subjects.get(id)) found.set(id, known.load)
      else stale.push(id)
    }
    if (stale.length > 0) {
      const window = this.#windowOf(offer)
      const isDetailed = offer.traits.limitsProviders
      const how = { isDetailed, notOlderThan: versions }
      for (const [id, { load, weight }] of await this.#readLoads(organizationId, stale, window, how)) {
        found.set(id, load)
        const entry = { version: versions.subjects.get(id) ?? 0, ...window, isDetailed, load }
        this.#known.set(`${organizationId} ${id}`, entry, weight)
      }
    }
    return { loads: found, counted: await this.#counted(organizationId, offer, this.#windowOf(offer), {}) }
  }

  /** What memory has, which may be out of date; undefined when it does not have all of it. */
  remembered(organizationId: string, offer: Offer): Taken | undefined {
    const found = new Map<string, SubjectLoad>()
    for (const id of offer.subjectIds) {
      const known = this.#knownOf(organizationId, offer, id)
      if (!known) return undefined
      found.set(id, known.load)
    }
    return { loads: found }
  }

  /** Reads what is taken anew. */
  async read(organizationId: string, offer: Offer, search: TakenSearch): Promise<Taken> {
    const { startMs, causes = false } = search
    const range = startMs === undefined ? this.#windowOf(offer) : aroundOf(offer, startMs, search.lengthMin ?? 0)
    const how = { ...search, isDetailed: causes || offer.traits.limitsProviders, causes }
    const [loads, counted, turns] = await Promise.all([
      this.#readLoads(organizationId, offer.subjectIds, range, how),
      this.#counted(organizationId, offer, range, search),
      startMs === undefined ? undefined : this.#turns(organizationId, offer, startMs),
    ])
    return { loads: new Map([...loads].map(([id, { load }]) => [id, load])), counted, turns }
  }

  #knownOf(organizationId: string, offer: Offer, subjectId: string): Known | undefined {
    const known = this.#known.get(`${organizationId} ${subjectId}`)
    if (!known) return undefined
    const { window, traits } = offer
    const reaches = known.toMs >= window.untilMs && known.fromMs <= this.#windowOf(offer).fromMs + DAY_MS
    const isEnough = reaches && (known.isDetailed || !traits.limitsProviders)
    return isEnough && this.#clock.nowMs() < known.load.untilMs ? known : undefined
  }

  #windowOf({ window, traits }: Offer): { fromMs: number; toMs: number } {
    const marginMs = traits.isLimited ? PERIOD_MS : EDGE_MS
    return { fromMs: Math.max(this.#clock.nowMs(), window.fromMs) - marginMs, toMs: window.untilMs + marginMs }
  }

  async #readLoads(
    organizationId: string,
    subjectIds: string[],
    range: { fromMs: number; toMs: number },
    how: TakenSearch & { isDetailed: boolean; notOlderThan?: Versions },
  ) {
    const { exceptBookings, exceptHold, isDetailed, causes } = how
    const search = {
      subjectIds,
      ...range,
      nowMs: this.#clock.nowMs(),
      exceptBookings,
      exceptHold,
      detailed: isDetailed,
    }
    const statement = claimsStatement(organizationId, search)
    const copied = how.notOlderThan && (await this.#askReplica(organizationId, statement, subjectIds, how.notOlderThan))
    const [rows] = copied ?? (await this.#ask(organizationId, [statement]))
    const bySubject = Map.groupBy((rows ?? []).map(toClaimRow), ({ subjectId }) => subjectId)
    return new Map(
      subjectIds.map((id) => {
        const claims = bySubject.get(id) ?? []
        return [id, { load: causes ? toDetailedLoad(claims) : toLoad(claims), weight: claims.length + 1 }] as const
      }),
    )
  }

  async #counted(
    organizationId: string,
    { service }: Offer,
    range: { fromMs: number; toMs: number },
    { email, exceptBookings, exceptHold }: TakenSearch,
  ): Promise<Taken['counted']> {
    if (service.limits.length === 0) return undefined
    const search = { serviceId: service.id, email, ...range, nowMs: this.#clock.nowMs(), exceptBookings, exceptHold }
    const [rows] = await this.#ask(organizationId, [countedStatement(organizationId, search)])
    const counted = toCounted(rows ?? [])
    return email === undefined ? { ...counted, customer: undefined } : counted
  }

  async #turns(organizationId: string, { service, traits }: Offer, startMs: number): Promise<Taken['turns']> {
    if (!traits.takesTurns) return undefined
    const statements = service.requirements.map(({ subjects, fairDays }) =>
      turnsStatement(organizationId, {
        subjectIds: subjects.map(({ id }) => id),
        fromMs: startMs - fairDays * DAY_MS,
        toMs: startMs + fairDays * DAY_MS,
      }),
    )
    return (await this.#ask(organizationId, statements)).map(toTurns)
  }

  /**
   * Asks the replica, which may answer when it has seen all changes of the subjects that the primary has told of. The
   * versions are read before the claims, so that the claims are at least as new.
   */
  async #askReplica(organizationId: string, statement: Statement, subjectIds: string[], versions: Versions) {
    const statements = [versionsStatement(organizationId, subjectIds), statement]
    const rows = await this.#replica?.read(organizationId, statements, ([found = []]) =>
      isAsNewAs(toVersions(found), versions, subjectIds),
    )
    return rows?.slice(1)
  }

  #ask(organizationId: string, statements: Statement[]) {
    return tenantBatch(this.#pool, organizationId, statements)
  }
}

/** What can bear upon an appointment at one instant. */
function aroundOf({ service, traits }: Offer, startMs: number, lengthMin: number): { fromMs: number; toMs: number } {
  if (traits.isLimited || traits.compares) return { fromMs: startMs - PERIOD_MS, toMs: startMs + PERIOD_MS }
  const own = service.requirements.flatMap(({ subjects }) => subjects)
  const beforeMin = Math.max(service.bufferBeforeMin, ...own.map(({ setUpMin }) => setUpMin))
  const afterMin = Math.max(service.bufferAfterMin, ...own.map(({ cleanUpMin }) => cleanUpMin))
  return { fromMs: startMs - beforeMin * MINUTE_MS, toMs: startMs + (lengthMin + afterMin) * MINUTE_MS }
}
