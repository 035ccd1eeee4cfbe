import { deepStrictEqual } from 'node:assert/strict'
import { bookingWindow, type BookingWindowRule } from '../src/index.ts'
import type { Case } from './case.ts'
import { clockOf, DAY_MIN, dateOf, frameOf, localMinutesOf, MINUTE_MS, type WallClock } from './oracle-clock.ts'
import { rollOf } from './roll.ts'

/** A booking window begins when the clocks first show its first date, and ends when they first show the one after its last. */
export function windowsAreWholeLocalDays(ask: Case, dice: number): void {
  const roll = rollOf(dice)
  const timeZone = ask.schedules[0]?.timeZone ?? 'UTC'
  const clock = clockOf(timeZone, frameOf(ask))
  const nowMs = Date.parse(`${ask.fromDate}T00:00Z`) + roll(2 * DAY_MIN) * MINUTE_MS
  const holidays = roll(2) === 0 ? [] : [ask.toDate]
  const rules: BookingWindowRule[] = [
    { kind: 'days', days: roll(3) },
    { kind: 'business_days', days: roll(2), weekdays: [1, 3, 4, 5, 6, 7].slice(roll(2)), holidays },
    { kind: 'range', fromDate: ask.fromDate, toDate: ask.toDate },
  ]
  for (const rule of rules) {
    const { first, last } = datesOf(rule, dateOf(clock.shownAt(Math.floor(nowMs / MINUTE_MS))))
    deepStrictEqual(bookingWindow(rule, nowMs, timeZone), {
      fromMs: beginOf(first, clock),
      untilMs: beginOf(nextDate(last), clock),
    })
  }
}

function datesOf(rule: BookingWindowRule, today: string): { first: string; last: string } {
  if (rule.kind === 'range') return { first: rule.fromDate, last: rule.toDate }
  const isCounted = (date: string) => {
    if (rule.kind === 'days') return true
    const { dayOfWeek } = Temporal.PlainDate.from(date)
    return (rule.weekdays ?? [1, 2, 3, 4, 5]).includes(dayOfWeek) && !rule.holidays?.includes(date)
  }
  let last = today
  for (let left = rule.days; left > 0;) {
    last = nextDate(last)
    if (isCounted(last)) left--
  }
  return { first: today, last }
}

const nextDate = (date: string) => Temporal.PlainDate.from(date).add({ days: 1 }).toString()
const beginOf = (date: string, clock: WallClock) => clock.firstAtOrAfter(localMinutesOf(date)) * MINUTE_MS
