import type { BookingRow } from '../evidence/rows.ts'
import { changesOf, type Transaction } from '../evidence/timeline.ts'
import { SLACK_MS } from './finding.ts'

/** How a booking was for a while. */
export type Version = { row: BookingRow; fromMs: number; untilMs: number }

/** What bookings were, one after another. */
export function versionsOf(timeline: Transaction[]): Map<string, Version[]> {
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

/** Whether it was so at some moment between a request and its answer. */
export function wasBetween({ fromMs, untilMs }: Version, asked: { invokedMs: number; endedMs: number }): boolean {
  return fromMs <= asked.endedMs + SLACK_MS && untilMs >= asked.invokedMs - SLACK_MS
}
