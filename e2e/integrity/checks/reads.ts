import type { Evidence } from '../evidence/evidence.ts'
import type { BookingRow } from '../evidence/rows.ts'
import { changesOf } from '../evidence/timeline.ts'
import type { Entry } from '../history.ts'
import { SLACK_MS, type Finding } from './finding.ts'

/**
 * Every answer that shows a booking shows it as it was at some moment between the request and the answer: nobody reads the
 * past, or what was never committed. What a request sent again is told is what it was told first.
 */
export function findWrongReads({ timeline, history }: Pick<Evidence, 'timeline' | 'history'>): Finding {
  const versions = versionsOf(timeline)
  const violations: string[] = []
  let counted = 0
  for (const entry of history) {
    const { told, outcome } = entry
    const shown = told.id === undefined ? undefined : versions.get(told.id)
    if (outcome !== 'done' || !shown || told.state === undefined) continue
    counted += 1
    if (!expected(entry, shown).some(({ row }) => looksLike(row, entry)))
      violations.push(`shows a booking as it was not then: ${JSON.stringify(entry)}`)
  }
  return { counted, what: 'bookings shown', violations }
}

type Version = { row: BookingRow; fromMs: number; untilMs: number }

function versionsOf(timeline: Evidence['timeline']): Map<string, Version[]> {
  const versions = new Map<string, Version[]>()
  for (const transaction of timeline) {
    for (const { row } of changesOf(transaction, 'booking')) {
      const list = versions.get(row.id) ?? []
      versions.set(row.id, list)
      const last = list.at(-1)
      if (last) last.untilMs = transaction.atMs
      list.push({ row, fromMs: transaction.atMs, untilMs: Infinity })
    }
  }
  return versions
}

/** The versions that the answer may show. */
function expected({ effect, invokedMs, endedMs }: Entry, versions: Version[]): Version[] {
  if (effect.kind === 'book' || effect.kind === 'repeat') return versions.slice(0, 1)
  return versions.filter(({ fromMs, untilMs }) => fromMs <= endedMs + SLACK_MS && untilMs >= invokedMs - SLACK_MS)
}

function looksLike(row: BookingRow, { told }: Entry): boolean {
  const isThen = told.start === undefined || Date.parse(told.start) === row.startMs
  return told.state === row.state && isThen && (told.provider === undefined || told.provider === row.providerId)
}
