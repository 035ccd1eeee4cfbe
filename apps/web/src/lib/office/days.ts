import { addDays, isDate as isDateText } from '#lib/time/dates.ts'

/** The minute of the local day that an instant falls on, as its clocks show it. */
export function minuteOfDay(instantMs: number, timeZone: string): number {
  const { hour, minute } = zoned(instantMs, timeZone)
  return hour * 60 + minute
}

/** When the clocks of a zone show a minute of a date, in epoch milliseconds. Minute 1440 is the next midnight. */
export function msOfMinute(date: string, minute: number, timeZone: string): number {
  return Temporal.PlainDate.from(date).toPlainDateTime().add({ minutes: minute }).toZonedDateTime(timeZone)
    .epochMilliseconds
}

/** When a local day begins, in epoch milliseconds: some days do not begin at midnight. */
export function dayStartMs(date: string, timeZone: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds
}

/** Whether the text is a date of the calendar, YYYY-MM-DD. */
export function isDate(text: string | null): text is string {
  return text !== null && isDateText(text)
}

/** ISO 8601: Monday is 1, Sunday is 7. */
export function weekdayOf(date: string): number {
  return Temporal.PlainDate.from(date).dayOfWeek
}

/** The seven days of the week a date is in. `firstWeekday` is the reader's, as in {@link weekdayOf}. */
export function weekOf(date: string, firstWeekday: number): string[] {
  const first = addDays(date, -((weekdayOf(date) - firstWeekday + 7) % 7))
  return Array.from({ length: 7 }, (_, index) => addDays(first, index))
}

/** The date and the time of an instant as inputs take them. */
export function wallOf(instantMs: number, timeZone: string): { date: string; time: string } {
  const local = zoned(instantMs, timeZone)
  return { date: local.toPlainDate().toString(), time: local.toPlainTime().toString({ smallestUnit: 'minute' }) }
}

/**
 * The instant of a local time that a person typed.
 * @returns null when there is no such time: not a date, not a time, or skipped by a clock change. Of a time that occurs
 *   twice, the first.
 */
export function instantOfWall(date: string, time: string, timeZone: string): string | null {
  if (!isDate(date) || !/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) return null
  const wall = Temporal.PlainDateTime.from(`${date}T${time}`)
  const instant = wall.toZonedDateTime(timeZone)
  return instant.toPlainDateTime().equals(wall) ? instant.toInstant().toString() : null
}

/** Epoch milliseconds of an RFC 3339 instant. */
export function msOf(instant: string): number {
  return Temporal.Instant.from(instant).epochMilliseconds
}

/** An RFC 3339 instant in UTC. */
export function instantOf(epochMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toString()
}

function zoned(epochMs: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timeZone)
}
