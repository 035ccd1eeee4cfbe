import { allowsDay, dayOf, monthOfDay, startOfWeek, weekdayOfDay } from './recurrence-days.ts'
import type { Frequency, RecurrenceRule } from './recurrence-rule.ts'
import {
  dateToLocalMs,
  firstInstant,
  instantOrAfterGap,
  offsetAt,
  offsetIndex,
  zoneOffsets,
  type ZoneOffsets,
} from './zones.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** Something that comes back: when it first may, and by which rule. */
export type Recurrence = {
  /** local date and time from which on it comes, YYYY-MM-DDTHH:MM or with seconds; it gives what the rule leaves open */
  readonly startsAt: string
  /** IANA name */
  readonly timeZone: string
  readonly rule: RecurrenceRule
  /** local dates, or dates and times, that are left out (EXDATE) */
  readonly except?: readonly string[]
  /** local dates and times that come besides (RDATE) */
  readonly extra?: readonly string[]
}

/** One time at which it comes. */
export type Occurrence = {
  /** local date and time, YYYY-MM-DDTHH:MM:SS */
  readonly local: string
  /** epoch ms; of a local time that the clocks show twice, the first */
  readonly startMs: number
  /** false where the clocks skip the local time; `startMs` is then read with the offset before the change */
  readonly exists: boolean
}

/** 10000-01-01 as if UTC: dates have four digits, RFC 5545 §3.3.4, so that a rule which never comes ends here. */
const END_OF_DATES_MS = 253_402_300_800_000

/** More are a mistake, unless somebody asks for more. */
const LIMIT = 10_000

/**
 * The times at which something comes back that lie in a stretch of time, half-open, ascending. A first time that the rule
 * does not give is none of them. None comes after the year 9999.
 * @param fromMs  epoch ms
 * @param toMs    epoch ms
 * @param limit   how many there may be
 * @throws {RangeError} when the zone, a date or an instant is none, or there are more than `limit`
 * @see RFC 5545 §3.3.10, and §3.3.5 about local times that do not exist
 */
export function occurrences(recurrence: Recurrence, fromMs: number, toMs: number, limit = LIMIT): Occurrence[] {
  const { timeZone, except = [], extra = [] } = recurrence
  if (!Number.isFinite(fromMs) || !Number.isFinite(toMs))
    throw new RangeError(`fromMs and toMs must be epoch milliseconds, not ${fromMs} and ${toMs}`)
  const zone = zoneOffsets(timeZone, fromMs - 3 * DAY_MS, toMs + 3 * DAY_MS)
  const left = exceptions(except)
  const found: Occurrence[] = []
  const add = (localMs: number) => {
    const occurrence = toOccurrence(zone, localMs)
    if (occurrence.startMs < fromMs || occurrence.startMs >= toMs || left(localMs)) return
    if (found.length >= limit) throw new RangeError(`there are more than ${limit} times`)
    found.push(occurrence)
  }
  eachLocal(recurrence, zone, localRange(zone, fromMs, toMs), add)
  const known = new Set(found.map(({ local }) => local))
  for (const text of new Set(extra.map((one) => localText(localMsOf(one))))) {
    if (!known.has(text)) add(localMsOf(text))
  }
  // A time that the clocks skip is read with the offset before, and so comes after some that follow it on the clock.
  return found.sort((a, b) => a.startMs - b.startMs || (a.local < b.local ? -1 : 1))
}

/**
 * The stretches of time that something takes each time it comes, as far as they reach into a stretch of time.
 * @param durationMin  how long it takes each time, in minutes that pass; above 0
 * @param fromMs       epoch ms
 * @param toMs         epoch ms; what begins then is not part of it, nor what ends at `fromMs`
 * @throws {RangeError} as `occurrences`, and when the duration is not above 0
 * @see RFC 5545 §3.6.1: the end is not part of it
 */
export function occurrenceSpans(
  recurrence: Recurrence,
  durationMin: number,
  fromMs: number,
  toMs: number,
): { startMs: number; endMs: number }[] {
  if (!(durationMin > 0)) throw new RangeError(`durationMin must be above 0, not ${durationMin}`)
  if (fromMs >= toMs) return []
  const durationMs = durationMin * MINUTE_MS
  return occurrences(recurrence, fromMs - durationMs + 1, toMs).map(({ startMs }) => ({
    startMs,
    endMs: startMs + durationMs,
  }))
}

type Range = { fromMs: number; toMs: number }

/** What the clocks may show over a stretch of time, as if UTC. */
function localRange(zone: ZoneOffsets, fromMs: number, toMs: number): Range {
  const near = zone.offsetsMs.slice(offsetIndex(zone, fromMs - DAY_MS), offsetIndex(zone, toMs + DAY_MS) + 1)
  return { fromMs: fromMs + Math.min(...near), toMs: Math.min(toMs + Math.max(...near), END_OF_DATES_MS) }
}

/** Visits the local times that a rule gives, ascending; those before the range only where they must be counted. */
function eachLocal({ startsAt, rule }: Recurrence, zone: ZoneOffsets, range: Range, visit: (localMs: number) => void) {
  const firstMs = localMsOf(startsAt)
  const whole = completed(rule, firstMs)
  if (neverOnClock(whole, firstMs)) return
  const endOfRule = endOf(rule, zone)
  let left = rule.count ?? Infinity
  let index = rule.count === undefined ? indexBefore(rule, firstMs, range.fromMs) : 0
  for (;;) {
    const period = periodAt(whole, firstMs, index)
    if (!(period.fromMs < range.toMs) || period.fromMs > endOfRule.lastMs) return
    for (const localMs of timesIn(whole, period)) {
      if (localMs < firstMs || endOfRule.isOver(localMs)) continue
      if (left-- <= 0) return
      if (localMs >= range.fromMs && localMs < range.toMs) visit(localMs)
    }
    index += Math.max(1, Math.ceil((barrenUntil(whole, period) - period.fromMs) / (STEP_MS[rule.freq] * rule.interval)))
  }
}

/** Whether a local time lies after the end of a rule, and a local time after which all do. */
function endOf({ until }: RecurrenceRule, zone: ZoneOffsets): { isOver: (localMs: number) => boolean; lastMs: number } {
  if (!until) return { isOver: () => false, lastMs: Infinity }
  if (until.kind === 'instant') {
    // Where the clocks skip some, local times are not in the order of their instants.
    const isOver = (localMs: number) => toOccurrence(zone, localMs).startMs > until.ms
    return { isOver, lastMs: until.ms + 2 * DAY_MS }
  }
  const lastMs = until.kind === 'date' ? until.ms + DAY_MS - 1 : until.ms
  return { isOver: (localMs) => localMs > lastMs, lastMs }
}

/** Whether the steps of a rule within a day miss all its hours, minutes and seconds, for good. */
function neverOnClock(rule: RecurrenceRule, firstMs: number): boolean {
  const given = CLOCK_PARTS[rule.freq] ?? 0
  if (given === 0) return false
  const stepMs = divisor(STEP_MS[rule.freq] * rule.interval, DAY_MS)
  const hours = rule.byHour.length > 0 ? rule.byHour : upTo(24)
  const minutes = given < 2 ? [0] : rule.byMinute.length > 0 ? rule.byMinute : upTo(60)
  const seconds = given < 3 ? [0] : rule.bySecond.length > 0 ? rule.bySecond : upTo(60)
  const { fromMs } = periodAt(rule, firstMs, 0)
  const isMet = (hour: number, minute: number, second: number) =>
    (hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS - fromMs) % stepMs === 0
  return !hours.some((hour) => minutes.some((minute) => seconds.some((second) => isMet(hour, minute, second))))
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at)
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b)
}

/** How long a period is, at most. */
const STEP_MS: Record<Frequency, number> = {
  SECONDLY: SECOND_MS,
  MINUTELY: MINUTE_MS,
  HOURLY: HOUR_MS,
  DAILY: DAY_MS,
  WEEKLY: 7 * DAY_MS,
  MONTHLY: 31 * DAY_MS,
  YEARLY: 366 * DAY_MS,
}

/** The index of a period that lies before an instant, so that nothing before it need be walked. */
function indexBefore({ freq, interval }: RecurrenceRule, firstMs: number, fromMs: number): number {
  return Math.max(0, Math.floor((fromMs - firstMs) / (STEP_MS[freq] * interval)) - 1)
}

/** One turn of a rule: a year, a month ... a second, from its local beginning; `lastDay` is part of it. */
type Period = { fromMs: number; firstDay: number; lastDay: number }

function periodAt({ freq, interval, weekStart }: RecurrenceRule, firstMs: number, index: number): Period {
  const day = Math.floor(firstMs / DAY_MS)
  const { year, month } = monthOfDay(day)
  const turns = index * interval
  if (freq === 'YEARLY') return days(dayOf(year + turns, 1, 1), dayOf(year + turns + 1, 1, 1) - 1)
  if (freq === 'MONTHLY') return days(dayOf(year, month + turns, 1), dayOf(year, month + turns + 1, 1) - 1)
  if (freq === 'WEEKLY') {
    const first = startOfWeek(day, weekStart) + 7 * turns
    return days(first, first + 6)
  }
  if (freq === 'DAILY') return days(day + turns, day + turns)
  const fromMs = Math.floor(firstMs / STEP_MS[freq]) * STEP_MS[freq] + turns * STEP_MS[freq]
  return { fromMs, firstDay: Math.floor(fromMs / DAY_MS), lastDay: Math.floor(fromMs / DAY_MS) }
}

function days(firstDay: number, lastDay: number): Period {
  return { fromMs: firstDay * DAY_MS, firstDay, lastDay }
}

/** The rule with what it leaves open taken from its first time: RFC 5545 §3.3.10. */
function completed(rule: RecurrenceRule, firstMs: number): RecurrenceRule {
  return { ...rule, ...givenDay(rule, firstMs), ...givenTime(rule, new Date(firstMs)) }
}

function givenDay(rule: RecurrenceRule, firstMs: number): Partial<RecurrenceRule> {
  const { freq, byMonth, byMonthDay, byYearDay, byWeekNo, byDay } = rule
  if (byMonthDay.length > 0 || byYearDay.length > 0 || byDay.length > 0) return {}
  const weekday = { weekday: weekdayOfDay(Math.floor(firstMs / DAY_MS)), nth: 0 }
  if (freq === 'WEEKLY' || byWeekNo.length > 0) return { byDay: [weekday] }
  const first = new Date(firstMs)
  if (freq === 'MONTHLY') return { byMonthDay: [first.getUTCDate()] }
  if (freq !== 'YEARLY') return {}
  return { byMonthDay: [first.getUTCDate()], byMonth: byMonth.length > 0 ? byMonth : [first.getUTCMonth() + 1] }
}

function givenTime({ freq, byHour, byMinute, bySecond }: RecurrenceRule, first: Date): Partial<RecurrenceRule> {
  const given = CLOCK_PARTS[freq] ?? 0
  return {
    ...(given < 1 && byHour.length === 0 && { byHour: [first.getUTCHours()] }),
    ...(given < 2 && byMinute.length === 0 && { byMinute: [first.getUTCMinutes()] }),
    ...(given < 3 && bySecond.length === 0 && { bySecond: [first.getUTCSeconds()] }),
  }
}

/** The local times of a period, ascending. */
function timesIn(rule: RecurrenceRule, period: Period): number[] {
  const times = CLOCK_PARTS[rule.freq] ? clockTimes(rule, period) : dayTimes(rule, period)
  const { bySetPos } = rule
  if (bySetPos.length === 0) return times
  const positions = bySetPos.map((position) => (position > 0 ? position - 1 : times.length + position))
  return times.filter((_time, at) => positions.includes(at))
}

function dayTimes(rule: RecurrenceRule, { firstDay, lastDay }: Period): number[] {
  const times: number[] = []
  for (let day = firstDay; day <= lastDay; day++) {
    if (!allowsDay(rule, day)) continue
    for (const hour of rule.byHour)
      for (const minute of rule.byMinute)
        for (const second of rule.bySecond)
          times.push(day * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS)
  }
  return times
}

/** For rules within a day, the parts of the clock that the period gives; the others expand. */
const CLOCK_PARTS: Partial<Record<Frequency, number>> = { HOURLY: 1, MINUTELY: 2, SECONDLY: 3 }

function clockTimes(rule: RecurrenceRule, period: Period): number[] {
  if (barrenUntil(rule, period) > period.fromMs) return []
  const given = CLOCK_PARTS[rule.freq] ?? 0
  const minutes = given > 1 ? [0] : rule.byMinute
  const seconds = given > 2 ? [0] : rule.bySecond
  return minutes.flatMap((minute) => seconds.map((second) => period.fromMs + minute * MINUTE_MS + second * SECOND_MS))
}

/** Until when a rule within a day gives nothing, from a period on, because of its day, hour, minute or second. */
function barrenUntil(rule: RecurrenceRule, { fromMs, firstDay }: Period): number {
  const given = CLOCK_PARTS[rule.freq] ?? 0
  if (given === 0) return fromMs
  if (!allowsDay(rule, firstDay)) return (firstDay + 1) * DAY_MS
  const time = new Date(fromMs)
  const misses = (list: readonly number[], value: number) => list.length > 0 && !list.includes(value)
  if (misses(rule.byHour, time.getUTCHours())) return nextMultiple(fromMs, HOUR_MS)
  if (given > 1 && misses(rule.byMinute, time.getUTCMinutes())) return nextMultiple(fromMs, MINUTE_MS)
  if (given > 2 && misses(rule.bySecond, time.getUTCSeconds())) return nextMultiple(fromMs, SECOND_MS)
  return fromMs
}

function nextMultiple(ms: number, unitMs: number): number {
  return (Math.floor(ms / unitMs) + 1) * unitMs
}

function toOccurrence(zone: ZoneOffsets, localMs: number): Occurrence {
  const startMs = firstInstant(zone, localMs)
  const local = localText(localMs)
  if (startMs !== undefined) return { local, startMs, exists: true }
  const beforeMs = offsetAt(zone, instantOrAfterGap(zone, localMs) - 1)
  return { local, startMs: localMs - beforeMs, exists: false }
}

/** Whether a local time is left out. */
function exceptions(except: readonly string[]): (localMs: number) => boolean {
  const dates = new Set(except.filter((text) => text.length === 10).map(dateToLocalMs))
  const times = new Set(except.filter((text) => text.length !== 10).map(localMsOf))
  return (localMs) => times.has(localMs) || dates.has(Math.floor(localMs / DAY_MS) * DAY_MS)
}

/** @throws {RangeError} when the text is no local date and time */
function localMsOf(text: string): number {
  const [, date = '', hours = '', minutes = '', seconds = '0'] =
    /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text) ?? []
  if (date === '') throw new RangeError(`not a local date and time of the form YYYY-MM-DDTHH:MM: ${text}`)
  return dateToLocalMs(date) + Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds) * SECOND_MS
}

function localText(localMs: number): string {
  return new Date(localMs).toISOString().slice(0, 19)
}
