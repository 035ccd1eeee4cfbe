import type { Evidence } from '../evidence/evidence.ts'
import type { HoldRow } from '../evidence/rows.ts'
import { changesOf, type Transaction } from '../evidence/timeline.ts'
import { isUncertain, type Entry } from '../history.ts'
import { SLACK_MS, type Finding } from './finding.ts'
import { tagOf } from './tags.ts'

/** A process whose clock is ahead may take a hold for expired that much too early. */
const SKEW_MS = 90_000

/** A hold is there once it was answered, and ends only by being booked, released or expired; in the end none is left. */
export function findLostHolds({
  timeline,
  history,
  tables,
}: Pick<Evidence, 'timeline' | 'history' | 'tables'>): Finding {
  const violations: string[] = []
  const made = new Map<string, number>()
  const releases = history.filter(({ effect }) => effect.kind === 'release')
  const released = new Map(releases.map((entry) => [entry.effect.kind === 'release' ? entry.effect.holdId : '', entry]))
  const booked = bookedHolds(history)
  for (const transaction of timeline) {
    const converted = new Set(
      changesOf(transaction, 'booking').flatMap(({ op, row }) =>
        op === 'insert' ? (booked.get(tagOf(row)) ?? []) : [],
      ),
    )
    for (const { op, row } of changesOf(transaction, 'hold')) {
      if (op === 'insert') made.set(row.id, transaction.atMs)
      if (op !== 'delete' || converted.has(row.id) || mayHaveEnded(row, transaction, released.get(row.id))) continue
      violations.push(`at ${new Date(transaction.atMs).toISOString()} a hold ended too early: ${JSON.stringify(row)}`)
    }
  }
  violations.push(...wrongBeginnings(history, timeline, made))
  for (const { table, row } of tables) {
    if (table === 'hold') violations.push(`expired, but still there: ${JSON.stringify(row)}`)
  }
  return { counted: made.size, what: 'holds', violations }
}

/** The hold that each booking was to use up, by the booking's tag. */
function bookedHolds(history: Entry[]): Map<string, string> {
  return new Map(
    history.flatMap(({ effect }) =>
      effect.kind === 'book' && effect.holdId !== undefined ? [[effect.tag, effect.holdId] as const] : [],
    ),
  )
}

function mayHaveEnded({ expiresMs }: HoldRow, { atMs }: Transaction, release: Entry | undefined): boolean {
  const isExpired = atMs >= expiresMs - SKEW_MS - SLACK_MS
  return isExpired || (release !== undefined && release.invokedMs <= atMs + SLACK_MS)
}

/** Every answered hold was made, and every hold that was made belongs to a request that was not refused. */
function wrongBeginnings(history: Entry[], timeline: Transaction[], made: Map<string, number>): string[] {
  const violations: string[] = []
  const asked = new Map(history.flatMap((entry) => (entry.effect.kind === 'hold' ? [[entry.key ?? '', entry]] : [])))
  for (const entry of asked.values()) {
    if (entry.outcome === 'done' && !made.has(entry.told.id ?? ''))
      violations.push(`answered, but never made: ${JSON.stringify(entry)}`)
  }
  // The first key that names a hold has made it; a later one has extended it.
  const keys = timeline.flatMap((transaction) => changesOf(transaction, 'idempotency_key')).toReversed()
  const keyOf = new Map(keys.map(({ row }) => [row.body['id'], row.key]))
  for (const id of made.keys()) {
    const entry = asked.get(keyOf.get(id) ?? '')
    if (!entry) violations.push(`nobody asked for hold ${id}`)
    else if (entry.outcome === 'refused' && !isUncertain(entry))
      violations.push(`refused, but made: ${JSON.stringify(entry)}`)
  }
  return violations
}
