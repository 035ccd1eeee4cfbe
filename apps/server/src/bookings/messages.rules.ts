import { toInstantText } from '../shared/clock.ts'
import type { NewMessage } from './booking-rows.ts'
import type { BookingFacts } from './booking-view.rules.ts'

export type MessageKind =
  | 'booking.requested'
  | 'booking.confirmation'
  | 'booking.declined'
  | 'booking.rescheduled'
  | 'booking.changed'
  | 'booking.reassigned'
  | 'booking.cancelled'

export type MessageSource = {
  facts: BookingFacts
  accent: string
  /** language of the business, for its own people */
  organizationLocale: string
  locale: string
  providerEmail: string | null
  linkVersion: number
  sequence: number
  officeUrl: string
  previousStartMs?: number
  cancelReason?: string
  /** more bookings of the same customer, of which the same is told */
  others?: MessageSource[]
}

/** What the customer and the provider are told of a change: the facts as they are now, in the reader's zone and language. */
export function messagesOf(kind: MessageKind, source: MessageSource, newId: () => string): NewMessage[] {
  const { facts, locale, organizationLocale, providerEmail } = source
  const told = messageFacts(source)
  const customer: NewMessage = {
    id: newId(),
    kind,
    audience: 'customer',
    recipient: facts.customer.email,
    locale,
    facts: { ...told, timeZone: facts.timeZone },
  }
  if (!providerEmail) return [customer]
  const provider: NewMessage = {
    id: newId(),
    kind,
    audience: 'provider',
    recipient: providerEmail,
    locale: organizationLocale,
    facts: { ...told, timeZone: facts.organization.timeZone, officeUrl: source.officeUrl },
  }
  return [customer, provider]
}

/**
 * What is told of several bookings of one customer at once: the customer of all of them, each provider of theirs.
 * @param sources  in the order of their starts
 * @returns for each of the bookings, what is sent with it
 */
export function messagesTogether(kind: MessageKind, sources: MessageSource[], newId: () => string): NewMessage[][] {
  const tell = (some: MessageSource[], audience: NewMessage['audience']) => {
    const [first, ...others] = some
    if (!first) return []
    const messages = messagesOf(kind, { ...first, others }, newId).filter((message) => message.audience === audience)
    return [{ first, messages }]
  }
  const byProvider = [...Map.groupBy(sources, ({ facts }) => facts.provider.id).values()]
  const told = [...tell(sources, 'customer'), ...byProvider.flatMap((theirs) => tell(theirs, 'provider'))]
  return sources.map((source) => told.flatMap(({ first, messages }) => (first === source ? messages : [])))
}

/** What everybody is told, whose zone is still to be added. */
function messageFacts(source: MessageSource) {
  const { facts, accent, providerEmail, linkVersion, sequence, previousStartMs, cancelReason, others = [] } = source
  return {
    bookingId: facts.id,
    sequence,
    linkVersion,
    start: toInstantText(facts.startMs),
    end: toInstantText(facts.endMs),
    organization: { ...facts.organization, accent },
    service: { name: facts.service.name },
    provider: { name: facts.provider.name, email: providerEmail },
    customer: facts.customer,
    location: facts.location,
    priceMinor: facts.priceMinor,
    currency: facts.currency,
    seats: facts.seats,
    state: facts.state,
    ...(others.length > 0 && { others: others.map(otherFacts) }),
    ...(previousStartMs !== undefined && { previousStart: toInstantText(previousStartMs) }),
    ...(cancelReason !== undefined && { cancelReason }),
  }
}

function otherFacts({ facts, sequence }: MessageSource) {
  return {
    ...{ bookingId: facts.id, sequence, start: toInstantText(facts.startMs), end: toInstantText(facts.endMs) },
    ...{ service: facts.service.name, provider: facts.provider.name },
  }
}
