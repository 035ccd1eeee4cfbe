/** What the booking pages say about time, in the reader's language; 12 or 24 hours follow from it. */

/** `March 2026` of `2026-03` */
export function monthText(month: string, locale: string): string {
  return ofDate(`${month}-01`, locale, { month: 'long', year: 'numeric' })
}

/** `Monday, March 30` */
export function dayText(date: string, locale: string): string {
  return ofDate(date, locale, { weekday: 'long', month: 'long', day: 'numeric' })
}

/** `30` */
export function dayNumber(date: string, locale: string): string {
  return new Intl.NumberFormat(locale).format(Number(date.slice(8)))
}

/** `Mon` and `Monday` of an ISO 8601 weekday. */
export function weekdayTexts(weekday: number, locale: string): { short: string; long: string } {
  const date = `2024-01-0${String(weekday)}` // 1 January 2024 was a Monday
  return { short: ofDate(date, locale, { weekday: 'short' }), long: ofDate(date, locale, { weekday: 'long' }) }
}

/** `9:30 AM`, `09:30` */
export function timeText(instant: string, timeZone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone }).format(Date.parse(instant))
}

/** `Monday, March 30, 2026` */
export function fullDayText(instant: string, timeZone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone }).format(Date.parse(instant))
}

/** `9:30 – 10:15 AM` */
export function timeRangeText(span: { start: string; end: string }, timeZone: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone })
  return format.formatRange(Date.parse(span.start), Date.parse(span.end))
}

/** `Mon, Mar 30, 9:30 AM` */
export function momentText(instant: string, timeZone: string, locale: string): string {
  const options = { weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' } as const
  return new Intl.DateTimeFormat(locale, { ...options, timeZone }).format(Date.parse(instant))
}

/** `Central European Summer Time (Europe/Berlin)`: the name at that instant. */
export function zoneText(timeZone: string, instant: string | number, locale: string): string {
  const at = typeof instant === 'number' ? instant : Date.parse(instant)
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'long' }).formatToParts(at)
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone
  return `${name} (${timeZone.replaceAll('_', ' ')})`
}

/** `45 min`, `1 hr 30 min` */
export function lengthText(minutes: number, locale: string): string {
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  const unit = (value: number, name: 'hour' | 'minute') =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value)
  if (hours === 0) return unit(rest, 'minute')
  return rest === 0 ? unit(hours, 'hour') : `${unit(hours, 'hour')} ${unit(rest, 'minute')}`
}

/** Local dates are formatted at their midnight in UTC, so that no zone moves them. */
function ofDate(date: string, locale: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(Date.parse(`${date}T00:00:00Z`))
}
