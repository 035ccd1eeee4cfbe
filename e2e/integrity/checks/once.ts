import type { Evidence } from '../evidence/evidence.ts'
import type { BookingRow } from '../evidence/rows.ts'
import { changesOf } from '../evidence/timeline.ts'
import { isUncertain, type Entry } from '../history.ts'
import { SLACK_MS, type Finding } from './finding.ts'
import { indexTags, tagOf } from './tags.ts'

type Known = Pick<Evidence, 'tables' | 'history' | 'timeline' | 'businesses'>

/** One request, however often it is sent, makes one booking: the one that was answered, as it was asked for. */
export function findWrongBookings({ tables, history, timeline, businesses }: Known): Finding {
  const slugs = new Map(businesses.flatMap(({ services }) => services.map(({ id, slug }) => [id, slug])))
  const { bookings } = indexTags(tables)
  const first = firstVersions(timeline)
  const asked = new Map(history.flatMap((entry) => askedTags(entry).map((tag) => [tag, entry] as const)))
  const parted = partedFrom(timeline)
  const violations: string[] = []
  for (const [tag, rows] of bookings) {
    const own = rows.filter(({ id }) => !parted.has(id))
    const problem = rowProblem(own, asked.get(tag))
    if (problem !== undefined) violations.push(`${problem}: ${tag}, ${JSON.stringify(asked.get(tag) ?? rows)}`)
  }
  for (const [tag, entry] of asked) {
    if (entry.outcome !== 'done' || entry.effect.kind !== 'book') continue
    const row = bookings.get(tag)?.find(({ id }) => !parted.has(id))
    const begun = row && first.get(row.id)
    if (!row || row.id !== entry.told.id) violations.push(`answered, but lost: ${JSON.stringify(entry)}`)
    else if (!begun || !isAsAsked(begun, entry, slugs)) violations.push(`not as asked for: ${JSON.stringify(entry)}`)
  }
  return { counted: asked.size, what: 'bookings asked for', violations }
}

/** What a booking is made under: by whoever books, or by whoever waits and takes what is offered. */
function askedTags({ effect }: Entry): string[] {
  if (effect.kind === 'book' || effect.kind === 'together') return [effect.tag]
  return effect.kind === 'wish' && effect.tag !== undefined ? [effect.tag] : []
}

/** Bookings of those who went to another time than the rest of their party, under the tag of all. */
function partedFrom(timeline: Evidence['timeline']): Set<string> {
  const events = timeline.flatMap((transaction) => changesOf(transaction, 'audit_event'))
  return new Set(events.flatMap(({ row }) => (row.action === 'booking.split_off' ? [row.entityId] : [])))
}

function rowProblem(rows: BookingRow[], entry: Entry | undefined): string | undefined {
  if (!entry) return 'nobody asked for it'
  const most = entry.effect.kind === 'together' ? entry.effect.total : 1
  if (rows.length > most) return `${rows.length} bookings for one request of ${most}`
  return entry.outcome === 'refused' && !isUncertain(entry) ? 'refused, but there' : undefined
}

function firstVersions(timeline: Evidence['timeline']): Map<string, BookingRow> {
  const first = new Map<string, BookingRow>()
  for (const transaction of timeline)
    for (const { row } of changesOf(transaction, 'booking')) if (!first.has(row.id)) first.set(row.id, row)
  return first
}

function isAsAsked(row: BookingRow, { effect }: Entry, slugs: Map<string, string>): boolean {
  if (effect.kind !== 'book') return false
  const isSame = slugs.get(row.serviceId) === effect.service && row.startMs === effect.startMs
  return isSame && row.seats === effect.seats && tagOf(row) === effect.tag
}

/** A key keeps its answer: who sends again is told the same, who sends something else is refused. */
export function findKeyTrouble({ history, timeline }: Pick<Evidence, 'history' | 'timeline'>): Finding {
  const kept = new Map<string, { body: Record<string, unknown>; atMs: number }>()
  for (const transaction of timeline)
    for (const { op, row } of changesOf(transaction, 'idempotency_key'))
      if (op !== 'delete') kept.set(row.key, { body: row.body, atMs: transaction.atMs })
  const keyed = history.filter(({ key }) => key !== undefined)
  const violations = keyed.flatMap((entry) => {
    const problem = keyProblem(entry, kept.get(entry.key ?? ''))
    return problem === undefined ? [] : [`${problem}: ${JSON.stringify(entry)}`]
  })
  return { counted: keyed.length, what: 'requests with a key', violations }
}

type Kept = { body: Record<string, unknown>; atMs: number } | undefined

function keyProblem(entry: Entry, kept: Kept): string | undefined {
  const { effect, outcome, told, code } = entry
  if (effect.kind === 'repeat') {
    if (outcome === 'refused') return 'sent again, it was refused'
    return outcome === 'done' && told.id !== effect.answerId ? 'sent again, it got another answer' : undefined
  }
  if (effect.kind === 'reuse') {
    if (outcome === 'done') return 'a used key took another request'
    const isOther = outcome === 'refused' && code !== 'idempotency.key_reused'
    return isOther ? 'a used key was refused for another reason' : undefined
  }
  return outcome === 'done' ? answerProblem(entry, kept) : refusalProblem(entry, kept)
}

function answerProblem({ effect, told }: Entry, kept: Kept): string | undefined {
  if (!kept) return 'its answer is not kept'
  const isSame = effect.kind === 'many' || kept.body['id'] === undefined || told.id === kept.body['id']
  return isSame ? undefined : `it was answered otherwise than is kept (${JSON.stringify(kept.body)})`
}

function refusalProblem(entry: Entry, kept: Kept): string | undefined {
  if (entry.outcome !== 'refused' || !kept) return undefined
  if (!isUncertain(entry)) return 'refused, but its answer is kept'
  // The try that was fulfilled had ended before the last one began, which must have found it.
  const isFound = kept.atMs < entry.lastSentMs - SLACK_MS
  return isFound ? 'refused, though an earlier try had been fulfilled' : undefined
}
