import { sql } from 'kysely'
import type { Database } from './database.ts'

/** Longer than a healthy database ever needs, shorter than anybody's patience. */
const PATIENCE_MS = 2_000

/** Whether the database answers, within two seconds. */
export async function isReachable({ kysely }: Database): Promise<boolean> {
  const answer = sql`select 1 from organization_slug limit 1`.execute(kysely).then(
    () => true,
    () => false,
  )
  const { promise: late, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(resolve, PATIENCE_MS, false)
  const reachable = await Promise.race([answer, late])
  clearTimeout(timer)
  return reachable
}
