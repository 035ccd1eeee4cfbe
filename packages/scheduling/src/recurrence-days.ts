import type { RecurrenceRule } from './recurrence-rule.ts'

/** A local day, and where it stands; days are counted from 1970-01-01. */
type Place = {
  readonly year: number
  /** 1 to 12 */
  readonly month: number
  /** 1 to 31 */
  readonly monthDay: number
  /** 1 to 366 */
  readonly yearDay: number
  readonly monthDays: number
  readonly yearDays: number
}

/** The weekday of a day counted from 1970-01-01: Monday 1 to Sunday 7. */
export function weekdayOfDay(day: number): number {
  // 1970-01-01 was a Thursday.
  return ((((day + 3) % 7) + 7) % 7) + 1
}

/** The day, counted from 1970-01-01, of a year, a month (1 to 12, or beyond) and a day of the month. */
export function dayOf(year: number, month: number, monthDay: number): number {
  // Years are taken to begin in March, so that a leap day is their last: 1970-01-01 is day 719,468 of that count.
  const months = 12 * year + month - 3
  const marchYear = Math.floor(months / 12)
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400)
  const beforeMonth = Math.floor((153 * (months - 12 * marchYear) + 2) / 5)
  return 365 * marchYear + leapDays + beforeMonth + monthDay - 1 - 719_468
}

/** Year and month (1 to 12) of a day. */
export function monthOfDay(day: number): { year: number; month: number } {
  // 146,097 days are 400 years; the guess is never too early, and a year too late at most.
  const guess = Math.floor(((day + 719_528) * 400) / 146_097) + 1
  let year = guess
  while (dayOf(year, 1, 1) > day) year--
  let month = Math.min(12, Math.floor((day - dayOf(year, 1, 1)) / 29) + 1)
  while (dayOf(year, month, 1) > day) month--
  return { year, month }
}

function placeOf(day: number): Place {
  const { year, month } = monthOfDay(day)
  const firstOfMonth = dayOf(year, month, 1)
  const firstOfYear = dayOf(year, 1, 1)
  return {
    year,
    month,
    monthDay: day - firstOfMonth + 1,
    yearDay: day - firstOfYear + 1,
    monthDays: dayOf(year, month + 1, 1) - firstOfMonth,
    yearDays: dayOf(year + 1, 1, 1) - firstOfYear,
  }
}

/**
 * Whether the parts of a rule that speak of days allow a day. All of them must; where the RFC says that a part expands, the
 * days of the whole period are asked about, which comes to the same.
 * @see RFC 5545 §3.3.10, the table of BYxxx parts and its notes
 */
export function allowsDay(rule: RecurrenceRule, day: number): boolean {
  const { byMonth, byMonthDay, byYearDay, byWeekNo, byDay } = rule
  const weekday = weekdayOfDay(day)
  const sameDays = byDay.filter((one) => one.weekday === weekday)
  if (byDay.length > 0 && sameDays.length === 0) return false
  if (byWeekNo.length > 0 && !inWeek(rule, day)) return false
  const isPlain = byMonth.length + byMonthDay.length + byYearDay.length === 0 && sameDays.every(({ nth }) => nth === 0)
  if (isPlain) return true
  const place = placeOf(day)
  if (byMonth.length > 0 && !byMonth.includes(place.month)) return false
  if (byMonthDay.length > 0 && !counts(byMonthDay, place.monthDay, place.monthDays)) return false
  if (byYearDay.length > 0 && !counts(byYearDay, place.yearDay, place.yearDays)) return false
  return byDay.length === 0 || sameDays.some(({ nth }) => isNth(rule, nth, place))
}

/** Whether a number from 1 on, or counted from the end, is in a list. */
function counts(list: readonly number[], number: number, last: number): boolean {
  return list.includes(number) || list.includes(number - last - 1)
}

function isNth({ freq, byMonth }: RecurrenceRule, nth: number, place: Place): boolean {
  if (nth === 0) return true
  // Counted within the month, or in a rule of years that names no month, within the year.
  const inYear = freq === 'YEARLY' && byMonth.length === 0
  const number = inYear ? place.yearDay : place.monthDay
  const last = inYear ? place.yearDays : place.monthDays
  return nth > 0 ? Math.ceil(number / 7) === nth : Math.ceil((last - number + 1) / 7) === -nth
}

/** Whether the week around a day, which may belong to a neighbouring year, is one of the rule's. */
function inWeek({ byWeekNo, weekStart }: RecurrenceRule, day: number): boolean {
  const firstOfWeek = startOfWeek(day, weekStart)
  // A week belongs to the year in which most of it lies: that of its fourth day.
  const { year } = monthOfDay(firstOfWeek + 3)
  const firstOfYear = startOfWeek(dayOf(year, 1, 4), weekStart)
  const weeks = (startOfWeek(dayOf(year + 1, 1, 4), weekStart) - firstOfYear) / 7
  return counts(byWeekNo, (firstOfWeek - firstOfYear) / 7 + 1, weeks)
}

/** The first day of the week around a day. */
export function startOfWeek(day: number, weekStart: number): number {
  return day - ((weekdayOfDay(day) - weekStart + 7) % 7)
}
