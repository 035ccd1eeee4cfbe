import type { Database } from '../db/database.ts'

export type QueueRow = { kind: string; ready: number; running: number; failed: number; oldestS: number }

/**
 * How the queue stands, by kind of job: what could be done now, what is being done, what was given up, and for how many
 * seconds the oldest that could be done has waited.
 */
export async function countJobs({ pool }: Pick<Database, 'pool'>): Promise<QueueRow[]> {
  const { rows } = await pool.query<QueueRow>(COUNT_JOBS)
  return rows
}

const COUNT_JOBS = `
  with job as (
    select task_identifier as kind, locked_at, run_at, attempts < max_attempts as living,
      locked_at is null and attempts < max_attempts and run_at <= now() as ready
    from graphile_worker.jobs
  )
  select kind, count(*) filter (where ready) as ready, count(*) filter (where locked_at is not null) as running,
    count(*) filter (where locked_at is null and not living) as failed,
    coalesce(extract(epoch from now() - min(run_at) filter (where ready)), 0)::float8 as "oldestS"
  from job group by kind`
