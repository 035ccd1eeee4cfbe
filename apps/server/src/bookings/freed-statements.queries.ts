import type { Statement } from '../db/batch.ts'
import { jobTraces } from '../observe/tracing.ts'

/**
 * Queues the offering of what has become free, when anybody waits. The last statement of its batch: whoever holds the one
 * job of an organization waits for nothing else.
 */
export function tellWaiting(organizationId: string): Statement {
  const payload = JSON.stringify({ organizationId, ...jobTraces() })
  return {
    name: 'tell_waiting',
    text: TELL_WAITING,
    values: [organizationId, payload, `waiting-list/${organizationId}`],
  }
}

// Changes that come one after another are one job.
const TELL_WAITING = `
  select graphile_worker.add_job('waiting-list.offer', $2::json, job_key => $3)
  where exists (select from wish where organization_id = $1 and state = 'waiting')`
