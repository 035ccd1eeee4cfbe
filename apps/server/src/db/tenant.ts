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
  return inTransaction(kysely, async (tx) => {
    await sql`select set_config('app.organization_id', ${organizationId}, true)`.execute(tx)
    return work(tx)
  })
}

/** Runs `work` in one transaction that sees the memberships of one user, in whichever organizations. */
export async function withUser<Result>(
  { kysely }: Pick<Database, 'kysely'>,
  userId: string,
  work: (tx: TenantTransaction) => Promise<Result>,
): Promise<Result> {
  return inTransaction(kysely, async (tx) => {
    await sql`select set_config('app.user_id', ${userId}, true)`.execute(tx)
    return work(tx)
  })
}

async function inTransaction<Result>(
  kysely: Database['kysely'],
  work: (tx: TenantTransaction) => Promise<Result>,
): Promise<Result> {
  const committed: (() => void)[] = []
  const onCommit = (done: () => void) => void committed.push(done)
  const result = await kysely
    .transaction()
    .execute((tx) => work(Object.assign(tx, { tenant: true, onCommit } as const)))
  for (const done of committed) done()
  return result
}
