import type { Evidence } from '../evidence/evidence.ts'
import type { ClaimRow } from '../evidence/rows.ts'
import { changesOf } from '../evidence/timeline.ts'
import type { Finding } from './finding.ts'

/** Nobody and nothing is claimed twice for one time, at the end. Computed from the claims alone. */
export function findOverlaps({ tables }: Pick<Evidence, 'tables'>): Finding {
  const claims = tables.flatMap((row) => (row.table === 'claim' ? [row.row] : []))
  const violations: string[] = []
  for (const group of Map.groupBy(claims, unitOf).values()) {
    const sorted = group.toSorted((a, b) => a.startMs - b.startMs)
    let latest: ClaimRow | undefined
    for (const claim of sorted) {
      if (latest && claim.startMs < latest.endMs) violations.push(describe(latest, claim))
      if (!latest || claim.endMs > latest.endMs) latest = claim
    }
  }
  return { counted: claims.length, what: 'claims', violations }
}

/** The same at every moment of the run: what was put right again later counts, too. */
export function findOverlapsEver({ timeline }: Pick<Evidence, 'timeline'>): Finding {
  const live = new Map<string, Map<string, ClaimRow>>()
  const violations: string[] = []
  let counted = 0
  for (const transaction of timeline) {
    const changes = changesOf(transaction, 'claim')
    for (const { op, row } of changes) {
      const unit = live.get(unitOf(row)) ?? new Map<string, ClaimRow>()
      live.set(unitOf(row), unit)
      if (op === 'delete') unit.delete(row.id)
      else unit.set(row.id, row)
    }
    for (const { op, row } of changes) {
      if (op === 'delete') continue
      counted += 1
      for (const other of live.get(unitOf(row))?.values() ?? []) {
        if (other.id === row.id || other.startMs >= row.endMs || row.startMs >= other.endMs) continue
        violations.push(`at ${new Date(transaction.atMs).toISOString()}: ${describe(other, row)}`)
      }
    }
  }
  return { counted, what: 'claims', violations }
}

const unitOf = ({ organizationId, subjectId, unit }: ClaimRow) => `${organizationId} ${subjectId} ${unit}`

function describe(a: ClaimRow, b: ClaimRow): string {
  return `claims overlap on unit ${a.unit} of ${a.subjectId}: ${spanOf(a)} and ${spanOf(b)}`
}

function spanOf({ id, startMs, endMs, bookingId, holdId, sessionId }: ClaimRow): string {
  const whose = bookingId ? `booking ${bookingId}` : holdId ? `hold ${holdId}` : `session ${sessionId ?? ''}`
  return `${id} from ${new Date(startMs).toISOString()} to ${new Date(endMs).toISOString()} of ${whose}`
}
