import { sql, type SqlBool } from 'kysely'
import type { TenantTransaction } from '../db/database.ts'
import { toDate } from '../shared/clock.ts'
import { ERASED_STATUS, forgottenAtMs, type Once } from '../shared/once.ts'

/** A key that has expired is as good as none, though nobody has swept it away yet. */
export async function forgetExpired(tx: TenantTransaction, organizationId: string, once: Once): Promise<void> {
  await tx
    .deleteFrom('idempotencyKey')
    .where('organizationId', '=', organizationId)
    .where('key', '=', once.key)
    .where('createdAt', '<=', toDate(forgottenAtMs(once.atMs)))
    .execute()
}

/** @returns false when the key is there already; waits for whoever is just adding it */
export async function reserveKey(tx: TenantTransaction, organizationId: string, once: Once): Promise<boolean> {
  const row = {
    organizationId,
    key: once.key,
    requestHash: once.requestHash,
    status: 201,
    body: '{}',
    createdAt: toDate(once.atMs),
  }
  const added = await tx
    .insertInto('idempotencyKey')
    .values(row)
    .onConflict((conflict) => conflict.columns(['organizationId', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst()
  return added !== undefined
}

export async function storeAnswer(
  tx: TenantTransaction,
  organizationId: string,
  key: string,
  answer: object,
): Promise<void> {
  await tx
    .updateTable('idempotencyKey')
    .set({ body: JSON.stringify(answer) })
    .where('organizationId', '=', organizationId)
    .where('key', '=', key)
    .execute()
}

export async function findAnswer<Answer>(tx: TenantTransaction, organizationId: string, key: string) {
  const { requestHash, status, body } = await sql<{ requestHash: Buffer; status: number; body: Answer }>`
    select request_hash, status, body from idempotency_key where organization_id = ${organizationId} and key = ${key}
  `
    .execute(tx)
    .then(({ rows: [row] }) => row ?? Promise.reject(new Error('The answer is gone')))
  return { requestHash, status, answer: body }
}

export async function deleteAnswers(tx: TenantTransaction, organizationId: string, upTo: Date): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('idempotencyKey')
    .where('organizationId', '=', organizationId)
    .where('createdAt', '<=', upTo)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/** Empties the answers in which one of the ids stands. */
export async function eraseAnswers(tx: TenantTransaction, organizationId: string, ids: string[]): Promise<void> {
  await tx
    .updateTable('idempotencyKey')
    .set({ body: '{}', status: ERASED_STATUS })
    .where('organizationId', '=', organizationId)
    .where(sql<SqlBool>`exists (select from unnest(${ids}::text[]) as id where position(id in body::text) > 0)`)
    .execute()
}
