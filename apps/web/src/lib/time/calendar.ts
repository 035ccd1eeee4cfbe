/** What the back office says about time. Every function takes the reader's locale; 12 or 24 hours follow from it. */

const MS_PER_DAY = 86_400_000
const MS_PER_MIN = 60_000
/** A Monday. */
const FIRST_MONDAY_MS = 4 * MS_PER_DAY

/** The present, in epoch milliseconds. */
export function nowMs(): number {
  return Date.now()
}

/** The time zone that the reader's browser is in. */
export function browserZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** Every time zone to choose from, the given one among them. */
export function zoneNames(chosen: string): string[] {
  return [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', chosen])].sort()
}

/** ISO 8601: Monday is 1, Sunday is 7. */
export function firstWeekday(locale: string): number {
  return new Intl.Locale(locale).getWeekInfo().firstDay
}

/** `9:30 AM`, `09:30` */
export function timeText(epochMs: number, timeZone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone }).format(epochMs)
}

/** `9:30 – 10:15 AM` */
export function timeRangeText(span: { startMs: number; endMs: number }, timeZone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone }).formatRange(span.startMs, span.endMs)
}

/** `Mar 30, 9:30 AM – Mar 31, 5:00 PM`; of a span that begins on the day that is spoken of and ends on it, the times only */
export function spanText(
  span: { startMs: number; endMs: number },
  timeZone: string,
  { locale, isSameDay }: { locale: string; isSameDay: boolean },
): string {
  if (isSameDay) return timeRangeText(span, timeZone, locale)
  const options = { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit', timeZone } as const
  return new Intl.DateTimeFormat(locale, options).formatRange(span.startMs, span.endMs)
}

/** `Mon, Mar 30, 2026, 9:30 AM` */
export function momentText(epochMs: number, timeZone: string, locale: string): string {
  const options = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const
  const clock = { hour: 'numeric', minute: '2-digit', timeZone } as const
  return new Intl.DateTimeFormat(locale, { ...options, ...clock }).format(epochMs)
}

/** `Monday, March 30, 2026` of a local date. */
export function dateText(date: string, locale: string): string {
  return onDate(locale, { dateStyle: 'full' }).format(midnightMs(date))
}

/** `Mar 23 – 29, 2026` */
export function dateRangeText(first: string, last: string, locale: string): string {
  return onDate(locale, { dateStyle: 'medium' }).formatRange(midnightMs(first), midnightMs(last))
}

/** `Mon 30` */
export function dayText(date: string, locale: string): string {
  return onDate(locale, { weekday: 'short', day: 'numeric' }).format(midnightMs(date))
}

/** `Monday` of an ISO 8601 weekday. */
export function weekdayText(weekday: number, locale: string): string {
  return onDate(locale, { weekday: 'long' }).format(FIRST_MONDAY_MS + (weekday - 1) * MS_PER_DAY)
}

/** `9 AM`, `09` for the whole hours beside a calendar. */
export function hourText(minuteOfDay: number, locale: string): string {
  return onDate(locale, { hour: 'numeric' }).format(minuteOfDay * MS_PER_MIN)
}

/** `9:30 AM`, `09:30` of a time of the day, HH:MM. */
export function clockText(time: string, locale: string): string {
  const minute = Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
  return onDate(locale, { timeStyle: 'short' }).format(minute * MS_PER_MIN)
}

/** Local dates are formatted at their midnight in UTC, so that no zone moves them. */
function onDate(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' })
}

function midnightMs(date: string): number {
  return Date.parse(`${date}T00:00:00Z`)
}
