import type { TenantTransaction } from '../db/database.ts'

/** Removes the wishes of a customer with their offers, and tells which they were. */
export async function deleteWishes(
  tx: TenantTransaction,
  organizationId: string,
  customerId: string,
): Promise<string[]> {
  const rows = await tx
    .deleteFrom('wish')
    .where('organizationId', '=', organizationId)
    .where('customerId', '=', customerId)
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}
