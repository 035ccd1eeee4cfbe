import { sql, type SqlBool } from 'kysely'
import type { TenantTransaction } from '../db/database.ts'
import type { KeyScope } from '../shared/key-scope.ts'

const COLUMNS = ['id', 'name', 'createdBy', 'createdAt', 'expiresAt', 'lastUsedAt', 'revokedAt'] as const

export type KeyRow = Awaited<ReturnType<typeof listKeys>>[number]

/** Keys, newest first. */
export function listKeys(
  tx: TenantTransaction,
  organizationId: string,
  { after, limit }: { after?: { at: string; id: string } | undefined; limit: number },
) {
  let query = tx
    .selectFrom('apiKey')
    .select((eb) => [...COLUMNS, eb.ref('scopes').$castTo<KeyScope[]>().as('scopes')])
    .where('organizationId', '=', organizationId)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
  if (after) query = query.where(sql<SqlBool>`(created_at, id) < (${after.at}::timestamptz, ${after.id}::uuid)`)
  return query.execute()
}

export type NewKey = {
  id: string
  name: string
  secretHash: Buffer
  scopes: KeyScope[]
  createdBy: string
  createdAt: Date
  expiresAt: Date
}

export async function insertKey(tx: TenantTransaction, organizationId: string, key: NewKey): Promise<void> {
  await tx
    .insertInto('apiKey')
    .values({ organizationId, ...key })
    .execute()
}

/** What it takes to know a key again. */
export function findSecret(tx: TenantTransaction, organizationId: string, id: string) {
  return tx
    .selectFrom('apiKey')
    .select((eb) => [
      ...(['secretHash', 'expiresAt', 'revokedAt', 'lastUsedAt'] as const),
      eb.ref('scopes').$castTo<KeyScope[]>().as('scopes'),
    ])
    .where('organizationId', '=', organizationId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Writes down that the key is used, unless somebody else is doing so: nobody waits for it. */
export async function touchKey(tx: TenantTransaction, organizationId: string, id: string, at: Date): Promise<void> {
  await sql`update api_key set last_used_at = ${at} where (organization_id, id) in (
    select organization_id, id from api_key where organization_id = ${organizationId} and id = ${id}
    for no key update skip locked)`.execute(tx)
}

/** @returns whether there is such a key, and whether it was revoked just now */
export async function revokeKey(
  tx: TenantTransaction,
  organizationId: string,
  { id, at }: { id: string; at: Date },
): Promise<{ isThere: boolean; isNew: boolean }> {
  const key = await tx
    .selectFrom('apiKey')
    .select('revokedAt')
    .where('organizationId', '=', organizationId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
  const isNew = key?.revokedAt === null
  if (isNew) {
    await tx
      .updateTable('apiKey')
      .set({ revokedAt: at })
      .where('organizationId', '=', organizationId)
      .where('id', '=', id)
      .execute()
  }
  return { isThere: key !== undefined, isNew }
}
