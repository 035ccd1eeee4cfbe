import {
  formatRecurrence,
  localTimes,
  occurrences,
  parseRecurrence,
  type BusyTime,
  type Occurrence,
  type Recurrence,
  type RecurrenceRule,
} from '@slotkeeper/scheduling'
import { actorReaches, type Actor } from '../shared/actor.ts'
import { AppError, type FieldError } from '../shared/app-error.ts'
import { isCalendarDate, toInstantText } from '../shared/clock.ts'
import { roleReaches } from '../shared/role.ts'
import { knownZone, UNKNOWN_ZONE } from '../shared/time-zone.ts'
import type { TimeOffView } from './time-off.schemas.ts'

/** Time off as it is kept. */
export type TimeOff = Omit<TimeOffView, 'next'>
type Times = Pick<TimeOff, 'startsAt' | 'timeZone' | 'durationMin' | 'rule' | 'except'>

/** Whose time off it is. */
type Subject = { id: string; kind: string }

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** Clocks change by this much at most, besides days left out at the date line. */
const CHANGE_MS = 3 * 3_600_000

/** How far ahead a rule must come at least once, in days: leap days come every eight years at worst. */
const FIRST_WITHIN = [8, 9 * 366]

/** How far ahead the next time is looked for, in days: near first, as most come soon. */
const NEXT_WITHIN = [8, 100, 2 * 366]

/** Longer pauses are slips of the keyboard. */
const INTERVAL_MAX = 1_000

const OFTEN = ['SECONDLY', 'MINUTELY', 'HOURLY']

/** Managers change everybody's; providers their own. */
export function mayChange(actor: Actor, subject: Subject): boolean {
  if (actorReaches(actor, 'manager')) return true
  if (actor.kind !== 'member') return false
  return roleReaches(actor.role, 'provider') && subject.kind === 'provider' && actor.providerId === subject.id
}

/**
 * The times as they are kept: zone and rule in their usual spelling, dates in order.
 * @throws {AppError} request.invalid naming every field that cannot be as it is
 */
export function checkTimes<Given extends Times>(given: Given): Given {
  const { rule, errors: ruleErrors } = readRule(given.rule)
  const zone = knownZone(given.timeZone)
  const errors: FieldError[] = [
    ...(isLocalTime(given.startsAt) ? [] : [{ field: 'startsAt', message: NO_TIME }]),
    ...(zone === undefined ? [{ field: 'timeZone', message: UNKNOWN_ZONE }] : []),
    ...ruleErrors,
    ...exceptErrors(given),
  ]
  if (errors.length === 0 && zone !== undefined) errors.push(...neverErrors({ ...given, timeZone: zone }))
  const [first] = errors
  if (first) throw new AppError('request.invalid', first.message, { fields: errors })
  return {
    ...given,
    timeZone: zone ?? given.timeZone,
    rule: rule ? formatRecurrence(rule) : null,
    except: [...new Set(given.except)].sort(),
  }
}

/** The time that it takes as far as it reaches into a stretch of time, ascending; cut at none of its ends. */
export function busyOf({ id, ...times }: Times & { id: string }, fromMs: number, toMs: number): BusyTime[] {
  return spansOf(times, fromMs, toMs).map((span) => ({ ...span, kind: 'time_off', id }))
}

/** Time off as members see it. */
export function toView(timeOff: TimeOff, nowMs: number, seesNote: boolean): TimeOffView {
  const next = firstSpan(timeOff, nowMs, NEXT_WITHIN)
  return {
    ...timeOff,
    note: seesNote ? timeOff.note : '',
    next: next ? { start: toInstantText(next.startMs), end: toInstantText(next.endMs) } : null,
  }
}

const NO_TIME = 'Give a date and time of the calendar, between 2000 and 2100, such as 2026-03-29T12:00.'

function isLocalTime(text: string): boolean {
  return isInYears(text.slice(0, 10)) && /^([01]\d|2[0-3]):[0-5]\d$/.test(text.slice(11))
}

function isInYears(date: string): boolean {
  return isCalendarDate(date) && date >= '2000-01-01' && date <= '2100-12-31'
}

function readRule(text: string | null): { rule?: RecurrenceRule; errors: FieldError[] } {
  if (text === null) return { errors: [] }
  const wrong = (message: string) => ({ errors: [{ field: 'rule', message }] })
  try {
    const rule = parseRecurrence(text)
    const { freq, interval, byHour, byMinute, bySecond } = rule
    if (OFTEN.includes(freq) || byHour.length + byMinute.length + bySecond.length > 0) {
      return wrong('Time off comes back once a day at most: leave out hours, minutes and seconds.')
    }
    return interval > INTERVAL_MAX ? wrong(`INTERVAL must be ${INTERVAL_MAX} at most.`) : { rule, errors: [] }
  } catch (error) {
    if (error instanceof RangeError) return wrong(sentence(error.message))
    throw error
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

function exceptErrors({ rule, except }: Times): FieldError[] {
  if (rule === null && except.length > 0) {
    return [{ field: 'except', message: 'Only time off that comes back can leave out dates.' }]
  }
  return except.flatMap((date, index) =>
    isInYears(date) ? [] : [{ field: `except.${index}`, message: `There is no ${date} in the calendar.` }],
  )
}

/** What comes never is a mistake. */
function neverErrors(times: Times): FieldError[] {
  if (firstSpan(times, Date.parse(`${times.startsAt}Z`) - DAY_MS, FIRST_WITHIN)) return []
  const field = times.rule === null ? 'startsAt' : 'rule'
  return [{ field, message: 'With this there is no time off at all.' }]
}

type Span = { startMs: number; endMs: number }

/** The first time after an instant that lies within the last of so many days. */
function firstSpan(times: Times, fromMs: number, withinDays: readonly number[]): Span | undefined {
  for (const days of withinDays) {
    const [first] = spansOf(times, fromMs, fromMs + days * DAY_MS)
    if (first) return first
  }
  return undefined
}

/** Ends are read from the clocks, as starts are: from ten in the evening to six in the morning, whatever they do at night. */
function spansOf(times: Times, fromMs: number, toMs: number): Span[] {
  const { timeZone, durationMin } = times
  const durationMs = durationMin * MINUTE_MS
  const found = occurrences(recurrenceOf(times), fromMs - durationMs - CHANGE_MS, toMs)
  const startsMs = Float64Array.from(found, ({ startMs }) => startMs)
  const offsets = localTimes(startsMs, timeZone).offsetMin
  const endOffsets = localTimes(
    startsMs.map((startMs) => startMs + durationMs),
    timeZone,
  ).offsetMin
  return found
    .map((occurrence, at) => {
      const isSteady = offsets[at] === endOffsets[at]
      return isSteady ? lasting(occurrence, durationMs) : wallSpan(occurrence, timeZone, durationMin)
    })
    .filter(({ endMs }) => endMs > fromMs)
}

function lasting({ startMs }: Occurrence, durationMs: number): Span {
  return { startMs, endMs: startMs + durationMs }
}

/** The clocks change meanwhile. A start that they skip is followed by all of its minutes. */
function wallSpan(occurrence: Occurrence, timeZone: string, durationMin: number): Span {
  const local = Temporal.PlainDateTime.from(occurrence.local).add({ minutes: durationMin })
  const endMs = local.toZonedDateTime(timeZone).epochMilliseconds
  const isThere = occurrence.exists && endMs > occurrence.startMs
  return isThere ? { startMs: occurrence.startMs, endMs } : lasting(occurrence, durationMin * MINUTE_MS)
}

/** What comes once is what comes daily, one time. */
const ONCE = parseRecurrence('FREQ=DAILY;COUNT=1')

function recurrenceOf({ startsAt, timeZone, rule, except }: Times): Recurrence {
  return { startsAt, timeZone, except, rule: rule === null ? ONCE : parseRecurrence(rule) }
}
