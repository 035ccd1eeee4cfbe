import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { Instant, TimeZone, Uuid } from '../shared/schemas.ts'

const KINDS = [
  ...(['booking.requested', 'booking.confirmation', 'booking.declined'] as const),
  ...(['booking.rescheduled', 'booking.changed', 'booking.reassigned', 'booking.cancelled'] as const),
] as const

/** What a message tells of. */
export type MessageKind = (typeof KINDS)[number]

/** What a message tells, as it was when the change was made. Written by bookings, kept in the ledger. */
const MessageFacts = Type.Object({
  bookingId: Uuid,
  sequence: Type.Integer(),
  linkVersion: Type.Integer(),
  start: Instant,
  end: Instant,
  timeZone: TimeZone,
  organization: Type.Object({ name: Type.String(), slug: Type.String(), accent: Type.String() }),
  service: Type.Object({ name: Type.String() }),
  provider: Type.Object({ name: Type.String(), email: Type.Union([Type.String(), Type.Null()]) }),
  customer: Type.Object({ name: Type.String(), email: Type.String() }),
  location: Type.Union([Type.Null(), Type.Object({ kind: Type.String(), name: Type.String(), detail: Type.String() })]),
  priceMinor: Type.Integer(),
  currency: Type.String(),
  seats: Type.Integer(),
  state: Type.String(),
  /** more bookings of the same customer, of which the same is told */
  others: Type.Optional(
    Type.Array(
      Type.Object({
        bookingId: Uuid,
        sequence: Type.Integer(),
        start: Instant,
        end: Instant,
        service: Type.String(),
        provider: Type.String(),
      }),
    ),
  ),
  previousStart: Type.Optional(Instant),
  cancelReason: Type.Optional(Type.String()),
  officeUrl: Type.Optional(Type.String()),
})
export type MessageFacts = Static<typeof MessageFacts>

/** @throws when the ledger holds what no release has written */
export function parseFacts(value: unknown): MessageFacts {
  return Value.Parse(MessageFacts, value)
}

/** @throws when the ledger holds what no release has written */
export function parseKind(kind: string): MessageKind {
  const known = KINDS.find((one) => one === kind)
  if (!known) throw new Error(`No message is of the kind ${kind}`)
  return known
}
