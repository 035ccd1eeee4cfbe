import { wholeNumber } from '#lib/ui/form-data.ts'

/** Minutes of each unit in which a span is entered, from the longest. */
const UNIT_MIN = { days: 1440, hours: 60, minutes: 1 } as const

export type SpanUnit = keyof typeof UNIT_MIN
export const SPAN_UNITS: readonly SpanUnit[] = ['minutes', 'hours', 'days']

/** Says a span in the longest unit that says it exactly. */
export function splitSpan(min: number): { amount: number; unit: SpanUnit } {
  if (min > 0 && min % UNIT_MIN.days === 0) return { amount: min / UNIT_MIN.days, unit: 'days' }
  if (min > 0 && min % UNIT_MIN.hours === 0) return { amount: min / UNIT_MIN.hours, unit: 'hours' }
  return { amount: min, unit: 'minutes' }
}

/** The minutes of a span that was entered as an amount and a unit; NaN when either is none. */
export function joinSpan(amount: string, unit: string): number {
  const known = SPAN_UNITS.find((name) => name === unit)
  return known ? wholeNumber(amount) * UNIT_MIN[known] : Number.NaN
}

/** Reads a list such as "30, 60" of minutes; an entry that is no number is NaN. */
export function minutesList(text: string): number[] {
  return text
    .split(/[,;\s]+/)
    .filter((part) => part !== '')
    .map(wholeNumber)
}
