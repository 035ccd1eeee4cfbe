import type { Evidence } from '../evidence/evidence.ts'
import type { TableRow } from '../evidence/rows.ts'
import { keyOf } from '../evidence/timeline.ts'
import type { Finding } from './finding.ts'

/** What all other checks stand on: the changes on record lead to exactly the rows that are there. */
export function findRecordGaps({ timeline, tables }: Pick<Evidence, 'timeline' | 'tables'>): Finding {
  const live = new Map<string, TableRow>()
  for (const { changes } of timeline) {
    for (const { op, ...change } of changes) {
      if (change.table === 'message') continue
      if (op === 'delete') live.delete(keyOf(change))
      else live.set(keyOf(change), change)
    }
  }
  const violations: string[] = []
  for (const row of tables) {
    const key = keyOf(row)
    const recorded = live.get(key)
    if (!live.delete(key)) violations.push(`${key} is in the database, though nothing on record made it`)
    else if (JSON.stringify(recorded?.row) !== JSON.stringify(row.row))
      violations.push(`${key} differs from its last change: ${JSON.stringify(row.row)}`)
  }
  for (const key of live.keys())
    violations.push(`${key} is gone from the database, though nothing on record removed it`)
  return { counted: tables.length, what: 'rows', violations }
}
