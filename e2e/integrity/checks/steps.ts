import type { Evidence } from '../evidence/evidence.ts'
import type { BookingRow, EventRow } from '../evidence/rows.ts'
import { changesOf } from '../evidence/timeline.ts'
import type { Finding } from './finding.ts'

/**
 * Every change of a booking is told in the transaction that makes it: exactly one event in the audit trail, which says what
 * happened, and the messages that it calls for.
 */
export function findUntoldSteps({ timeline }: Pick<Evidence, 'timeline'>): Finding {
  const bookings = new Map<string, BookingRow>()
  const violations: string[] = []
  let counted = 0
  for (const transaction of timeline) {
    const after = new Map<string, BookingRow>()
    const at = new Date(transaction.atMs).toISOString()
    for (const { op, row } of changesOf(transaction, 'booking')) {
      if (op === 'delete') violations.push(`at ${at}: booking ${row.id} was deleted`)
      after.set(row.id, row)
    }
    const inserted = changesOf(transaction, 'audit_event').map(({ row }) => row)
    const events = Map.groupBy(
      inserted.filter(({ entity }) => entity === 'booking'),
      ({ entityId }) => entityId,
    )
    const messages = Map.groupBy(
      changesOf(transaction, 'message').map(({ row }) => row),
      ({ bookingId }) => bookingId,
    )
    for (const id of new Set([...after.keys(), ...events.keys(), ...messages.keys()])) {
      counted += 1
      const before = bookings.get(id)
      const told = (messages.get(id) ?? []).map(({ kind, audience }) => `${kind} ${audience}`)
      const problem = problemOf({ before, after: after.get(id) ?? before, events: events.get(id) ?? [], told })
      if (problem !== undefined) violations.push(`at ${at}: booking ${id} ${problem}`)
    }
    for (const [id, row] of after) bookings.set(id, row)
  }
  return { counted, what: 'changes of bookings', violations }
}

type StepFacts = { before: BookingRow | undefined; after: BookingRow | undefined; events: EventRow[]; told: string[] }

function problemOf({ before, after, events, told }: StepFacts): string | undefined {
  const [event, ...more] = events
  if (!event) return 'changed without an event in the audit trail'
  if (more.length > 0) return `changed once with several events: ${events.map(({ action }) => action).join(', ')}`
  const step = STEPS[event.action]
  if (!step) return `has an event that no step has: ${event.action}`
  if (!after || !step.fits(after, before, event)) return `is not what its event says: ${describe(before, after, event)}`
  const hasMoved = before !== undefined && before.providerId !== after.providerId
  const wanted = step.tells === undefined ? [] : [`${step.tells} customer`, `${step.tells} provider`]
  if (hasMoved && step.tellsFormer) wanted.push('booking.cancelled provider')
  if (JSON.stringify(wanted.sort()) !== JSON.stringify(told.sort()))
    return `was ${event.action} and told "${told.join(', ')}" instead of "${wanted.join(', ')}"`
  return undefined
}

type Step = {
  fits: (after: BookingRow, before: BookingRow | undefined, event: EventRow) => boolean
  /** the message that customer and provider get */
  tells?: string
  /** whoever served before is told that it is off */
  tellsFormer?: true
}

const begins =
  (state: string): Step['fits'] =>
  (after, before) =>
    !before && after.state === state
const becomes =
  (from: string[], to: string, newer: number): Step['fits'] =>
  (after, before) =>
    before !== undefined &&
    from.includes(before.state) &&
    after.state === to &&
    after.sequence === before.sequence + newer

const moves: Step['fits'] = (after, before, { detail }) =>
  before?.state === after.state &&
  after.sequence === before.sequence + 1 &&
  after.startMs === Date.parse(String(detail['to'])) &&
  after.providerId === detail['provider']

const isGiven: Step['fits'] = (after, before, { detail }) =>
  before?.state === after.state &&
  after.sequence === before.sequence + 1 &&
  after.startMs === before.startMs &&
  after.providerId === detail['to']

/** Every step that a booking can take: by the action in the audit trail. */
const STEPS: Record<string, Step> = {
  'booking.created': { fits: begins('confirmed'), tells: 'booking.confirmation' },
  'booking.created_by_override': { fits: begins('confirmed'), tells: 'booking.confirmation' },
  'booking.requested': { fits: begins('pending'), tells: 'booking.requested' },
  'booking.moved': { fits: moves, tells: 'booking.rescheduled', tellsFormer: true },
  'booking.moved_by_override': { fits: moves, tells: 'booking.rescheduled', tellsFormer: true },
  'booking.reassigned': { fits: isGiven, tells: 'booking.reassigned', tellsFormer: true },
  'booking.approved': { fits: becomes(['pending'], 'confirmed', 1), tells: 'booking.confirmation' },
  'booking.declined': { fits: becomes(['pending'], 'cancelled', 1), tells: 'booking.declined' },
  'booking.lapsed': { fits: becomes(['pending'], 'cancelled', 1), tells: 'booking.declined' },
  'booking.cancelled': { fits: becomes(['pending', 'confirmed'], 'cancelled', 1), tells: 'booking.cancelled' },
  'booking.checked_in': { fits: becomes(['confirmed'], 'confirmed', 0) },
  'booking.completed': { fits: becomes(['confirmed', 'no_show'], 'completed', 0) },
  'booking.no_show': { fits: becomes(['confirmed', 'completed'], 'no_show', 0) },
}

function describe(before: BookingRow | undefined, after: BookingRow | undefined, { action, detail }: EventRow): string {
  return `${action} ${JSON.stringify(detail)}, from ${JSON.stringify(before)} to ${JSON.stringify(after)}`
}
