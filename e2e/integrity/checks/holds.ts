import type { Evidence } from '../evidence/evidence.ts'
import type { HoldRow } from '../evidence/rows.ts'
import { changesOf, type Transaction } from '../evidence/timeline.ts'
import { isUncertain, type Entry } from '../history.ts'
import { SLACK_MS, type Finding } from './finding.ts'

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
  const offered = offeredHolds(timeline)
  for (const transaction of timeline) {
    for (const { op, row } of changesOf(transaction, 'hold')) {
      if (op === 'insert') made.set(row.id, transaction.atMs)
      if (op !== 'delete' || isTaken(row, transaction) || mayHaveEnded(row, transaction, released.get(row.id))) continue
      const offer = offered.get(row.id)
      if (offer && offer.endedMs <= transaction.atMs + SLACK_MS) continue
      violations.push(`at ${new Date(transaction.atMs).toISOString()} a hold ended too early: ${JSON.stringify(row)}`)
    }
  }
  violations.push(...wrongBeginnings(history, timeline, made))
  for (const { table, row } of tables) {
    if (table === 'hold') violations.push(`expired, but still there: ${JSON.stringify(row)}`)
  }
  return { counted: made.size, what: 'holds', violations }
}

/** A booking is made, or moves, where the hold was. */
function isTaken(hold: HoldRow, transaction: Transaction): boolean {
  return changesOf(transaction, 'booking').some(
    ({ op, row }) => op !== 'delete' && row.serviceId === hold.serviceId && row.startMs === hold.startMs,
  )
}

/** Holds by which offers to those who wait were kept, or were to be, and when that was over. */
function offeredHolds(timeline: Transaction[]): Map<string, { endedMs: number }> {
  const keys = timeline.flatMap((transaction) => changesOf(transaction, 'idempotency_key'))
  const asked = new Set(keys.map(({ row }) => row.body['id']))
  const holds = timeline.flatMap((transaction) => changesOf(transaction, 'hold'))
  // Clients hold under a key. What nobody asked for was to be offered, and may have been given up before it was.
  const offered = new Map(holds.flatMap(({ row: { id } }) => (asked.has(id) ? [] : [[id, { endedMs: 0 }]])))
  for (const transaction of timeline)
    for (const { row } of changesOf(transaction, 'wish_offer')) {
      // Whoever takes an offer in its last moment has it: it may be ended twice.
      const beforeMs = offered.get(row.holdId)?.endedMs || Infinity
      offered.set(row.holdId, { endedMs: row.state === 'open' ? Infinity : Math.min(beforeMs, transaction.atMs) })
    }
  return offered
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
  const isAnybodyWaiting = timeline.some((transaction) => changesOf(transaction, 'wish').length > 0)
  for (const id of made.keys()) {
    const entry = asked.get(keyOf.get(id) ?? '')
    if (!keyOf.has(id) && isAnybodyWaiting) continue
    if (!entry) violations.push(`nobody asked for hold ${id}`)
    else if (entry.outcome === 'refused' && !isUncertain(entry))
      violations.push(`refused, but made: ${JSON.stringify(entry)}`)
  }
  return violations
}
