import type pg from 'pg'

/**
 * Removes jobs that were replaced while a worker was at them, and that the worker, killed, could not finish. The queue
 * takes their key away and never tries them again; what they were to do, the job in their place has done.
 * @returns how many there were
 */
export async function removeSuperseded(queue: Pick<pg.Pool, 'query'>): Promise<number> {
  const { rows } = await queue.query<{ removed: number }>(REMOVE, [ALWAYS_KEYED])
  return rows[0]?.removed ?? 0
}

/** Tasks whose jobs always have a key: one without was replaced, whatever had become of it before. */
const ALWAYS_KEYED = ['waiting-list.offer']

// Of others, a job that was tried too often has its last error. A worker that died is given up after four hours.
const REMOVE = `
  select count(*)::int as removed from graphile_worker.complete_jobs(array(
    select j.id from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
    where j.key is null and j.attempts >= j.max_attempts and (j.last_error is null or t.identifier = any($1))
      and (j.locked_at is null or j.locked_at < now() - interval '4 hours')))`
