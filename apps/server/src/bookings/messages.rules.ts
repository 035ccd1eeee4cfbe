import { toInstantText } from '../shared/clock.ts'
import type { NewMessage } from './booking-rows.ts'
import type { BookingFacts } from './booking-view.rules.ts'

export type MessageKind =
  | 'booking.requested'
  | 'booking.confirmation'
  | 'booking.declined'
  | 'booking.rescheduled'
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
}

/** What the customer and the provider are told of a change: the facts as they are now, in the reader's zone and language. */
export function messagesOf(kind: MessageKind, source: MessageSource, newId: () => string): NewMessage[] {
  const { facts, locale, organizationLocale, providerEmail } = source
  const customer: NewMessage = {
    id: newId(),
    kind,
    audience: 'customer',
    recipient: facts.customer.email,
    locale,
    facts: messageFacts(source, facts.timeZone),
  }
  if (!providerEmail) return [customer]
  const provider: NewMessage = {
    id: newId(),
    kind,
    audience: 'provider',
    recipient: providerEmail,
    locale: organizationLocale,
    facts: { ...messageFacts(source, facts.organization.timeZone), officeUrl: source.officeUrl },
  }
  return [customer, provider]
}

function messageFacts(source: MessageSource, timeZone: string) {
  const { facts, accent, providerEmail, linkVersion, sequence, previousStartMs, cancelReason } = source
  return {
    bookingId: facts.id,
    sequence,
    linkVersion,
    start: toInstantText(facts.startMs),
    end: toInstantText(facts.endMs),
    timeZone,
    organization: { ...facts.organization, accent },
    service: { name: facts.service.name },
    provider: { name: facts.provider.name, email: providerEmail },
    customer: facts.customer,
    location: facts.location,
    priceMinor: facts.priceMinor,
    currency: facts.currency,
    seats: facts.seats,
    state: facts.state,
    ...(previousStartMs !== undefined && { previousStart: toInstantText(previousStartMs) }),
    ...(cancelReason !== undefined && { cancelReason }),
  }
}
