import { sql } from 'kysely'
import type { Database } from '../db/database.ts'
import { jobTraces } from '../observe/tracing.ts'

/** Somebody who wants an account. */
export type Asked = { id: string; email: string; locale: string }

/** More than an hour of trying: nobody waits for the mail much longer than that. */
const MOST_ATTEMPTS = 9

/** Has a worker answer. Nothing is read that could be known by how long it takes. */
export async function queueAnswer({ kysely }: Database, asked: Asked): Promise<void> {
  const payload = JSON.stringify({ ...asked, ...jobTraces() })
  await sql`select 1 from graphile_worker.add_job('sign-up.answer', ${payload}::json, max_attempts := ${MOST_ATTEMPTS}::int)`.execute(
    kysely,
  )
}

/** Whether somebody signs in with this address. */
export async function hasAccount({ kysely }: Database, email: string): Promise<boolean> {
  const { rows } = await sql`select 1 from auth."user" where email = ${email.toLowerCase()}`.execute(kysely)
  return rows.length > 0
}
