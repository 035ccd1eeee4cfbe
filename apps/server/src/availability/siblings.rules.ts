import type { Counted } from '@slotkeeper/scheduling'
import { withTakings } from './loads.rules.ts'
import type { Take, Taken } from './slot-query.rules.ts'

const MINUTE_MS = 60_000

/** An appointment that is to be written together with another one, for the same customer: all of them or none. */
export type Sibling = { serviceId: string; startMs: number; lengthMin: number; takes: Take[] }

/** What is taken once the siblings are written. They count against limits like what was booked before. */
export function withSiblings(taken: Taken, serviceId: string, siblings: readonly Sibling[]): Taken {
  if (siblings.length === 0) return taken
  const takes = siblings.flatMap((sibling) => sibling.takes)
  const loads = withTakings(taken.loads, takes)
  for (const { subjectId, startMs, endMs, beforeMin, afterMin } of takes) {
    const load = loads.get(subjectId)
    if (!load) continue
    const minutes = (endMs - startMs) / MINUTE_MS - beforeMin - afterMin
    loads.set(subjectId, { ...load, counted: [...load.counted, { startMs: startMs + beforeMin * MINUTE_MS, minutes }] })
  }
  if (!taken.counted) return { ...taken, loads }
  const same = siblings
    .filter((sibling) => sibling.serviceId === serviceId)
    .map(({ startMs, lengthMin }): Counted => ({ startMs, minutes: lengthMin }))
  const { service, customer } = taken.counted
  const counted = {
    ...taken.counted,
    service: [...service, ...same],
    customer: customer && [...customer, ...same],
  }
  return { ...taken, loads, counted }
}
