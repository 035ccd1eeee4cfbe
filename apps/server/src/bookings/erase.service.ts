import type { TenantTransaction } from '../db/database.ts'
import { toDate } from '../shared/clock.ts'
import { hasBookings } from './bookings.errors.ts'
import * as queries from './erase.queries.ts'

/**
 * Takes a customer out of all their bookings; the appointments themselves stay, as figures. Inside the transaction that
 * erases the customer, whose row is locked: nothing is booked for them meanwhile.
 * @returns the ids of the bookings
 * @throws {AppError} customer.has_bookings when some are still to come
 */
export async function eraseFromBookings(
  tx: TenantTransaction,
  organizationId: string,
  { customerId, name, nowMs }: { customerId: string; name: string; nowMs: number },
): Promise<string[]> {
  const toCome = await queries.countToCome(tx, organizationId, { customerId, now: toDate(nowMs) })
  if (toCome > 0) throw hasBookings(toCome)
  return queries.erasePerson(tx, organizationId, { customerId, name })
}
