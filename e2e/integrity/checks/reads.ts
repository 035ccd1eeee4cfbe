import type { Evidence } from '../evidence/evidence.ts'
import type { BookingRow } from '../evidence/rows.ts'
import type { Entry, ToldBooking } from '../history.ts'
import type { Finding } from './finding.ts'
import { versionsOf, wasBetween, type Version } from './versions.ts'

/**
 * Every answer that shows a booking shows it as it was at some moment between the request and the answer: nobody reads the
 * past, or what was never committed. What a request sent again is told is what it was told first.
 */
export function findWrongReads({ timeline, history }: Pick<Evidence, 'timeline' | 'history'>): Finding {
  const versions = versionsOf(timeline)
  const violations: string[] = []
  let counted = 0
  for (const entry of history.filter(({ outcome }) => outcome === 'done')) {
    for (const told of [entry.told, ...(entry.told.bookings ?? [])]) {
      const shown = told.id === undefined ? undefined : versions.get(told.id)
      if (!shown || told.state === undefined) continue
      counted += 1
      if (!expected(entry, shown).some(({ row }) => looksLike(row, told)))
        violations.push(`shows a booking as it was not then: ${JSON.stringify(entry)}`)
    }
  }
  return { counted, what: 'bookings shown', violations }
}

/** The versions that the answer may show. */
function expected(entry: Entry, versions: Version[]): Version[] {
  const { kind } = entry.effect
  if (BEGINNINGS.includes(kind)) return versions.slice(0, 1)
  return versions.filter((version) => wasBetween(version, entry))
}

/** Their answers are kept as they were given first. */
const BEGINNINGS: Entry['effect']['kind'][] = ['book', 'repeat', 'together', 'split']

function looksLike(row: BookingRow, told: ToldBooking): boolean {
  const isThen = told.start === undefined || Date.parse(told.start) === row.startMs
  return told.state === row.state && isThen && (told.provider === undefined || told.provider === row.providerId)
}
