import { freeStarts, placeInHours } from './candidates.ts'
import { rulesOf, type ProviderInput, type ResourcePool, type SlotQuery, type SlotRules } from './query.ts'
import { firstEndingAfter, overlaps } from './spans.ts'

/** Free starts, and who can serve each. */
export type Slots = {
  /** epoch ms UTC, ascending, each once */
  readonly startsMs: Float64Array
  readonly lengthMs: number
  /** indexes into `query.providers`, ascending */
  providersAt: (index: number) => number[]
  /** seats left with the provider who has most; 1 for an ordinary appointment */
  seatsLeftAt: (index: number) => number
}

/** Why a start is not offered, the most particular reason that holds. */
export type RefusalReason =
  'past' | 'notice' | 'window' | 'hours' | 'grid' | 'busy' | 'resource' | 'full' | 'no_provider'

export type StartCheck =
  | {
      readonly ok: true
      /** indexes into `query.providers`, ascending */
      readonly providers: number[]
      /** for every pool the indexes of the units to take */
      readonly units: number[][]
      readonly seatsLeft: number
    }
  | { readonly ok: false; readonly reason: RefusalReason }

/** What one provider offers: fresh appointments, and places in sessions that exist. */
type Offered = { fresh: Float64Array<ArrayBuffer>; sessions: Map<number, number> }

/**
 * Lists the starts at which the appointment is free: within the hours of a provider who is not busy, with the resources it
 * needs, not too soon and not too late.
 * @throws {RangeError} when a value of the query is out of its range
 */
export function findSlots(query: SlotQuery): Slots {
  const rules = rulesOf(query)
  const offered = query.providers.map((provider) => offeredBy(provider, query, rules))
  let startsMs = new Float64Array(0)
  for (const { fresh } of offered) startsMs = mergeUnique(startsMs, fresh)
  const freshStarts = withPools(startsMs, query.pools ?? [], rules)
  const sessionStarts = new Float64Array([...new Set(offered.flatMap(({ sessions }) => [...sessions.keys()]))]).sort()
  return slotsOf({ startsMs: mergeUnique(freshStarts, sessionStarts), freshStarts, offered, rules })
}

/**
 * Whether one start is offered: exactly when `findSlots` lists it.
 * @throws {RangeError} when a value of the query is out of its range
 */
export function checkStart(query: SlotQuery, startMs: number): StartCheck {
  const only = { ...query, fromMs: startMs, toMs: startMs + 1 }
  const slots = findSlots(only)
  if (slots.startsMs.length === 0) return { ok: false, reason: refusalOf(only, startMs) }
  const rules = rulesOf(only)
  const units = (query.pools ?? []).map((pool) => freeUnits(pool, startMs, rules).slice(0, pool.count))
  return { ok: true, providers: slots.providersAt(0), units, seatsLeft: slots.seatsLeftAt(0) }
}

function offeredBy(provider: ProviderInput, query: SlotQuery, rules: SlotRules): Offered {
  const { hours, busy, sessions = [] } = provider
  const fits = rules.seats <= rules.capacity && rules.firstMs < rules.lastMs
  const fresh = fits ? freeStarts(hours, query.serviceHours, busy, rules) : []
  const open = new Map<number, number>()
  for (const { startMs, endMs, seatsLeft } of sessions) {
    const inTime = rules.firstMs <= startMs && startMs < rules.lastMs && endMs - startMs === rules.lengthMs
    if (inTime && seatsLeft >= rules.seats) open.set(startMs, seatsLeft)
  }
  return { fresh: new Float64Array(fresh), sessions: open }
}

/** Both ascending lists as one, each value once. */
function mergeUnique(a: Float64Array<ArrayBuffer>, b: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  if (a.length === 0) return b
  if (b.length === 0) return a
  const merged = new Float64Array(a.length + b.length)
  let length = 0
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    const left = i < a.length ? (a[i] ?? 0) : Infinity
    const right = j < b.length ? (b[j] ?? 0) : Infinity
    merged[length++] = left < right ? left : right
    if (left <= right) i++
    if (right <= left) j++
  }
  return merged.slice(0, length)
}

/** The starts at which every pool has enough free units. */
function withPools(
  startsMs: Float64Array<ArrayBuffer>,
  pools: readonly ResourcePool[],
  rules: SlotRules,
): Float64Array<ArrayBuffer> {
  if (pools.length === 0) return startsMs
  const { beforeMs, lengthMs, afterMs } = rules
  const first = (startsMs[0] ?? 0) - beforeMs
  const cursors = pools.map(({ units }) => units.map((busy) => firstEndingAfter(busy, first)))
  return startsMs.filter((startMs) =>
    pools.every(({ count, units }, pool) => {
      let free = 0
      for (let unit = 0; unit < units.length && free < count; unit++) {
        const busy = units[unit] ?? NEVER
        let at = cursors[pool]?.[unit] ?? 0
        while (at < busy.length && (busy[at + 1] ?? 0) <= startMs - beforeMs) at += 2
        const row = cursors[pool]
        if (row) row[unit] = at
        if (at >= busy.length || (busy[at] ?? 0) >= startMs + lengthMs + afterMs) free++
      }
      return free >= count
    }),
  )
}

const NEVER = new Float64Array(0)

function freeUnits({ units }: ResourcePool, startMs: number, { beforeMs, lengthMs, afterMs }: SlotRules): number[] {
  return [...units.keys()].filter(
    (unit) => !overlaps(units[unit] ?? NEVER, startMs - beforeMs, startMs + lengthMs + afterMs),
  )
}

type Parts = { startsMs: Float64Array; freshStarts: Float64Array; offered: Offered[]; rules: SlotRules }

function slotsOf({ startsMs, freshStarts, offered, rules }: Parts): Slots {
  let rows: number[][] | undefined
  const providersAt = (index: number): number[] => {
    rows ??= providersByStart(startsMs, freshStarts, offered)
    return rows[index] ?? []
  }
  const seatsLeftAt = (index: number): number => {
    const startMs = startsMs[index] ?? 0
    const seats = providersAt(index).map((provider) => offered[provider]?.sessions.get(startMs) ?? rules.capacity)
    return Math.max(...seats)
  }
  return { startsMs, lengthMs: rules.lengthMs, providersAt, seatsLeftAt }
}

/** Providers to a word of bits; the sign stays free. */
const WORD_BITS = 31

/** For every start who can serve it. Lists of providers that recur are one and the same array. */
function providersByStart(startsMs: Float64Array, freshStarts: Float64Array, offered: Offered[]): number[][] {
  const words = Math.ceil(offered.length / WORD_BITS)
  const bits = new Int32Array(words * startsMs.length)
  offered.forEach(({ fresh, sessions }, provider) => {
    const word = Math.floor(provider / WORD_BITS)
    const bit = 1 << (provider % WORD_BITS)
    let f = 0
    let p = 0
    for (let i = 0; i < startsMs.length; i++) {
      const startMs = startsMs[i] ?? 0
      while (p < freshStarts.length && (freshStarts[p] ?? 0) < startMs) p++
      while (f < fresh.length && (fresh[f] ?? 0) < startMs) f++
      const isFresh = fresh[f] === startMs && freshStarts[p] === startMs
      const at = i * words + word
      if (isFresh || sessions.has(startMs)) bits[at] = (bits[at] ?? 0) | bit
    }
  })
  const lists = new Map<number | string, number[]>()
  return Array.from(startsMs, (_start, i) => {
    const key = words === 1 ? (bits[i] ?? 0) : bits.subarray(i * words, (i + 1) * words).join()
    let list = lists.get(key)
    if (!list) {
      list = offered.flatMap((_offer, provider) => {
        const word = bits[i * words + Math.floor(provider / WORD_BITS)] ?? 0
        return word & (1 << (provider % WORD_BITS)) ? [provider] : []
      })
      lists.set(key, list)
    }
    return list
  })
}

function refusalOf(query: SlotQuery, startMs: number): RefusalReason {
  const { nowMs, noticeMin, windowEndMs = Infinity, capacity = 1, seats = 1, providers, serviceHours } = query
  if (startMs < nowMs) return 'past'
  if (startMs < nowMs + noticeMin * 60_000) return 'notice'
  if (startMs >= windowEndMs) return 'window'
  if (providers.length === 0) return 'no_provider'
  const rules = rulesOf(query)
  const isSession = ({ sessions = [] }: ProviderInput) =>
    sessions.some((session) => session.startMs === startMs && session.endMs - startMs === rules.lengthMs)
  if (seats > capacity || providers.some(isSession)) return 'full'
  const places = providers.map(({ hours }) => placeInHours(hours, serviceHours, startMs, rules))
  if (!places.includes('on_grid')) return places.includes('off_grid') ? 'grid' : 'hours'
  const free = providers.some(({ hours, busy }) => freeStarts(hours, serviceHours, busy, rules).length > 0)
  return free ? 'resource' : 'busy'
}
