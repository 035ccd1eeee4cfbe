import { absencesOf, closedIn, type Absence } from './absence.ts'
import type { Candidate } from './query.ts'
import type { ClosedBecause, OpenHours } from './schedule.ts'

const MINUTE_MS = 60_000

/** What a booking takes of one person, or of one unit of a room or device. */
export type Taken = {
  readonly id: string
  readonly startMs: number
  readonly endMs: number
  readonly bufferBeforeMin?: number
  readonly bufferAfterMin?: number
}

/** A booking as it was made: of what, when, and by whom and what it is served. */
export type Booked = {
  readonly id: string
  readonly serviceId: string
  readonly startMs: number
  readonly endMs: number
  readonly taken: readonly Taken[]
}

/** How things are arranged: who and what there is, and what serves which service. */
export type Arrangement = {
  /** by id; `busy` is what else keeps them, without the bookings that are asked about */
  readonly subjects: ReadonlyMap<string, Pick<Candidate, 'hours' | 'busy'>>
  /** by id; `candidateIds` are all who can serve it in some requirement */
  readonly services: ReadonlyMap<string, { readonly hours?: OpenHours; readonly candidateIds: ReadonlySet<string> }>
}

/** Why a booking does not fit. */
export type Misfit =
  /** the service is closed then */
  | { readonly subject: 'service'; readonly cause: 'closed'; readonly because: ClosedBecause }
  /** the service is not offered any longer */
  | { readonly subject: 'service'; readonly cause: 'gone' }
  /** the person has left, the room or its unit is no longer there */
  | { readonly subject: 'candidate'; readonly id: string; readonly cause: 'gone' }
  /** they are there, but do not serve this service any longer */
  | { readonly subject: 'candidate'; readonly id: string; readonly cause: 'not_serving' }
  | ({ readonly subject: 'candidate'; readonly id: string } & Absence)

/**
 * The bookings that fit before a change and no longer do after it, with every reason that the change brings.
 * @returns in the order of `bookings`; those that still fit, or did not fit before for the same reasons, are left out
 */
export function impactOf(
  bookings: readonly Booked[],
  before: Arrangement,
  after: Arrangement,
): { readonly booking: Booked; readonly misfits: readonly Misfit[] }[] {
  return bookings.flatMap((booking) => {
    const old = new Set(misfitsOf(booking, before).map(keyOf))
    const misfits = misfitsOf(booking, after).filter((misfit) => !old.has(keyOf(misfit)))
    return misfits.length > 0 ? [{ booking, misfits }] : []
  })
}

/** Everything about a booking that does not fit an arrangement. */
export function misfitsOf({ serviceId, startMs, endMs, taken }: Booked, { subjects, services }: Arrangement): Misfit[] {
  const service = services.get(serviceId)
  const closed = service?.hours && closedIn(service.hours, startMs, endMs)
  const misfits: Misfit[] = []
  if (!service) misfits.push({ subject: 'service', cause: 'gone' })
  if (closed) misfits.push({ subject: 'service', cause: 'closed', because: closed })
  for (const part of taken) {
    const { id } = part
    const subject = subjects.get(id)
    if (!subject) misfits.push({ subject: 'candidate', id, cause: 'gone' })
    else if (service && !service.candidateIds.has(id)) misfits.push({ subject: 'candidate', id, cause: 'not_serving' })
    if (subject)
      misfits.push(
        ...absencesOf(subject, duringOf(part)).map((absence) => ({ subject: 'candidate', id, ...absence }) as const),
      )
  }
  return misfits
}

function duringOf({ startMs, endMs, bufferBeforeMin = 0, bufferAfterMin = 0 }: Taken) {
  return { fromMs: startMs, toMs: endMs, beforeMs: bufferBeforeMin * MINUTE_MS, afterMs: bufferAfterMin * MINUTE_MS }
}

/** What makes two misfits one and the same. */
function keyOf(misfit: Misfit): string {
  return JSON.stringify(misfit)
}
