import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'

const PATIENCE_MS = 150_000
const PAUSE_MS = 500

/** What time brings in the product: jobs that it gives itself every few minutes. */
const SWEEPS = ['waiting-list', 'holds', 'bookings', 'messages', 'jobs'].map((of) => `${of}.sweep`).concat('audit.seal')

/** What is not done yet. */
export type Rest = { jobs: number; messages: number; holds: number; offers: number; unsealed: number }

/** Waits until the jobs that can be done now are done, or for as long as a worker may need after a fault. */
export async function untilIdle(superuser: Client): Promise<void> {
  const deadlineMs = Date.now() + PATIENCE_MS
  while (Date.now() < deadlineMs) {
    const { rows } = await superuser.query<{ due: number }>(
      `select count(*)::int as due from graphile_worker._private_jobs
       where run_at <= now() and attempts < max_attempts and (locked_at is null or locked_at > now() - interval '20 seconds')`,
    )
    if (rows[0]?.due === 0) return
    await sleep(PAUSE_MS)
  }
}

/**
 * Lets five hours pass at once, instead of waiting for them: whatever counts from a moment in the database, counts from five
 * hours earlier. Holds expire, jobs that were put off are due, and those of killed workers are given up for lost.
 */
export async function passTime(superuser: Client): Promise<void> {
  await superuser.query('begin')
  // No trigger sees it: the record is of what the product does.
  await superuser.query('set local session_replication_role = replica')
  await superuser.query(`update hold set expires_at = expires_at - interval '5 hours'`)
  await superuser.query(
    `update wish_offer set offered_at = offered_at - interval '5 hours', expires_at = expires_at - interval '5 hours'`,
  )
  await superuser.query(`update message set created_at = created_at - interval '5 hours' where state = 'queued'`)
  await superuser.query(
    `update graphile_worker._private_jobs set run_at = run_at - interval '5 hours', locked_at = locked_at - interval '5 hours'`,
  )
  await superuser.query('commit')
}

/** Has the sweeps done again and again until nothing is left, or patience is. */
export async function untilDone(superuser: Client): Promise<Rest> {
  const deadlineMs = Date.now() + PATIENCE_MS
  for (;;) {
    for (const task of SWEEPS)
      await superuser.query(`select graphile_worker.add_job($1, '{}'::json, job_key => $1)`, [task])
    await untilIdle(superuser)
    const rest = await restOf(superuser)
    const isDone = Object.values(rest).every((count) => count === 0)
    if (isDone || Date.now() > deadlineMs) return rest
    await sleep(PAUSE_MS)
  }
}

async function restOf(superuser: Client): Promise<Rest> {
  const { rows } = await superuser.query<Rest>(
    `select (select count(*)::int from graphile_worker._private_jobs) as jobs,
       (select count(*)::int from message where state = 'queued') as messages,
       (select count(*)::int from hold) as holds,
       (select count(*)::int from wish_offer where state = 'open') as offers,
       (select count(*)::int from audit_event e where not exists
         (select from audit_seal s where s.organization_id = e.organization_id and s.event_id = e.id)) as unsealed`,
  )
  return rows[0] ?? { jobs: 0, messages: 0, holds: 0, offers: 0, unsealed: 0 }
}
