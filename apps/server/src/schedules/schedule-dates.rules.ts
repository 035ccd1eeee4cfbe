import type { FieldError } from '../shared/app-error.ts'
import { isCalendarDate } from '../shared/clock.ts'
import { knownZone, UNKNOWN_ZONE } from '../shared/time-zone.ts'

/** Dates, both inclusive. */
type Range = { fromDate: string; toDate: string }

/** Dates outside of these years are slips of the keyboard. */
const FIRST_YEAR = 2000
const LAST_YEAR = 2100

/** What is wrong with a date that must be there once. */
export function dateErrors(date: string, field: string, twice: boolean): FieldError[] {
  const year = Number(date.slice(0, 4))
  if (!isCalendarDate(date)) return [{ field, message: `There is no ${date} in the calendar.` }]
  if (year < FIRST_YEAR || year > LAST_YEAR) {
    return [{ field, message: `Give a date between ${FIRST_YEAR} and ${LAST_YEAR}.` }]
  }
  return twice ? [{ field, message: `${date} is there twice: put all its hours into one entry.` }] : []
}

/** Closures may overlap, but none is there twice. */
export function closureErrors(closures: readonly Range[]): FieldError[] {
  const seen = new Set<string>()
  return closures.flatMap((closure, index) => {
    const field = `closures.${index}`
    const key = `${closure.fromDate} ${closure.toDate}`
    const isTwice = seen.has(key)
    seen.add(key)
    const message = `The closure from ${closure.fromDate} to ${closure.toDate} is there twice.`
    return [...rangeErrors(closure, field), ...(isTwice ? [{ field: `${field}.fromDate`, message }] : [])]
  })
}

/** Nobody is in two places on one day. */
export function stayErrors(stays: readonly (Range & { timeZone: string })[]): FieldError[] {
  return stays.flatMap((stay, index) => {
    const field = `stays.${index}`
    const errors = rangeErrors(stay, field)
    if (knownZone(stay.timeZone) === undefined) errors.push({ field: `${field}.timeZone`, message: UNKNOWN_ZONE })
    const other = stays.slice(0, index).find((one) => one.fromDate <= stay.toDate && stay.fromDate <= one.toDate)
    if (errors.length > 0 || !other) return errors
    const message = `This stay overlaps the one from ${other.fromDate} to ${other.toDate}.`
    return [{ field: `${field}.fromDate`, message }]
  })
}

/** The earliest first. */
export function inOrder<One extends Range>(ranges: readonly One[]): One[] {
  const keyOf = ({ fromDate, toDate }: Range) => `${fromDate} ${toDate}`
  return ranges.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

function rangeErrors({ fromDate, toDate }: Range, field: string): FieldError[] {
  const errors = [...dateErrors(fromDate, `${field}.fromDate`, false), ...dateErrors(toDate, `${field}.toDate`, false)]
  if (errors.length > 0 || fromDate <= toDate) return errors
  return [{ field: `${field}.toDate`, message: `The last day, ${toDate}, must not be before the first, ${fromDate}.` }]
}
