import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { Email, Uuid } from '../shared/schemas.ts'

const Organization = Type.Object({ organizationId: Uuid })

/** @throws when a job was queued that no release has queued */
export function parseOrganizationId(payload: unknown): string {
  return Value.Parse(Organization, payload).organizationId
}

const Delivery = Type.Object({
  organizationId: Uuid,
  bookingIds: Type.Array(Uuid),
  wishIds: Type.Optional(Type.Array(Uuid)),
})

/** @throws when a job was queued that no release has queued */
export function parseDelivery(payload: unknown): Static<typeof Delivery> {
  return Value.Parse(Delivery, payload)
}

const Asked = Type.Object({ id: Uuid, email: Email, locale: Type.String() })

/** @throws when a job was queued that no release has queued */
export function parseAsked(payload: unknown): Static<typeof Asked> {
  return Value.Parse(Asked, payload)
}
