import type { Evidence } from '../evidence/evidence.ts'
import type { SeatRow, SessionRow } from '../evidence/rows.ts'
import { changesOf } from '../evidence/timeline.ts'
import type { Finding } from './finding.ts'

/** No seat is given twice and no session has more than it has, at every moment of the run. */
export function findOversoldSeats({ timeline }: Pick<Evidence, 'timeline'>): Finding {
  const sessions = new Map<string, SessionRow>()
  const taken = new Map<string, Map<number, SeatRow>>()
  const violations: string[] = []
  let counted = 0
  for (const transaction of timeline) {
    for (const { row } of changesOf(transaction, 'group_session')) sessions.set(row.id, row)
    for (const { op, row } of changesOf(transaction, 'seat')) {
      const seats = taken.get(row.sessionId) ?? new Map<number, SeatRow>()
      taken.set(row.sessionId, seats)
      if (op === 'delete') {
        seats.delete(row.number)
        continue
      }
      counted += 1
      const before = seats.get(row.number)
      if (before && op === 'insert') violations.push(`${describe(row)} belongs to ${takerOf(before)} already`)
      seats.set(row.number, row)
      const capacity = sessions.get(row.sessionId)?.capacity ?? 0
      if (row.number > capacity) violations.push(`${describe(row)} does not exist: there are ${capacity}`)
      if (seats.size > capacity)
        violations.push(`session ${row.sessionId} has ${capacity} seats and sold ${seats.size}`)
    }
  }
  return { counted, what: 'seats', violations }
}

const takerOf = ({ bookingId, holdId }: SeatRow) => (bookingId ? `booking ${bookingId}` : `hold ${holdId ?? ''}`)

function describe(seat: SeatRow): string {
  return `seat ${seat.number} of session ${seat.sessionId}, for ${takerOf(seat)},`
}
