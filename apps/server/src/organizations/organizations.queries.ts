import type { Kysely } from 'kysely'
import type { TenantTransaction } from '../db/database.ts'
import type { DB } from '../db/schema.generated.ts'

export function findIdBySlug(db: Kysely<DB>, slug: string) {
  return db.selectFrom('organizationSlug').where('slug', '=', slug).select('organizationId').executeTakeFirst()
}

/** Every organization there is. */
export function listIds(db: Kysely<DB>) {
  return db.selectFrom('organizationSlug').select('organizationId').orderBy('organizationId').execute()
}

export function findOrganization(tx: TenantTransaction, organizationId: string) {
  return tx
    .selectFrom('organization as o')
    .innerJoin('organizationSlug as g', 'g.organizationId', 'o.id')
    .where('o.id', '=', organizationId)
    .select(['o.id', 'g.slug', 'o.name', 'o.description', 'o.timeZone', 'o.locale', 'o.currency', 'o.accent'])
    .executeTakeFirst()
}

export type OrganizationFields = {
  name: string
  description?: string
  timeZone: string
  locale: string
  currency: string
  accent?: string
}

/** Rejects with 23505 on organization_slug_pkey when the slug is taken. */
export async function insertOrganization(
  tx: TenantTransaction,
  id: string,
  slug: string,
  fields: OrganizationFields,
): Promise<void> {
  await tx
    .insertInto('organization')
    .values({ id, ...fields })
    .execute()
  await tx.insertInto('organizationSlug').values({ slug, organizationId: id }).execute()
}

export async function updateOrganization(
  tx: TenantTransaction,
  organizationId: string,
  fields: Partial<OrganizationFields>,
): Promise<void> {
  await tx.updateTable('organization').set(fields).where('id', '=', organizationId).execute()
}

export async function bumpConfigVersion(tx: TenantTransaction, organizationId: string): Promise<void> {
  await tx
    .updateTable('organization')
    .set((eb) => ({ configVersion: eb('configVersion', '+', 1) }))
    .where('id', '=', organizationId)
    .execute()
}
