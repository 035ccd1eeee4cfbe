import { dateToLocalMs } from './zones.ts'

const FREQUENCIES = ['SECONDLY', 'MINUTELY', 'HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const
export type Frequency = (typeof FREQUENCIES)[number]

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']

/** A weekday, Monday 1 to Sunday 7, and which one of the month or year; 0 for every one, below 0 from the end. */
export type RuleDay = { readonly weekday: number; readonly nth: number }

/** Until when a rule holds, inclusive: an instant (epoch ms), or a local time as if it were UTC. */
export type RuleEnd = { readonly kind: 'instant' | 'local' | 'date'; readonly ms: number }

const MADE = Symbol('made by parseRecurrence')

/** A recurrence rule. Made by `parseRecurrence` only. */
export type RecurrenceRule = {
  readonly freq: Frequency
  readonly interval: number
  readonly count: number | undefined
  readonly until: RuleEnd | undefined
  readonly bySecond: readonly number[]
  readonly byMinute: readonly number[]
  readonly byHour: readonly number[]
  readonly byDay: readonly RuleDay[]
  readonly byMonthDay: readonly number[]
  readonly byYearDay: readonly number[]
  readonly byWeekNo: readonly number[]
  readonly byMonth: readonly number[]
  readonly bySetPos: readonly number[]
  /** on which weekday weeks begin */
  readonly weekStart: number
  readonly [MADE]: true
}

/** Parts that are lists of numbers: the least and the greatest; below 0 they count from the end. */
const LISTS = {
  BYSECOND: { least: 0, most: 60, fromEnd: false },
  BYMINUTE: { least: 0, most: 59, fromEnd: false },
  BYHOUR: { least: 0, most: 23, fromEnd: false },
  BYMONTHDAY: { least: 1, most: 31, fromEnd: true },
  BYYEARDAY: { least: 1, most: 366, fromEnd: true },
  BYWEEKNO: { least: 1, most: 53, fromEnd: true },
  BYMONTH: { least: 1, most: 12, fromEnd: false },
  BYSETPOS: { least: 1, most: 366, fromEnd: true },
} as const
type ListName = keyof typeof LISTS

const NAMES = ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYDAY', 'WKST', ...Object.keys(LISTS)]

/** A rule that repeats more often than this says nothing more. */
const NUMBER_MAX = 1_000_000

/**
 * Reads the value of an RRULE, such as `FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;COUNT=8`.
 * @throws {RangeError} with a sentence about the part that cannot be as it is
 * @see RFC 5545 §3.3.10
 */
export function parseRecurrence(text: string): RecurrenceRule {
  const parts = partsOf(text)
  const freq = FREQUENCIES.find((one) => one === parts.get('FREQ'))
  if (!freq) throw new RangeError(`FREQ must be one of ${FREQUENCIES.join(', ')}`)
  const list = (name: ListName) => numbersOf(name, parts.get(name))
  const rule: RecurrenceRule = {
    freq,
    interval: wholeNumber('INTERVAL', parts.get('INTERVAL') ?? '1'),
    count: parts.has('COUNT') ? wholeNumber('COUNT', parts.get('COUNT') ?? '') : undefined,
    until: parts.has('UNTIL') ? endOf(parts.get('UNTIL') ?? '') : undefined,
    // Without leap seconds, 60 stands for 59: RFC 5545 §3.3.12.
    bySecond: unique(list('BYSECOND').map((second) => Math.min(second, 59))),
    byMinute: list('BYMINUTE'),
    byHour: list('BYHOUR'),
    byDay: daysOf(parts.get('BYDAY')),
    byMonthDay: list('BYMONTHDAY'),
    byYearDay: list('BYYEARDAY'),
    byWeekNo: list('BYWEEKNO'),
    byMonth: list('BYMONTH'),
    bySetPos: list('BYSETPOS'),
    weekStart: weekdayOf('WKST', parts.get('WKST') ?? 'MO'),
    [MADE]: true,
  }
  checkTogether(rule)
  return rule
}

/** The rule as the value of an RRULE, parts in the order of the RFC. `parseRecurrence` gives the same rule again. */
export function formatRecurrence(rule: RecurrenceRule): string {
  const { freq, interval, count, until, byDay, weekStart } = rule
  const lists: [string, readonly (number | string)[]][] = [
    ['BYSECOND', rule.bySecond],
    ['BYMINUTE', rule.byMinute],
    ['BYHOUR', rule.byHour],
    ['BYDAY', byDay.map(({ weekday, nth }) => `${nth === 0 ? '' : nth}${WEEKDAYS[weekday - 1] ?? ''}`)],
    ['BYMONTHDAY', rule.byMonthDay],
    ['BYYEARDAY', rule.byYearDay],
    ['BYWEEKNO', rule.byWeekNo],
    ['BYMONTH', rule.byMonth],
    ['BYSETPOS', rule.bySetPos],
  ]
  return [
    `FREQ=${freq}`,
    ...(until ? [`UNTIL=${endText(until)}`] : []),
    ...(count === undefined ? [] : [`COUNT=${count}`]),
    ...(interval === 1 ? [] : [`INTERVAL=${interval}`]),
    ...lists.filter(([, values]) => values.length > 0).map(([name, values]) => `${name}=${values.join(',')}`),
    ...(weekStart === 1 ? [] : [`WKST=${WEEKDAYS[weekStart - 1] ?? ''}`]),
  ].join(';')
}

function partsOf(text: string): Map<string, string> {
  const parts = new Map<string, string>()
  for (const part of text.split(';')) {
    const [name = '', value = '', ...more] = part.toUpperCase().split('=')
    if (!NAMES.includes(name)) throw new RangeError(`a rule has no part ${name || 'without a name'}`)
    if (value === '' || more.length > 0) throw new RangeError(`${name} must be followed by = and a value`)
    if (parts.has(name)) throw new RangeError(`${name} must be there once`)
    parts.set(name, value)
  }
  return parts
}

function wholeNumber(name: string, text: string): number {
  const value = /^\d{1,7}$/.test(text) ? Number(text) : 0
  if (value < 1 || value > NUMBER_MAX)
    throw new RangeError(`${name} must be a whole number from 1 to ${NUMBER_MAX}, not ${text}`)
  return value
}

function numbersOf(name: ListName, text: string | undefined): number[] {
  if (text === undefined) return []
  const { least, most, fromEnd } = LISTS[name]
  const values = text.split(',').map((one) => {
    const value = /^[+-]?\d{1,3}$/.test(one) ? Number(one) : Number.NaN
    const size = fromEnd ? Math.abs(value) : value
    if (!(size >= least && size <= most))
      throw new RangeError(
        `${name} must be numbers from ${least} to ${most}${fromEnd ? ', or the same below 0' : ''}, not ${one}`,
      )
    return value
  })
  return unique(values).sort((a, b) => a - b)
}

function daysOf(text: string | undefined): RuleDay[] {
  if (text === undefined) return []
  const days = text.split(',').map((one) => {
    const [, nth = '', name = ''] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(one) ?? []
    const day = { weekday: weekdayOf('BYDAY', name === '' ? one : name), nth: Number(nth) }
    if (nth !== '' && (day.nth === 0 || Math.abs(day.nth) > 53))
      throw new RangeError(`BYDAY counts weekdays from 1 to 53, or the same below 0, not ${nth}`)
    return day
  })
  return days.filter(
    ({ weekday, nth }, at) => days.findIndex((one) => one.weekday === weekday && one.nth === nth) === at,
  )
}

function weekdayOf(name: string, text: string): number {
  const at = WEEKDAYS.indexOf(text)
  if (at < 0) throw new RangeError(`${name} must be ${WEEKDAYS.join(', ')}, not ${text}`)
  return at + 1
}

const END = /^(\d{4})(\d{2})(\d{2})(?:T([01]\d|2[0-3])([0-5]\d)([0-5]\d)(Z?))?$/

function endOf(text: string): RuleEnd {
  const parts = END.exec(text)
  if (!parts)
    throw new RangeError(`UNTIL must be a date or a date and time, such as 20260329 or 20260329T090000Z, not ${text}`)
  const [, year = '', month = '', day = '', hours, minutes, seconds, zulu] = parts
  const dayMs = dateToLocalMs(`${year}-${month}-${day}`)
  if (hours === undefined) return { kind: 'date', ms: dayMs }
  const ms = dayMs + ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
  return { kind: zulu === 'Z' ? 'instant' : 'local', ms }
}

function endText({ kind, ms }: RuleEnd): string {
  const text = new Date(ms).toISOString().replaceAll(/[-:]|\.\d{3}/g, '')
  if (kind === 'date') return text.slice(0, 8)
  return kind === 'instant' ? text : text.slice(0, -1)
}

/** What the RFC says about parts that do not go together. */
function checkTogether(rule: RecurrenceRule): void {
  const { freq, count, until, byDay, byWeekNo, byYearDay, byMonthDay, bySetPos } = rule
  const hasNth = byDay.some(({ nth }) => nth !== 0)
  const others = [rule.bySecond, rule.byMinute, rule.byHour, byDay, byMonthDay, byYearDay, byWeekNo, rule.byMonth]
  const wrong: [boolean, string][] = [
    [count !== undefined && until !== undefined, 'COUNT and UNTIL do not go together'],
    [hasNth && freq !== 'MONTHLY' && freq !== 'YEARLY', 'BYDAY counts weekdays only when FREQ is MONTHLY or YEARLY'],
    [hasNth && byWeekNo.length > 0, 'BYDAY does not count weekdays together with BYWEEKNO'],
    [byWeekNo.length > 0 && freq !== 'YEARLY', 'BYWEEKNO goes with FREQ=YEARLY only'],
    [byMonthDay.length > 0 && freq === 'WEEKLY', 'BYMONTHDAY does not go with FREQ=WEEKLY'],
    [
      byYearDay.length > 0 && ['DAILY', 'WEEKLY', 'MONTHLY'].includes(freq),
      'BYYEARDAY does not go with FREQ=DAILY, WEEKLY or MONTHLY',
    ],
    [
      bySetPos.length > 0 && others.every(({ length }) => length === 0),
      'BYSETPOS needs another part that begins with BY',
    ],
  ]
  const [, message] = wrong.find(([isWrong]) => isWrong) ?? []
  if (message !== undefined) throw new RangeError(message)
}

function unique(values: readonly number[]): number[] {
  return [...new Set(values)]
}
