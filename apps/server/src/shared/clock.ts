/** The only place of the server that asks what time it is. */
export type Clock = {
  /** epoch milliseconds, UTC */
  nowMs: () => number
}

export const systemClock: Clock = { nowMs: () => Date.now() }

/** RFC 3339 in UTC, no longer than need be: 2026-03-29T00:30:00Z. */
export function toInstantText(instantMs: number): string {
  const text = new Date(instantMs).toISOString()
  return text.endsWith('.000Z') ? `${text.slice(0, -'.000Z'.length)}Z` : text.replace(/0+Z$/, 'Z')
}

/** The moment as the database driver takes it. */
export function toDate(instantMs: number): Date {
  return new Date(instantMs)
}

/**
 * Epoch milliseconds of an RFC 3339 text with an offset.
 * @returns undefined when the text is none
 */
export function parseInstantMs(text: string): number | undefined {
  if (!RFC3339.test(text) || !isCalendarDate(text.slice(0, 10))) return undefined
  const instantMs = Date.parse(text)
  return Number.isNaN(instantMs) ? undefined : instantMs
}

/** RFC 3339 §5.6, with the offset that makes it an instant. */
const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/

/** Whether the calendar has the date, YYYY-MM-DD: Date.parse alone takes the 30th of February for the 2nd of March. */
export function isCalendarDate(text: string): boolean {
  const dateMs = Date.parse(text)
  return text >= FIRST_DATE && !Number.isNaN(dateMs) && new Date(dateMs).toISOString().startsWith(text)
}

/** PostgreSQL knows no year 0. */
const FIRST_DATE = '0001-01-01'
