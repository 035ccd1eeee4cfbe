import type { TenantTransaction } from '../db/database.ts'
import { deleteWishes } from './erase.queries.ts'

/**
 * Removes all wishes of a customer who is erased, in the transaction that does so. What was just held for them is free again
 * when the hold runs out.
 * @returns the ids of the wishes
 */
export async function eraseWishes(
  tx: TenantTransaction,
  organizationId: string,
  customerId: string,
): Promise<string[]> {
  return deleteWishes(tx, organizationId, customerId)
}
