import type { StartCheck, SlotQuery } from '@slotkeeper/scheduling'
import { invalidField } from '../shared/app-error.ts'
import { providerNotFound } from './availability.errors.ts'
import type { LimitCheck } from './limit-checks.rules.ts'
import type { Offer } from './offer.rules.ts'
import { takesOf, type SlotAsk, type Take } from './slot-query.rules.ts'

/** Who and what is to serve a start. */
export type StartOffer = {
  /** who leads */
  providerId: string
  /** what it takes of whom; of a session that is open already it takes seats only */
  takes: Take[]
  /** whoever leads has a session of this service at this time, with the seats */
  isOpen: boolean
  /** what must still be so when it is written */
  limits: LimitCheck[]
}

/** The ids of the candidates of the first requirement, who are the providers. */
export function providerIdsOf({ segments }: SlotQuery): string[] {
  return segments[0]?.requirements[0]?.candidates.map(({ id }) => id) ?? []
}

/** Who serves a start that is free. */
export function startOfferOf(query: SlotQuery, startMs: number, { sessions, assigned }: Served): StartOffer {
  const [session] = sessions
  const [host] = session?.candidateIds ?? []
  if (host !== undefined) return { providerId: host, takes: [], isOpen: true, limits: [] }
  const takes = takesOf(query, startMs, assigned)
  return { providerId: takes[0]?.subjectId ?? '', takes, isOpen: false, limits: [] }
}

type Served = Extract<StartCheck, { ok: true }>

/** Whether what is taken around a start is all that decides about it. */
export function isPlain({ traits }: Offer): boolean {
  return !traits.isLimited && !traits.takesTurns && !traits.compares
}

/** Whether the time is free or not is all there is to find out, and the constraint knows that best. */
export function hasNoChoice({ service }: Offer, { providerId }: SlotAsk): boolean {
  const [lead, ...others] = service.requirements
  const isAlone = lead?.count === 1 && (providerId !== undefined || lead.subjects.length === 1)
  return isAlone && service.capacity === 1 && others.length === 0
}

/** What is asked of a service. */
export type Wanted = { durationMin?: number | undefined; providerId?: string | undefined; seats?: number | undefined }

/**
 * What is asked for, checked against the service.
 * @throws {AppError} request.invalid, provider.not_found
 */
export function askOf(offer: Offer, { durationMin, providerId, seats = 1 }: Wanted): SlotAsk {
  const { durationsMin, capacity } = offer.service
  const lengthMin = durationMin ?? durationsMin[0] ?? 0
  if (!durationsMin.includes(lengthMin)) {
    throw invalidField('duration', `This service takes ${durationsMin.join(' or ')} minutes.`)
  }
  if (seats > capacity) throw invalidField('seats', `At most ${capacity} seats can be booked.`)
  if (providerId !== undefined && !offer.providers.some(({ id }) => id === providerId)) throw providerNotFound()
  return { lengthMin, seats, providerId }
}
