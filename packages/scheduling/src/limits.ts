import { dateToLocalMs, localDateOf, localMsToDate, startOfDateMs } from './zones.ts'

const DAY_MS = 86_400_000

/** How much may start within one local day, week or month: so many, so many minutes, or both. */
export type LimitRule = { readonly per: 'day' | 'week' | 'month' } & (
  | { readonly maxCount: number; readonly maxMinutes?: number }
  | { readonly maxCount?: number; readonly maxMinutes: number }
)

/** Something that counts against a limit: whatever starts at an instant counts for the period of that instant. */
export type Counted = { readonly startMs: number; readonly minutes: number }

/** The clocks by which periods begin, each of which lasts until the next; weeks begin on ISO weekday `weekStartsOn`, Monday unless it says otherwise. */
export type LimitClock = { readonly timeZone: string; readonly weekStartsOn?: number }

type Period = { readonly startMs: number; readonly endMs: number; readonly count: number; readonly minutes: number }

const MADE = Symbol('made by limit')

/** A limit and what counts against it already. Made by `limit` only. */
export type Limit = LimitClock & {
  readonly rule: LimitRule
  /** the periods in which something counts, by their beginning */
  readonly periods: ReadonlyMap<number, Period>
  readonly [MADE]: true
}

/**
 * A limit with what counts against it already.
 * @throws {RangeError} when a maximum is no whole number from 0 on, `weekStartsOn` no weekday, or the zone of something
 * that counts unknown
 */
export function limit(rule: LimitRule, clock: LimitClock, counted: Iterable<Counted>): Limit {
  for (const [name, value] of Object.entries({ maxCount: rule.maxCount ?? 0, maxMinutes: rule.maxMinutes ?? 0 })) {
    if (!Number.isInteger(value) || value < 0)
      throw new RangeError(`${name} must be a whole number from 0 on, not ${value}`)
  }
  const { weekStartsOn = 1 } = clock
  if (![1, 2, 3, 4, 5, 6, 7].includes(weekStartsOn))
    throw new RangeError(`weekStartsOn must be 1 (Monday) to 7 (Sunday), not ${weekStartsOn}`)
  const periods = new Map<number, Period>()
  let period = { startMs: 0, endMs: 0 }
  for (const one of counted) {
    const same = period.startMs <= one.startMs && one.startMs < period.endMs
    if (!same) period = periodOf({ rule, ...clock }, one.startMs)
    addTo(periods, period, one)
  }
  return { ...clock, rule, periods, [MADE]: true }
}

/** The same limit after one more thing counts against it. */
export function countedToo(known: Limit, one: Counted): Limit {
  const periods = new Map(known.periods)
  addTo(periods, periodOf(known, one.startMs), one)
  return { ...known, periods }
}

/**
 * The stretches of time within which nothing more of that length may start, as flat pairs in no order.
 * @param minutes  of what would be added
 */
export function fullPeriods({ rule, periods }: Limit, minutes: number): number[] {
  const { maxCount = Infinity, maxMinutes = Infinity } = rule
  if (maxCount < 1 || maxMinutes < minutes) return [-Infinity, Infinity]
  const full: number[] = []
  for (const period of periods.values()) {
    if (period.count + 1 > maxCount || period.minutes + minutes > maxMinutes) full.push(period.startMs, period.endMs)
  }
  return full
}

/** Whether nothing more of that length may start at an instant. */
export function isLimited(known: Limit, startMs: number, minutes: number): boolean {
  const full = fullPeriods(known, minutes)
  return full.some((fromMs, at) => at % 2 === 0 && fromMs <= startMs && startMs < (full[at + 1] ?? 0))
}

/** What counts in the period of an instant. */
export function usedAt(known: Limit, instantMs: number): Period {
  const period = periodOf(known, instantMs)
  return known.periods.get(period.startMs) ?? { ...period, count: 0, minutes: 0 }
}

function addTo(periods: Map<number, Period>, { startMs, endMs }: { startMs: number; endMs: number }, one: Counted) {
  const { count, minutes } = periods.get(startMs) ?? { count: 0, minutes: 0 }
  periods.set(startMs, { startMs, endMs, count: count + 1, minutes: minutes + one.minutes })
}

type PeriodRule = LimitClock & { readonly rule: LimitRule }

function periodOf(of: PeriodRule, instantMs: number) {
  const dayMs = dateToLocalMs(localDateOf(instantMs, of.timeZone))
  const period = periodAround(of, dayMs)
  // Clocks that go back over midnight show a date again whose successor has begun.
  return instantMs < period.endMs ? period : periodAround(of, dayMs + DAY_MS)
}

function periodAround({ rule, timeZone, weekStartsOn = 1 }: PeriodRule, dayMs: number) {
  const [firstMs, nextMs] = localPeriod(rule.per, dayMs, weekStartsOn)
  return {
    startMs: startOfDateMs(localMsToDate(firstMs), timeZone),
    endMs: startOfDateMs(localMsToDate(nextMs), timeZone),
  }
}

/** The first days of the period around a local day and of the next, as if UTC. */
function localPeriod(per: LimitRule['per'], dayMs: number, weekStartsOn: number): [number, number] {
  if (per === 'day') return [dayMs, dayMs + DAY_MS]
  if (per === 'week') {
    const weekday = (((dayMs / DAY_MS + 3) % 7) + 7) % 7
    const firstMs = dayMs - ((weekday - (weekStartsOn - 1) + 7) % 7) * DAY_MS
    return [firstMs, firstMs + 7 * DAY_MS]
  }
  const date = new Date(dayMs)
  return [Date.UTC(date.getUTCFullYear(), date.getUTCMonth()), Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1)]
}
