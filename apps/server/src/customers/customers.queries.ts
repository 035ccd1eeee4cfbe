import { sql, type SqlBool } from 'kysely'
import type { TenantTransaction } from '../db/database.ts'

function selectCustomers(tx: TenantTransaction, organizationId: string) {
  return tx
    .selectFrom('customer as c')
    .where('c.organizationId', '=', organizationId)
    .select((eb) => [
      ...([
        'c.id',
        'c.name',
        'c.email',
        'c.phone',
        'c.notes',
        'c.timeZone',
        'c.locale',
        'c.createdAt',
        'c.erasedAt',
      ] as const),
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

/** Customers by name, without those who were erased; `q` is part of a name or an email address. */
export function listCustomers(tx: TenantTransaction, organizationId: string, { q, after, limit }: CustomerFilter) {
  let query = selectCustomers(tx, organizationId)
    .where('c.erasedAt', 'is', null)
    .orderBy('c.name')
    .orderBy('c.id')
    .limit(limit)
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

export type NewCustomer = { id: string; name: string; email: string; timeZone: string; locale: string }

/** Adds a customer unless the address is known: then their zone and language are renewed. The row stays locked. */
export async function ensureCustomer(
  tx: TenantTransaction,
  organizationId: string,
  customer: NewCustomer,
): Promise<string> {
  const { id } = await tx
    .insertInto('customer')
    .values({ organizationId, ...customer })
    .onConflict((conflict) =>
      conflict
        .columns(['organizationId', 'email'])
        .doUpdateSet((eb) => ({ timeZone: eb.ref('excluded.timeZone'), locale: eb.ref('excluded.locale') })),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
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

/** Lets nobody change the customer, or book for them, until the transaction ends. */
export async function lockCustomer(tx: TenantTransaction, organizationId: string, id: string): Promise<void> {
  await tx
    .selectFrom('customer')
    .select('id')
    .where('organizationId', '=', organizationId)
    .where('id', '=', id)
    .forUpdate()
    .execute()
}

/** Leaves of a customer that there was one. */
export async function eraseCustomer(
  tx: TenantTransaction,
  organizationId: string,
  { id, name, email, at }: { id: string; name: string; email: string; at: Date },
): Promise<void> {
  await tx
    .updateTable('customer as c')
    .from('organization as o')
    .set((eb) => ({
      ...{ name, email, phone: null, notes: '', erasedAt: at },
      ...{ timeZone: eb.ref('o.timeZone'), locale: eb.ref('o.locale') },
    }))
    .where('o.id', '=', organizationId)
    .where('c.organizationId', '=', organizationId)
    .where('c.id', '=', id)
    .execute()
}
