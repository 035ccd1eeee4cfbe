import type { Evidence } from '../evidence/evidence.ts'
import type { BookingRow, EventRow } from '../evidence/rows.ts'
import { changesOf, type Transaction } from '../evidence/timeline.ts'
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
    const messages = messagesIn(transaction)
    const steps = [...new Set([...after.keys(), ...events.keys(), ...messages.keys()])].map((id) => {
      const before = bookings.get(id)
      return { id, before, after: after.get(id) ?? before, events: events.get(id) ?? [], told: messages.get(id) ?? [] }
    })
    const together = toldTogether(steps)
    for (const step of steps) {
      counted += 1
      const problem = problemOf(step, together)
      if (problem !== undefined) violations.push(`at ${at}: booking ${step.id} ${problem}`)
    }
    for (const [id, row] of after) bookings.set(id, row)
  }
  return { counted, what: 'changes of bookings', violations }
}

type StepFacts = {
  id: string
  before: BookingRow | undefined
  after: BookingRow | undefined
  events: EventRow[]
  told: string[]
}

/** Messages by the booking of which they tell; those about wishes are no step of a booking. */
function messagesIn(transaction: Transaction): Map<string, string[]> {
  const told = new Map<string, string[]>()
  for (const { row } of changesOf(transaction, 'message')) {
    const { bookingId, kind, audience } = row
    if (bookingId !== null) told.set(bookingId, [...(told.get(bookingId) ?? []), `${kind} ${audience}`])
  }
  return told
}

/**
 * What is told once of several bookings that are made or changed as one: to the customer, and to each of the providers, by
 * the first of theirs. These are the messages that the others then go without, by what they have in common.
 */
function toldTogether(steps: StepFacts[]): Map<string, Set<string>> {
  const groups = Map.groupBy(steps, (step) => commonOf(step) ?? '')
  groups.delete('')
  return new Map(
    [...groups].flatMap(([common, group]) => {
      const all = group.flatMap(({ told }) => told)
      const once = all.filter((one) => one.endsWith(' provider') || all.indexOf(one) === all.lastIndexOf(one))
      return group.length > 1 ? [[common, new Set(once)] as const] : []
    }),
  )
}

/** Strangers' bookings may be made in one transaction; several are cancelled or moved in one only when they belong together. */
function commonOf({ events: [event] }: StepFacts): string | undefined {
  if (!event) return undefined
  const { action, detail } = event
  if (action === 'booking.cancelled' || action === 'booking.moved') return action
  return typeof detail['bundle'] === 'string' ? `${action} ${detail['bundle']}` : undefined
}

function problemOf(facts: StepFacts, together: Map<string, Set<string>>): string | undefined {
  const { before, after, events, told } = facts
  const [event, ...more] = events
  if (!event) return 'changed without an event in the audit trail'
  if (more.length > 0) return `changed once with several events: ${events.map(({ action }) => action).join(', ')}`
  const step = STEPS[event.action]
  if (!step) return `has an event that no step has: ${event.action}`
  if (!after || !step.fits(after, before, event)) return `is not what its event says: ${describe(before, after, event)}`
  const hasMoved = before !== undefined && before.providerId !== after.providerId
  const wanted = step.tells === undefined ? [] : [`${step.tells} customer`, `${step.tells} provider`]
  if (hasMoved && step.tellsFormer) wanted.push('booking.cancelled provider')
  const elsewhere = together.get(commonOf(facts) ?? '')
  const missing = wanted.filter((one) => !told.includes(one) && !elsewhere?.has(one))
  if (missing.length > 0 || told.some((one) => !wanted.includes(one)) || new Set(told).size < told.length)
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

const changesSeats: Step['fits'] = (after, before, { detail }) =>
  before?.state === after.state &&
  after.sequence === before.sequence + 1 &&
  before.seats === detail['from'] &&
  after.seats === detail['to']

const partsFrom: Step['fits'] = (after, before) => !before && ['confirmed', 'pending'].includes(after.state)

/** Every step that a booking can take: by the action in the audit trail. */
const STEPS: Record<string, Step> = {
  'booking.created': { fits: begins('confirmed'), tells: 'booking.confirmation' },
  'booking.created_by_override': { fits: begins('confirmed'), tells: 'booking.confirmation' },
  'booking.requested': { fits: begins('pending'), tells: 'booking.requested' },
  'booking.moved': { fits: moves, tells: 'booking.rescheduled', tellsFormer: true },
  'booking.moved_by_override': { fits: moves, tells: 'booking.rescheduled', tellsFormer: true },
  'booking.seats_changed': { fits: changesSeats, tells: 'booking.changed' },
  'booking.split_off': { fits: partsFrom, tells: 'booking.confirmation' },
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
