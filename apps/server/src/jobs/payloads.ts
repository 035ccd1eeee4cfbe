import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { Uuid } from '../shared/schemas.ts'

const Delivery = Type.Object({ organizationId: Uuid, bookingId: Uuid })

/** @throws when a job was queued that no release has queued */
export function parseDelivery(payload: unknown): { organizationId: string; bookingId: string } {
  return Value.Parse(Delivery, payload)
}
