/** Arithmetic on local dates, `YYYY-MM-DD`, and months, `YYYY-MM`. Runs on the server, as not every browser has Temporal. */

/** The local date of an instant. */
export function localDate(instant: string | number, timeZone: string): string {
  const at =
    typeof instant === 'number' ? Temporal.Instant.fromEpochMilliseconds(instant) : Temporal.Instant.from(instant)
  return at.toZonedDateTimeISO(timeZone).toPlainDate().toString()
}

/** Whether a text is a date that the calendar has. */
export function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && isReadable(() => Temporal.PlainDate.from(text))
}

/** Whether a text is a month that the calendar has. */
export function isMonth(text: string): boolean {
  return /^\d{4}-\d{2}$/.test(text) && isReadable(() => Temporal.PlainYearMonth.from(text))
}

/** Whether the runtime knows the time zone by this IANA name. */
export function isZone(name: string): boolean {
  return /^[A-Za-z]/.test(name) && isReadable(() => Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name))
}

/** The date so many days later. */
export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString()
}

/** The month so many months later. */
export function addMonths(month: string, months: number): string {
  return Temporal.PlainYearMonth.from(month).add({ months }).toString()
}

/** The month of a date. */
export function monthOf(date: string): string {
  return date.slice(0, 7)
}

/** The first and the last date of a month. */
export function monthRange(month: string): { first: string; last: string } {
  const days = Temporal.PlainYearMonth.from(month).daysInMonth
  return { first: `${month}-01`, last: `${month}-${String(days)}` }
}

/** The dates of a month by weeks; days of other months are undefined. */
export function weeksOf(month: string, firstWeekday: number): (string | undefined)[][] {
  const { first, last } = monthRange(month)
  const before = (Temporal.PlainDate.from(first).dayOfWeek - firstWeekday + 7) % 7
  const days = Number(last.slice(8))
  const weeks = Math.ceil((before + days) / 7)
  return Array.from({ length: weeks }, (_week, week) =>
    Array.from({ length: 7 }, (_day, weekday) => {
      const day = week * 7 + weekday - before
      return day >= 0 && day < days ? addDays(first, day) : undefined
    }),
  )
}

/** The epoch milliseconds of an instant, or undefined when the text is none. */
export function instantMs(text: string): number | undefined {
  return isReadable(() => Temporal.Instant.from(text)) ? Temporal.Instant.from(text).epochMilliseconds : undefined
}

/** Whole minutes between two instants. */
export function minutesBetween(start: string, end: string): number {
  return Math.round((Date.parse(end) - Date.parse(start)) / 60_000)
}

function isReadable(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
