import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { Uuid } from '../shared/schemas.ts'

const Delivery = Type.Object({ organizationId: Uuid, bookingIds: Type.Array(Uuid) })

/** @throws when a job was queued that no release has queued */
export function parseDelivery(payload: unknown): { organizationId: string; bookingIds: string[] } {
  return Value.Parse(Delivery, payload)
}
