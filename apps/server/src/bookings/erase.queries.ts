import { sql } from 'kysely'
import type { TenantTransaction } from '../db/database.ts'

/** How many appointments of a customer are still to come or under way. */
export async function countToCome(
  tx: TenantTransaction,
  organizationId: string,
  { customerId, now }: { customerId: string; now: Date },
): Promise<number> {
  const { count } = await tx
    .selectFrom('booking')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('organizationId', '=', organizationId)
    .where('customerId', '=', customerId)
    .where('state', 'in', ['pending', 'confirmed'])
    .where('endsAt', '>', now)
    .executeTakeFirstOrThrow()
  return count
}

/**
 * Takes the person out of their bookings. The links sent so far end, and whoever is just changing one of them finds it
 * changed: what they have read of the customer is not written again.
 */
export async function erasePerson(
  tx: TenantTransaction,
  organizationId: string,
  { customerId, name }: { customerId: string; name: string },
): Promise<string[]> {
  const rows = await tx
    .updateTable('booking as b')
    .from('organization as o')
    .set((eb) => ({
      ...{ customerName: name, answers: '{}', attendees: '[]', cancelReason: null },
      ...{ timeZone: eb.ref('o.timeZone'), locale: eb.ref('o.locale') },
      ...{ linkVersion: sql<number>`b.link_version + 1`, sequence: sql<number>`b.sequence + 1` },
    }))
    .where('o.id', '=', organizationId)
    .where('b.organizationId', '=', organizationId)
    .where('b.customerId', '=', customerId)
    .returning('b.id')
    .execute()
  return rows.map(({ id }) => id)
}
