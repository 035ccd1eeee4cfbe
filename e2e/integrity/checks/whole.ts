import type { Service } from '../clients/business.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { BookingRow, ClaimRow, HoldRow, SeatRow, SessionRow } from '../evidence/rows.ts'
import { changesOf, type Transaction } from '../evidence/timeline.ts'
import type { Finding } from './finding.ts'

const MINUTE_MS = 60_000

/**
 * After every transaction, whatever it touched is wholly there or wholly absent: a booking or hold that takes its time has
 * all its claims or seats, for exactly its time, and one that does not has none.
 */
export function findHalves({ timeline, businesses }: Pick<Evidence, 'timeline' | 'businesses'>): Finding {
  const services = new Map(businesses.flatMap((business) => business.services.map((service) => [service.id, service])))
  const state = emptyState()
  const violations: string[] = []
  let counted = 0
  for (const transaction of timeline) {
    for (const owner of apply(state, transaction)) {
      counted += 1
      const problem = problemOf(state, services, owner)
      if (problem !== undefined) violations.push(`at ${new Date(transaction.atMs).toISOString()}: ${owner} ${problem}`)
    }
  }
  return { counted, what: 'changes of bookings, holds and sessions', violations }
}

type State = {
  bookings: Map<string, BookingRow>
  holds: Map<string, HoldRow>
  sessions: Map<string, SessionRow>
  /** by whom they belong to */
  claims: Map<string, Map<string, ClaimRow>>
  seats: Map<string, Map<string, SeatRow>>
}

function emptyState(): State {
  return { bookings: new Map(), holds: new Map(), sessions: new Map(), claims: new Map(), seats: new Map() }
}

/** @returns the ids of all that was touched */
function apply(state: State, transaction: Transaction): Set<string> {
  const touched = new Set<string>()
  const put = <Row>(into: Map<string, Row>, key: string, op: string, row: Row) => {
    if (op === 'delete') into.delete(key)
    else into.set(key, row)
  }
  const under = <Row>(into: Map<string, Map<string, Row>>, owner: string) => {
    touched.add(owner)
    const rows = into.get(owner) ?? new Map<string, Row>()
    into.set(owner, rows)
    return rows
  }
  for (const { op, row } of changesOf(transaction, 'booking')) {
    touched.add(row.id)
    put(state.bookings, row.id, op, row)
  }
  for (const { op, row } of changesOf(transaction, 'hold')) {
    touched.add(row.id)
    put(state.holds, row.id, op, row)
  }
  for (const { op, row } of changesOf(transaction, 'group_session')) {
    touched.add(row.id)
    put(state.sessions, row.id, op, row)
  }
  for (const { op, row } of changesOf(transaction, 'claim'))
    put(under(state.claims, row.bookingId ?? row.holdId ?? row.sessionId ?? ''), row.id, op, row)
  for (const { op, row } of changesOf(transaction, 'seat')) {
    const key = `${row.sessionId} ${row.number}`
    put(under(state.seats, row.bookingId ?? row.holdId ?? ''), key, op, row)
    put(under(state.seats, row.sessionId), key, op, row)
  }
  return touched
}

function problemOf(state: State, services: Map<string, Service>, owner: string): string | undefined {
  const claims = [...(state.claims.get(owner)?.values() ?? [])]
  const seats = [...(state.seats.get(owner)?.values() ?? [])]
  const taker = state.bookings.get(owner) ?? state.holds.get(owner) ?? state.sessions.get(owner)
  const service = taker && services.get(taker.serviceId)
  if (taker && service && takesTime(taker)) return takenProblem(state, { taker, service, claims, seats })
  const isFree = claims.length + seats.length === 0
  return isFree ? undefined : `takes no time, but has ${claims.length} claims and ${seats.length} seats`
}

type Taken = { taker: BookingRow | HoldRow | SessionRow; service: Service; claims: ClaimRow[]; seats: SeatRow[] }

function takenProblem(state: State, { taker, service, claims, seats }: Taken): string | undefined {
  if ('capacity' in taker) return seats.length === 0 ? 'is a session of nobody' : claimProblem(taker, service, claims)
  if (service.capacity === 1)
    return seats.length > 0 ? `has ${seats.length} seats` : claimProblem(taker, service, claims)
  if (claims.length > 0) return `takes seats, but has ${claims.length} claims of its own`
  return seatProblem(state, taker, seats)
}

function takesTime(taker: BookingRow | HoldRow | SessionRow): boolean {
  return !('state' in taker) || (taker.claimsTime && taker.state !== 'cancelled')
}

type Taker = Pick<SessionRow, 'serviceId' | 'providerId' | 'startMs' | 'endMs'>

function claimProblem(taker: Taker, { needs }: Service, claims: ClaimRow[]): string | undefined {
  const wanted = needs.reduce((sum, { count }) => sum + count, 0)
  if (claims.length !== wanted) return `has ${claims.length} claims where it needs ${wanted}`
  for (const { count, subjects } of needs) {
    const met = new Set(claims.map(({ subjectId }) => subjectId).filter((id) => subjects.includes(id)))
    if (met.size !== count) return `claims ${met.size} of ${count} that it needs of ${subjects.join(', ')}`
  }
  if (!claims.some(({ subjectId }) => subjectId === taker.providerId)) return 'does not claim its own provider'
  const isExact = ({ startMs, endMs, beforeMin, afterMin }: ClaimRow) =>
    startMs + beforeMin * MINUTE_MS === taker.startMs && endMs - afterMin * MINUTE_MS === taker.endMs
  return claims.every(isExact) ? undefined : 'claims another time than its own'
}

function seatProblem(state: State, taker: Taker & { seats: number }, seats: SeatRow[]): string | undefined {
  if (seats.length !== taker.seats) return `has ${seats.length} seats where it needs ${taker.seats}`
  const [sessionId = '', ...others] = new Set(seats.map((seat) => seat.sessionId))
  if (others.length > 0) return 'has seats in several sessions'
  const session = state.sessions.get(sessionId)
  const fields = ['serviceId', 'providerId', 'startMs', 'endMs'] as const
  return session && fields.every((field) => session[field] === taker[field]) ? undefined : 'sits in another session'
}
