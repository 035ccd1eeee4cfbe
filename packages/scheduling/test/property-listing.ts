import { deepStrictEqual } from 'node:assert/strict'
import { findSlots, type SlotQuery } from '../src/index.ts'
import { queryOf, type Case } from './case.ts'
import { offersOf, type Offer } from './oracle.ts'

/** What is listed is what the oracle offers: starts, who could serve, who is to, sessions, seats. */
export function listsWhatTheOracleOffers(ask: Case): void {
  deepStrictEqual(listed(queryOf(ask)), offersOf(ask))
}

export function listed(query: SlotQuery): Offer[] {
  const slots = findSlots(query)
  const requirements = query.segments.flatMap((segment) => segment.requirements)
  return Array.from(slots.startsMs, (startMs, index) => ({
    startMs,
    candidates: requirements.map((_one, requirement) => [...slots.candidatesAt(index, requirement)]),
    assigned: slots.assignedAt(index),
    sessions: slots.sessionsAt(index).map(({ id }) => id),
    seatsLeft: slots.seatsLeftAt(index),
  }))
}
