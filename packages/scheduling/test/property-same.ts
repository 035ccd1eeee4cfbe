import { deepStrictEqual, ok, throws } from 'node:assert/strict'
import {
  checkStart,
  findSlots,
  limit,
  type Candidate,
  type Limit,
  type OpenHours,
  type SlotQuery,
} from '../src/index.ts'
import { needsOf, queryOf, type Case, type Need } from './case.ts'
import { moved } from './cases.ts'
import { MINUTE_MS } from './oracle-clock.ts'
import { listed } from './property-listing.ts'
import { rollOf } from './roll.ts'

const startsOf = (ask: Case): number[] => [...findSlots(queryOf(ask)).startsMs]

/** Where one start does not bear upon another. */
const eachByItself = (ask: Case): Case => ({ ...ask, usefulMin: undefined, firstOfDayIn: undefined })

export function moreBusyTimeNeverAddsStarts(ask: Case, dice: number): void {
  const roll = rollOf(dice)
  const alone = eachByItself(ask)
  const startMs = Date.parse(`${ask.fromDate}T00:00Z`) + roll(3 * 288) * 5 * MINUTE_MS
  const more = { startMs, endMs: startMs + (1 + roll(300)) * MINUTE_MS, kind: 'booking' } as const
  const busier = roll(ask.subjects.length)
  const subjects = ask.subjects.map((one, index) => (index === busier ? { ...one, busy: [more, ...one.busy] } : one))
  const before = new Set(startsOf(alone))
  for (const start of startsOf({ ...alone, subjects })) ok(before.has(start), `${start} was not offered before`)
}

export function oneMoreCandidateNeverTakesStarts(ask: Case, dice: number): void {
  const roll = rollOf(dice)
  const alone = eachByItself(ask)
  const [first] = ask.subjects
  if (!first) return
  // Somebody else with the hours of one and the busy times of another.
  const another = {
    ...first,
    id: 'another',
    schedule: roll(ask.schedules.length),
    busy: ask.subjects.at(-1)?.busy ?? [],
  }
  const grown = roll(needsOf(ask).length)
  let count = -1
  const grow = (need: Need): Need => {
    count++
    return count === grown ? { ...need, subjects: [...need.subjects, ask.subjects.length] } : need
  }
  const segments = ask.segments.map((segment) => ({ ...segment, needs: segment.needs.map(grow) }))
  const after = new Set(startsOf({ ...alone, subjects: [...ask.subjects, another], segments }))
  for (const start of startsOf(alone)) ok(after.has(start), `${start} is not offered any more`)
}

export function twoHalvesAreTheWhole(ask: Case, dice: number): void {
  const lengthMs = ask.toMs - ask.fromMs
  if (lengthMs <= 0) return
  const splitMs = ask.fromMs + rollOf(dice)(lengthMs)
  const halves = [
    { ...ask, toMs: splitMs },
    { ...ask, fromMs: splitMs },
  ].map((half) => listed(queryOf(half)))
  deepStrictEqual(halves.flat(), listed(queryOf(ask)))
}

export function orderAndExtentOfBusyTimesDoNotMatter(ask: Case, dice: number): void {
  const roll = rollOf(dice)
  const subjects = ask.subjects.map((one) => {
    const busy = one.busy.map((time) => ({ time, key: roll(1000) })).sort((a, b) => a.key - b.key)
    const limits = one.limits?.map((known) => ({ ...known, counted: [...known.counted].reverse() }))
    return { ...one, busy: busy.map(({ time }) => time), extentOnly: !one.extentOnly, ...(limits && { limits }) }
  })
  const other = { ...ask, subjects, sharesHours: !ask.sharesHours }
  deepStrictEqual(listed(queryOf(other)), listed(queryOf(ask)))
}

/** In UTC every week is like any other, but for months. */
export function wholeWeeksLaterAllIsTheSame(ask: Case, dice: number): void {
  const weeks = rollOf(dice)(200) - 100
  const now = withoutMonths(inUtc(ask) as Case)
  const later = moved(now, 7 * weeks)
  const shiftMs = weeks * 7 * 1440 * MINUTE_MS
  const expected = listed(queryOf(now)).map((one) => ({ ...one, startMs: one.startMs + shiftMs }))
  deepStrictEqual(listed(queryOf(later)), expected)
}

function inUtc(value: unknown, key = ''): unknown {
  if (key === 'timeZone' || (key === 'firstOfDayIn' && value !== undefined)) return 'UTC'
  if (Array.isArray(value)) return value.map((one: unknown) => inUtc(one))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]: [string, unknown]) => [name, inUtc(one, name)]))
}

function withoutMonths(ask: Case): Case {
  const weekly = <T extends { readonly rule: { readonly per: string } }>(list: readonly T[] = []) =>
    list.filter(({ rule }) => rule.per !== 'month')
  return {
    ...ask,
    limits: weekly(ask.limits),
    subjects: ask.subjects.map((one) => ({ ...one, limits: weekly(one.limits) })),
  }
}

export function theQuestionIsLeftAsItWas(ask: Case): void {
  const query = freeze(queryOf(ask))
  const before = arraysOf(query)
  const slots = findSlots(query)
  slots.startsMs.forEach((startMs, index) => {
    slots.candidatesAt(index)
    slots.assignedAt(index)
    if (index % 50 === 0) checkStart(query, startMs)
  })
  checkStart(query, ask.fromMs)
  deepStrictEqual(arraysOf(query), before)
  deepStrictEqual(listed(query), listed(query))
}

/** Freezes what can be frozen; typed arrays cannot. */
function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const one of Object.values(value)) freeze<unknown>(one)
  return value
}

/** Copies of all typed arrays and maps in a query. */
function arraysOf({ segments, serviceHours, limits = [] }: SlotQuery) {
  const candidates = segments.flatMap(({ requirements }) => requirements.flatMap((one) => one.candidates))
  const hours = (one: OpenHours | undefined) =>
    one && [one.windows, one.openings, one.untilsMs, one.anchorsMs, one.offsetsMs].map((array) => [...array])
  const used = (known: readonly Limit[] = []) => known.map(({ periods }) => [...periods])
  return {
    service: hours(serviceHours),
    candidates: candidates.map((one: Candidate) => [hours(one.hours), [...one.busy.spans], used(one.limits)]),
    limits: used(limits.map((one) => one.limit)),
  }
}

export function badInputIsARangeError(ask: Case, dice: number): void {
  const query = queryOf(ask)
  const [segment] = query.segments
  const [requirement] = segment?.requirements ?? []
  if (!segment || !requirement) return
  const bad = [Number.NaN, -1, 0.5, -Infinity, Infinity][rollOf(dice)(5)] ?? Number.NaN
  const withSegment = (more: object): SlotQuery => ({ ...query, segments: [{ ...segment, ...more }] })
  const withRequirement = (more: object) => withSegment({ requirements: [{ ...requirement, ...more }] })
  const queries: SlotQuery[] = [
    { ...query, noticeMin: bad },
    { ...query, steps: { everyMin: bad } },
    { ...query, steps: { everyMin: 5, offsetMin: bad } },
    { ...query, group: { capacity: bad, seats: 1, sessions: [] } },
    { ...query, group: { capacity: 1, seats: bad, sessions: [] } },
    { ...query, packed: { usefulMin: bad } },
    withSegment({ lengthMin: bad }),
    withSegment({ lengthMin: 0 }),
    withRequirement({ count: bad }),
    withRequirement({ bufferBeforeMin: bad }),
    withRequirement({ bufferAfterMin: bad }),
  ]
  for (const one of queries) throws(() => findSlots(one), RangeError)
  for (const name of ['fromMs', 'toMs', 'nowMs'])
    for (const ms of [Number.NaN, Infinity]) throws(() => findSlots({ ...query, [name]: ms }), RangeError)
  throws(() => limit({ per: 'day', maxCount: bad }, { timeZone: 'UTC' }, []), RangeError)
}
