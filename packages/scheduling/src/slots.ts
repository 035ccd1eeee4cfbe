import type { Range } from './grid.ts'
import { isLimited } from './limits.ts'
import { firstFrom, mergeStarts, type Marks } from './marks.ts'
import { packed } from './packed.ts'
import { planOf, type Plan, type Session, type SlotQuery } from './query.ts'
import { firstEndingAfter } from './spans.ts'
import { assignedAt, leadRow, servedStarts, tableOf, type Row, type Table } from './table.ts'
import { localDateOf, localTimes, startOfDateMs } from './zones.ts'

const DAY_MS = 86_400_000

/** Free starts, and who can serve each. */
export type Slots = {
  /** epoch ms UTC, ascending, each once */
  readonly startsMs: Float64Array
  readonly lengthMs: number
  /**
   * Who could serve, as ascending indexes of the requirement's candidates; the first requirement's by default. Equal lists
   * are one and the same array. For a session that is open already: whoever has it.
   */
  candidatesAt: (index: number, requirement?: number) => readonly number[]
  /** Who is to serve: for every requirement, in the order of the segments, candidates' indexes; none to join a session. */
  assignedAt: (index: number) => number[][]
  /** The sessions that are open already and have the seats, most seats left first. */
  sessionsAt: (index: number) => Session[]
  /** most seats left in one session or in a new one; 1 for an ordinary appointment */
  seatsLeftAt: (index: number) => number
}

/**
 * Lists the starts at which the appointment is free: everybody and everything that it needs is open and not busy, no limit
 * is reached, not too soon and not too late.
 * @throws {RangeError} when a value of the query is out of its range
 */
export function findSlots(query: SlotQuery): Slots {
  const plan = planOf(query)
  const found = search(plan, { firstMs: query.fromMs, lastMs: query.toMs })
  return slotsOf(plan, found)
}

/** What a search found: starts of a table at which it is served, and sessions with seats. */
export type Found = {
  readonly table: Table
  /** the starts of the table that are served afresh */
  readonly served: Marks
  /** by start */
  readonly sessions: ReadonlyMap<number, Session[]>
  /** both together, ascending, each once */
  readonly startsMs: Float64Array
}

/** Finds what is offered in a range. */
export function search(plan: Plan, range: Range): Found {
  const { packed: packing, firstOfDay } = plan.query
  const days = firstOfDay ? fromMidnight(range, firstOfDay.timeZone) : range
  // Which start of a day or of a free stretch is best is found out by looking at all of them.
  const wide = withinBounds(plan, packing ? wholeOpenings(plan, days) : days)
  let table = tableOf(plan, plan.seats <= plan.capacity ? wide : NOWHERE)
  let served = servedStarts(table)
  if (packing) {
    table = packed(table, served, packing.usefulMin)
    served = servedStarts(table)
  }
  const sessions = openSessions(plan, wide)
  let startsMs = mergeStarts([startsAt(table, served), new Float64Array(sessions.keys()).sort()])
  if (firstOfDay) startsMs = firstsOfDays(startsMs, firstOfDay.timeZone)
  startsMs = startsMs.subarray(firstFrom(startsMs, range.firstMs), firstFrom(startsMs, range.lastMs))
  return { table, served, sessions, startsMs }
}

const NOWHERE: Range = { firstMs: 0, lastMs: 0 }

function withinBounds({ earliestMs, latestMs }: Plan, { firstMs, lastMs }: Range): Range {
  return { firstMs: Math.max(firstMs, earliestMs), lastMs: Math.min(lastMs, latestMs) }
}

/** The range from the beginning of its first local day on, and a day before: where clocks go back over midnight, it goes on. */
function fromMidnight({ firstMs, lastMs }: Range, timeZone: string): Range {
  return { firstMs: startOfDateMs(localDateOf(firstMs - DAY_MS, timeZone), timeZone), lastMs }
}

/** The range with all of the openings of whoever could lead that reach into it. */
function wholeOpenings({ lead }: Plan, { firstMs, lastMs }: Range): Range {
  const wide = { firstMs, lastMs }
  for (const { hours } of lead.requirement.candidates) {
    const openings = hours?.openings ?? new Float64Array(0)
    const first = firstEndingAfter(openings, firstMs)
    const last = firstEndingAfter(openings, lastMs)
    wide.firstMs = Math.min(wide.firstMs, openings[first] ?? firstMs)
    if ((openings[last] ?? Infinity) < lastMs) wide.lastMs = Math.max(wide.lastMs, openings[last + 1] ?? lastMs)
  }
  return wide
}

/** Sessions that exist and have the seats, by their start, those with most seats left first. */
function openSessions(plan: Plan, { firstMs, lastMs }: Range): Map<number, Session[]> {
  const { group, limits = [] } = plan.query
  const byStart = new Map<number, Session[]>()
  const { chosen } = plan.lead.requirement
  for (const session of group?.sessions ?? []) {
    const { startMs, endMs, seatsLeft, candidateIds } = session
    const isInTime = firstMs <= startMs && startMs < lastMs && endMs - startMs === plan.lengthMs
    if (!isInTime || seatsLeft < plan.seats || (chosen !== undefined && !candidateIds.includes(chosen))) continue
    if (limits.some(({ limit }) => isLimited(limit, startMs, plan.lengthMs / 60_000))) continue
    byStart.set(
      startMs,
      [...(byStart.get(startMs) ?? []), session].sort((a, b) => b.seatsLeft - a.seatsLeft),
    )
  }
  return byStart
}

function startsAt({ startsMs }: Table, served: Marks): Float64Array {
  const starts = new Float64Array(startsMs.length)
  let length = 0
  for (let i = 0; i < startsMs.length; i++) {
    starts[length] = startsMs[i] ?? 0
    if (served[i] === 1) length++
  }
  return starts.subarray(0, length)
}

function firstsOfDays(startsMs: Float64Array, timeZone: string): Float64Array {
  const { dateIndex, dates } = localTimes(startsMs, timeZone)
  // Where clocks go back over midnight, a date goes on after the next one has begun.
  const seen = new Uint8Array(dates.length)
  return startsMs.filter((_startMs, i) => {
    const date = dateIndex[i] ?? 0
    const isFirst = seen[date] === 0
    seen[date] = 1
    return isFirst
  })
}

/** What was found, with who serves. */
export function slotsOf(plan: Plan, found: Found): Slots {
  const { table, sessions, startsMs } = found
  let places: Int32Array | undefined
  /** where a start stands in the table; -1 when only sessions are open then */
  const placeOf = (index: number) => (places ??= placesOf(found))[index] ?? -1
  const sessionsAt = (index: number) => sessions.get(startsMs[index] ?? Number.NaN) ?? []
  const lists: (readonly (readonly number[])[] | undefined)[] = []
  return {
    startsMs,
    lengthMs: plan.lengthMs,
    sessionsAt,
    candidatesAt: (index, requirement = 0) => {
      const row = requirement === 0 ? leadRow(table) : table.rows[requirement]
      if (!row) return []
      const free = (lists[requirement] ??= candidateLists(row))[placeOf(index)] ?? []
      return requirement === 0 && sessions.size > 0 ? withHosts(row, free, sessionsAt(index)) : free
    },
    assignedAt: (index) => (sessionsAt(index).length > 0 ? [] : (assignedAt(table, placeOf(index)) ?? [])),
    seatsLeftAt: (index) => {
      const fresh = placeOf(index) < 0 ? 0 : plan.capacity
      return Math.max(fresh, ...sessionsAt(index).map(({ seatsLeft }) => seatsLeft))
    },
  }
}

function placesOf({ table, served, startsMs }: Found): Int32Array {
  const places = new Int32Array(startsMs.length).fill(-1)
  let at = 0
  for (let i = 0; i < startsMs.length; i++) {
    const startMs = startsMs[i] ?? 0
    while ((table.startsMs[at] ?? Infinity) < startMs) at++
    if (served[at] === 1 && table.startsMs[at] === startMs) places[i] = at
  }
  return places
}

/** Those who are free, and whoever has one of the sessions. */
function withHosts({ part }: Row, free: readonly number[], sessions: readonly Session[]): readonly number[] {
  if (sessions.length === 0) return free
  const hosts = new Set(sessions.flatMap(({ candidateIds }) => candidateIds))
  return [...part.requirement.candidates.entries()].flatMap(([index, { id }]) =>
    hosts.has(id) || free.includes(index) ? [index] : [],
  )
}

/** For every start of the table who is free. Lists that recur are one and the same array. */
function candidateLists({ free, count }: Row): readonly (readonly number[])[] {
  const lists = Array.from(count, (): number[] => [])
  const hashes = new Int32Array(count.length)
  free.forEach((marks, candidate) => {
    for (let i = 0; i < marks.length; i++) {
      if (marks[i] === 0) continue
      lists[i]?.push(candidate)
      hashes[i] = Math.imul(hashes[i] ?? 0, 31) + candidate + 1
    }
  })
  const known = new Map<number, number[][]>()
  return lists.map((list, i) => {
    const alike = known.get(hashes[i] ?? 0) ?? []
    const same = alike.find((one) => one.length === list.length && one.every((candidate, at) => candidate === list[at]))
    if (!same) known.set(hashes[i] ?? 0, [...alike, list])
    return same ?? list
  })
}
