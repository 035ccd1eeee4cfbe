import type { Evidence, LedgerRow } from '../evidence/evidence.ts'
import { changesOf } from '../evidence/timeline.ts'
import type { Delivery } from '../system/mail-server.ts'
import type { Finding } from './finding.ts'

/** Everything that was to be told is sent: in the ledger, and at the mail server under its own Message-ID. */
export function findUnsent({
  timeline,
  ledger,
  deliveries,
}: Pick<Evidence, 'timeline' | 'ledger' | 'deliveries'>): Finding {
  const taken = Map.groupBy(deliveries, ({ messageId }) => messageId)
  const rows = new Map(ledger.map((row) => [row.id, row]))
  const queued = timeline.flatMap((transaction) => changesOf(transaction, 'message').map(({ row }) => row.id))
  const violations: string[] = []
  for (const id of queued) {
    const row = rows.get(id)
    if (!row) violations.push(`message ${id} is gone from the ledger`)
    else if (row.state !== 'sent') violations.push(`not sent: ${JSON.stringify(row)}`)
    else if (!taken.has(id))
      violations.push(`sent in the ledger, but the mail server never got it: ${JSON.stringify(row)}`)
  }
  const known = new Set(queued)
  for (const id of taken.keys()) if (!known.has(id)) violations.push(`the mail server got ${id}, which nobody queued`)
  return { counted: queued.length, what: 'messages', violations }
}

/**
 * Nobody gets a message twice without need: who is killed between the mail server's yes and writing it down sends again,
 * under the same Message-ID, by which readers see it once. Without a fault at that time there is no such need.
 */
export function findNeedlessRepeats({ deliveries, faults }: Pick<Evidence, 'deliveries' | 'faults'>): Finding {
  const violations: string[] = []
  let repeats = 0
  for (const [id, times] of Map.groupBy(deliveries, ({ messageId }) => messageId)) {
    for (const [index, { atMs }] of times.slice(1).entries()) {
      const firstMs = times[index]?.atMs ?? 0
      repeats += 1
      // Written down a moment after: a fault that began shortly before may have caught that.
      const isExcused = faults.some(({ fromMs, toMs }) => fromMs <= atMs && toMs >= firstMs - RECENT_MS)
      if (!isExcused)
        violations.push(`message ${id} was delivered twice, at ${firstMs} and ${atMs}, with no fault between`)
    }
  }
  const notes = repeats === 0 ? [] : [`${repeats} delivered once more under the same Message-ID, after a fault`]
  return { counted: deliveries.length, what: 'deliveries', violations, notes }
}

const RECENT_MS = 10_000

/** To one reader, the news of a booking come in the order in which they happened. */
export function findOvertaking({ ledger, deliveries }: Pick<Evidence, 'ledger' | 'deliveries'>): Finding {
  const first = firstDeliveries(deliveries)
  const violations: string[] = []
  const steps = ledger.flatMap(({ sequence, ...row }) => (sequence === null ? [] : [{ ...row, sequence }]))
  const readers = Map.groupBy(steps, ({ bookingId, recipient }) => `${bookingId} ${recipient}`)
  for (const [reader, rows] of readers) {
    const sorted = rows.toSorted((a, b) => a.sequence - b.sequence)
    for (const [index, row] of sorted.entries()) {
      const before = sorted.slice(0, index).filter(({ sequence }) => sequence < row.sequence)
      const late = before.find(({ id }) => (first.get(id) ?? Infinity) > (first.get(row.id) ?? Infinity))
      if (late) violations.push(`${reader}: ${describe(row)} came before ${describe(late)}`)
    }
  }
  return { counted: readers.size, what: 'readers of a booking', violations }
}

function firstDeliveries(deliveries: Delivery[]): Map<string, number> {
  const first = new Map<string, number>()
  for (const [index, { messageId }] of deliveries.entries()) if (!first.has(messageId)) first.set(messageId, index)
  return first
}

const describe = ({ id, sequence }: Pick<LedgerRow, 'id' | 'sequence'>) => `step ${sequence} (message ${id})`
