import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { Instant, LocalDate, TimeZone, Uuid } from '../shared/schemas.ts'

/** What those who wait for a time are told of. */
export type WishMessageKind = 'wish.received' | 'wish.offered'

/** What a message about a wish tells, as it was then. Written by the waiting list, kept in the ledger. */
const WishFacts = Type.Object({
  wishId: Uuid,
  timeZone: TimeZone,
  organization: Type.Object({ name: Type.String(), slug: Type.String(), accent: Type.String() }),
  service: Type.Object({ name: Type.String() }),
  customer: Type.Object({ name: Type.String() }),
  /** who is to serve; nobody when it does not matter */
  providers: Type.Array(Type.String()),
  from: LocalDate,
  until: LocalDate,
  /** when the appointment begins that is to be earlier */
  earlierThan: Type.Optional(Instant),
  offer: Type.Optional(Type.Object({ start: Instant, end: Instant, provider: Type.String(), expiresAt: Instant })),
})
export type WishFacts = Static<typeof WishFacts>

/** @throws when the ledger holds what no release has written */
export function parseWishFacts(value: unknown): WishFacts {
  return Value.Parse(WishFacts, value)
}

/** @throws when the ledger holds what no release has written */
export function parseWishKind(kind: string): WishMessageKind {
  if (kind === 'wish.received' || kind === 'wish.offered') return kind
  throw new Error(`No message about a wish is of the kind ${kind}`)
}
