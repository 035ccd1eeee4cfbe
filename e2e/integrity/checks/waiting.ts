import type { Evidence } from '../evidence/evidence.ts'
import type { BookingRow, HoldRow, OfferRow, WishRow } from '../evidence/rows.ts'
import { changesOf, type Transaction } from '../evidence/timeline.ts'
import type { Entry } from '../history.ts'
import type { Finding } from './finding.ts'
import { tagOf } from './tags.ts'

/**
 * Every step of somebody who waits is legal, and told in the trail in its own transaction. What is offered is held for them
 * alone, and told; what they take is theirs.
 */
export function findBrokenWaiting({ timeline, history }: Pick<Evidence, 'timeline' | 'history'>): Finding {
  const state: State = { wishes: new Map(), offers: new Map(), holds: new Map(), bookings: new Map() }
  const violations: string[] = []
  for (const transaction of timeline) {
    const before = new Map(state.wishes)
    apply(state, transaction)
    const at = new Date(transaction.atMs).toISOString()
    for (const { row } of changesOf(transaction, 'wish')) {
      const problem = stepProblem(state, transaction, { before: before.get(row.id), after: row })
      if (problem !== undefined) violations.push(`at ${at}: wish ${row.id} ${problem}`)
    }
    for (const { op, row } of changesOf(transaction, 'wish_offer')) {
      const problem = op === 'insert' ? offerProblem(state, transaction, row) : undefined
      if (problem !== undefined) violations.push(`at ${at}: offer ${row.id} ${problem}`)
    }
  }
  for (const { id, state: last } of state.wishes.values())
    if (last === 'offered' || last === 'waiting') violations.push(`wish ${id} was withdrawn in the end, but is ${last}`)
  for (const entry of history.filter(({ outcome }) => outcome === 'done')) {
    const problem = answerProblem(state, entry)
    if (problem !== undefined) violations.push(`${problem}: ${JSON.stringify(entry)}`)
  }
  return { counted: state.offers.size, what: `offers to ${state.wishes.size} who waited`, violations }
}

type State = {
  wishes: Map<string, WishRow>
  offers: Map<string, OfferRow>
  holds: Map<string, HoldRow>
  bookings: Map<string, BookingRow>
}

function apply(state: State, transaction: Transaction): void {
  for (const { row } of changesOf(transaction, 'wish')) state.wishes.set(row.id, row)
  for (const { row } of changesOf(transaction, 'wish_offer')) state.offers.set(row.id, row)
  for (const { row } of changesOf(transaction, 'booking')) state.bookings.set(row.id, row)
  for (const { op, row } of changesOf(transaction, 'hold')) {
    if (op === 'delete') state.holds.delete(row.id)
    else state.holds.set(row.id, row)
  }
}

/** From which state to which, by the action in the trail. */
const STEPS: Record<string, { from: (string | undefined)[]; to: string }> = {
  'wish.created': { from: [undefined], to: 'waiting' },
  'wish.offered': { from: ['waiting'], to: 'offered' },
  'wish.offer_lapsed': { from: ['offered'], to: 'waiting' },
  'wish.offer_declined': { from: ['offered'], to: 'waiting' },
  'wish.withdrawn': { from: ['waiting', 'offered'], to: 'withdrawn' },
  'wish.expired': { from: ['waiting'], to: 'expired' },
  'wish.taken': { from: ['waiting', 'offered', 'withdrawn', 'expired'], to: 'taken' },
}

type Step = { before: WishRow | undefined; after: WishRow }

function stepProblem(state: State, transaction: Transaction, { before, after }: Step): string | undefined {
  const events = changesOf(transaction, 'audit_event').filter(({ row }) => row.entityId === after.id)
  const [event, ...more] = events.map(({ row }) => row)
  const step = event && STEPS[event.action]
  if (!step || more.length > 0) return `became ${after.state} with ${events.length} events in the trail`
  if (!step.from.includes(before?.state) || after.state !== step.to)
    return `went from ${before?.state ?? 'nothing'} to ${after.state} by ${event.action}`
  const open = [...state.offers.values()].filter((offer) => offer.wishId === after.id && offer.state === 'open')
  if (open.length !== (after.state === 'offered' ? 1 : 0)) return `is ${after.state} with ${open.length} open offers`
  return after.state === 'taken' ? takenProblem(state, after) : undefined
}

function takenProblem({ bookings, offers }: State, wish: WishRow): string | undefined {
  const booking = bookings.get(wish.bookingId ?? '')
  const offer = [...offers.values()].find(({ wishId, state }) => wishId === wish.id && state === 'taken')
  if (!booking || !offer) return 'was taken, but there is no booking or no offer that was'
  if (booking.serviceId !== wish.serviceId) return 'was taken for another service'
  if (wish.earlierId !== null) return booking.id === wish.earlierId ? undefined : 'moved another booking'
  return tagOf(booking) === tagOf(wish) ? undefined : 'was taken by a booking of somebody else'
}

function offerProblem({ holds, offers, wishes }: State, transaction: Transaction, offer: OfferRow): string | undefined {
  const hold = holds.get(offer.holdId)
  if (!hold) return 'was made without a hold'
  const isSame = hold.startMs === offer.startMs && hold.endMs === offer.endMs && hold.providerId === offer.providerId
  if (!isSame || hold.serviceId !== wishes.get(offer.wishId)?.serviceId) return 'is held at another time or place'
  const others = [...offers.values()].filter(({ id, holdId }) => holdId === offer.holdId && id !== offer.id)
  if (others.length > 0) return 'was made to two at once'
  const told = changesOf(transaction, 'message').filter(({ row }) => row.wishId === offer.wishId)
  return told.length === 1 && told[0]?.row.kind === 'wish.offered' ? undefined : 'was not told to whoever waited for it'
}

/** What was acknowledged has happened. */
function answerProblem({ wishes }: State, { effect, told }: Entry): string | undefined {
  if (effect.kind === 'wish') return wishes.has(told.id ?? '') ? undefined : 'answered, but nobody waits'
  if (effect.kind === 'take') {
    const wish = wishes.get(effect.wishId)
    return wish?.state === 'taken' && wish.bookingId === told.id ? undefined : 'answered, but not taken'
  }
  if (effect.kind !== 'leave' || effect.action !== 'wish.withdrawn') return undefined
  const last = wishes.get(effect.wishId)?.state ?? ''
  // Who says yes and withdraws at the same moment has the booking.
  return ['withdrawn', 'taken'].includes(last) ? undefined : 'answered, but still waiting'
}
