import { dateToLocalMs, localDateOf, localMsToDate, startOfDateMs } from './zones.ts'

const DAY_MS = 86_400_000

/** How far ahead may be booked. Days are local days. */
export type BookingWindowRule =
  /** today and so many days after */
  | { readonly kind: 'days'; readonly days: number }
  /** today and so many days after on which business is done: on these ISO weekdays, Monday to Friday by default, that are no holiday */
  | {
      readonly kind: 'business_days'
      readonly days: number
      readonly weekdays?: readonly number[]
      readonly holidays?: readonly string[]
    }
  /** from one date to another, YYYY-MM-DD, both inclusive */
  | { readonly kind: 'range'; readonly fromDate: string; readonly toDate: string }

/** Counting further than this means that no day is a business day. */
const DAYS_MAX = 36_600

/**
 * The stretch of time in which appointments may start: from the beginning of a local day to the end of another.
 * @throws {RangeError} when the days are no whole number from 0 on, no weekday does business, or dates are none or in disorder
 */
export function bookingWindow(
  rule: BookingWindowRule,
  nowMs: number,
  timeZone: string,
): { fromMs: number; untilMs: number } {
  const today = localDateOf(nowMs, timeZone)
  const [fromDate, toDate] = rule.kind === 'range' ? [rule.fromDate, rule.toDate] : [today, lastDay(rule, today)]
  if (toDate < fromDate) throw new RangeError(`dates must be in order: ${fromDate} to ${toDate}`)
  return {
    fromMs: startOfDateMs(fromDate, timeZone),
    untilMs: startOfDateMs(localMsToDate(dateToLocalMs(toDate) + DAY_MS), timeZone),
  }
}

function lastDay(rule: Exclude<BookingWindowRule, { kind: 'range' }>, today: string): string {
  const { days } = rule
  if (!Number.isInteger(days) || days < 0 || days > DAYS_MAX)
    throw new RangeError(`days must be a whole number from 0 to ${DAYS_MAX}, not ${days}`)
  let dayMs = dateToLocalMs(today)
  if (rule.kind === 'days') return localMsToDate(dayMs + days * DAY_MS)
  const { weekdays = [1, 2, 3, 4, 5], holidays = [] } = rule
  const off = new Set(holidays.map(dateToLocalMs))
  for (let left = days, walked = 0; left > 0; walked++) {
    if (walked > DAYS_MAX) throw new RangeError('weekdays and holidays leave no business day')
    dayMs += DAY_MS
    const weekday = new Date(dayMs).getUTCDay() || 7
    if (weekdays.includes(weekday) && !off.has(dayMs)) left--
  }
  return localMsToDate(dayMs)
}
