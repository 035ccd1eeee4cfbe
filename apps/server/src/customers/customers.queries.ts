import { sql, type SqlBool } from 'kysely'
import type { TenantTransaction } from '../db/database.ts'

function selectCustomers(tx: TenantTransaction, organizationId: string) {
  return tx
    .selectFrom('customer as c')
    .where('c.organizationId', '=', organizationId)
    .select((eb) => [
      ...(['c.id', 'c.name', 'c.email', 'c.phone', 'c.notes', 'c.timeZone', 'c.locale', 'c.createdAt'] as const),
      eb
        .selectFrom('booking as b')
        .whereRef('b.organizationId', '=', 'c.organizationId')
        .whereRef('b.customerId', '=', 'c.id')
        .select((count) => count.fn.countAll<number>().as('count'))
        .as('bookingCount'),
    ])
}

export type CustomerRow = Awaited<ReturnType<typeof listCustomers>>[number]

export type CustomerFilter = { q?: string | undefined; after?: { name: string; id: string } | undefined; limit: number }

/** Customers by name; `q` is part of a name or an email address. */
export function listCustomers(tx: TenantTransaction, organizationId: string, { q, after, limit }: CustomerFilter) {
  let query = selectCustomers(tx, organizationId).orderBy('c.name').orderBy('c.id').limit(limit)
  if (q) {
    const pattern = `%${q.replace(/[\\%_]/g, '\\$&')}%`
    query = query.where((eb) =>
      eb.or([eb('c.name', 'ilike', pattern), eb(sql<string>`c.email::text`, 'ilike', pattern)]),
    )
  }
  if (after) query = query.where(sql<SqlBool>`(c.name, c.id) > (${after.name}, ${after.id}::uuid)`)
  return query.execute()
}

export function findCustomer(tx: TenantTransaction, organizationId: string, id: string) {
  return selectCustomers(tx, organizationId).where('c.id', '=', id).executeTakeFirst()
}

export type CustomerFields = { name?: string; email?: string; phone?: string | null; notes?: string }

/** Rejects with 23505 on customer_organization_id_email_key when another customer has the address. */
export async function updateCustomer(
  tx: TenantTransaction,
  organizationId: string,
  id: string,
  fields: CustomerFields,
): Promise<void> {
  await tx
    .updateTable('customer')
    .set(fields)
    .where('organizationId', '=', organizationId)
    .where('id', '=', id)
    .execute()
}
