import { sql } from 'kysely'
import type { Database, TenantTransaction } from './database.ts'

/**
 * Runs `work` in one transaction that sees and writes the rows of one organization only: row-level security holds it,
 * whatever the queries say. Inside, only `tx` touches the database.
 */
export async function withTenant<Result>(
  { kysely }: Pick<Database, 'kysely'>,
  organizationId: string,
  work: (tx: TenantTransaction) => Promise<Result>,
): Promise<Result> {
  return kysely.transaction().execute(async (tx) => {
    await sql`select set_config('app.organization_id', ${organizationId}, true)`.execute(tx)
    return work(Object.assign(tx, { tenant: true } as const))
  })
}

/** Runs `work` in one transaction that sees the memberships of one user, in whichever organizations. */
export async function withUser<Result>(
  { kysely }: Pick<Database, 'kysely'>,
  userId: string,
  work: (tx: TenantTransaction) => Promise<Result>,
): Promise<Result> {
  return kysely.transaction().execute(async (tx) => {
    await sql`select set_config('app.user_id', ${userId}, true)`.execute(tx)
    return work(Object.assign(tx, { tenant: true } as const))
  })
}
