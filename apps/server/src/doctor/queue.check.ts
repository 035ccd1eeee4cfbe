import type { Database } from '../db/database.ts'
import { countJobs, type QueueRow } from '../jobs/queue.queries.ts'
import type { Clock } from '../shared/clock.ts'
import { failed, ok, warning, type Finding } from '../shared/finding.ts'
import { findLastSign } from './doctor.queries.ts'

const NAME = 'queue'
const MINUTE_S = 60

/** Whether the queue is worked through, and by whom. */
export async function checkQueue(db: Database, clock: Clock): Promise<Finding[]> {
  const [rows, sign] = await Promise.all([countJobs(db), findLastSign(db)])
  const silentS = sign && (clock.nowMs() - sign.getTime()) / 1000
  return [judgeWaiting(rows), judgeGivenUp(rows), judgeWorker(silentS)]
}

export function judgeWaiting(rows: QueueRow[]): Finding {
  const ready = rows.reduce((sum, row) => sum + row.ready, 0)
  const oldestS = Math.max(0, ...rows.map((row) => row.oldestS))
  const found = ready === 0 ? 'no job waits' : `${ready} jobs wait, the oldest for ${inWords(oldestS)}`
  const fix = 'Start a worker, or more of them, and read the log of those that run.'
  if (oldestS > 15 * MINUTE_S) return failed(NAME, found, fix)
  return oldestS > 2 * MINUTE_S ? warning(NAME, found, fix) : ok(NAME, found)
}

export function judgeGivenUp(rows: QueueRow[]): Finding {
  const name = `${NAME} failed jobs`
  const given = rows.filter((row) => row.failed > 0).map((row) => `${row.failed} of ${row.kind}`)
  if (given.length === 0) return ok(name, 'none')
  return warning(
    name,
    `given up: ${given.join(', ')}`,
    'The log of the worker tells why; docs/operate/monitoring.md, what to do.',
  )
}

/** A worker begins something every minute. */
export function judgeWorker(silentS: number | undefined): Finding {
  const fix = 'Start a worker: without one no mail goes out.'
  if (silentS === undefined) return warning('worker', 'none has ever worked here', fix)
  const found = `last sign ${inWords(silentS)} ago`
  return silentS > 5 * MINUTE_S ? warning('worker', found, fix) : ok('worker', found)
}

function inWords(seconds: number): string {
  const minutes = Math.floor(seconds / MINUTE_S)
  if (minutes < 2) return `${Math.max(0, Math.floor(seconds))} s`
  return minutes < 120 ? `${minutes} minutes` : `${Math.floor(minutes / 60)} hours`
}
