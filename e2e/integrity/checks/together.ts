import type { Evidence } from '../evidence/evidence.ts'
import { changesOf } from '../evidence/timeline.ts'
import { isUncertain, type Effect, type Entry } from '../history.ts'
import type { Finding } from './finding.ts'
import { tagOf } from './tags.ts'

/**
 * What was booked as one came into being as one: in a single transaction, and all of it, or as much as whoever asked had
 * agreed to.
 */
export function findTornBundles({ timeline, history }: Pick<Evidence, 'timeline' | 'history'>): Finding {
  const parts = new Map<string, string[][]>()
  for (const transaction of timeline) {
    const begun = changesOf(transaction, 'booking').filter(({ op }) => op === 'insert')
    for (const [tag, rows] of Map.groupBy(begun, ({ row }) => tagOf(row)))
      parts.set(tag, [...(parts.get(tag) ?? []), rows.map(({ row }) => row.id)])
  }
  const asked = history.flatMap((entry) => (entry.effect.kind === 'together' ? [{ entry, ...entry.effect }] : []))
  const violations = asked.flatMap(({ entry, ...effect }) => {
    const problem = problemOf(entry, effect, parts.get(effect.tag) ?? [])
    return problem === undefined ? [] : [`${problem}: ${JSON.stringify(entry)}`]
  })
  return { counted: asked.length, what: 'series and visits asked for', violations }
}

type Together = Extract<Effect, { kind: 'together' }>

function problemOf(entry: Entry, { total, mayLeave }: Together, made: string[][]): string | undefined {
  const [ids, ...later] = made
  if (later.length > 0) return 'made in several transactions'
  if (!ids) return entry.outcome === 'done' ? 'answered, but never made' : undefined
  if (entry.outcome === 'refused' && !isUncertain(entry)) return 'refused, but made'
  if (ids.length !== total && !mayLeave) return `${ids.length} of ${total} made`
  const told = (entry.told.bookings ?? []).map(({ id }) => id)
  const isTold = told.length === ids.length && ids.every((id) => told.includes(id))
  return entry.outcome === 'done' && !isTold ? 'made otherwise than answered' : undefined
}
