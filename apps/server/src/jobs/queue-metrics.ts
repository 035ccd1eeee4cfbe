import { Gauge } from 'prom-client'
import type { Database } from '../db/database.ts'
import { registry } from '../observe/metrics.ts'
import { countJobs, type QueueRow } from './queue.queries.ts'

/** What is told of the queue, under which names. Every worker tells the same: of several, the largest counts. */
const GAUGES: { name: string; help: string; read: (row: QueueRow) => number }[] = [
  { name: 'slotkeeper_queue_ready_jobs', help: 'Jobs that could be done now.', read: ({ ready }) => ready },
  { name: 'slotkeeper_queue_running_jobs', help: 'Jobs that are being done.', read: ({ running }) => running },
  { name: 'slotkeeper_queue_failed_jobs', help: 'Jobs that were given up.', read: ({ failed }) => failed },
  {
    name: 'slotkeeper_queue_oldest_seconds',
    help: 'For how long the oldest job that could be done has waited.',
    read: ({ oldestS }) => oldestS,
  },
]

/**
 * Tells how the queue stands whenever somebody asks; each kind stands there even when it has no job.
 * @returns what ends it
 */
export function watchQueue(db: Pick<Database, 'pool'>, kinds: string[]): () => void {
  let asked: Promise<Map<string, QueueRow> | undefined> | undefined
  // One question for all of them. Without a database there are no figures, which is a sign of its own.
  const ask = () => {
    asked ??= countJobs(db)
      .then((rows) => new Map(rows.map((row) => [row.kind, row])))
      .catch(() => undefined)
      .finally(() => (asked = undefined))
    return asked
  }
  for (const { name, help, read } of GAUGES) {
    registry.removeSingleMetric(name)
    new Gauge({
      ...{ name, help, labelNames: ['kind'], registers: [registry], aggregator: 'max' },
      async collect() {
        const rows = await ask()
        this.reset()
        if (rows) for (const kind of kinds) this.set({ kind }, read(rows.get(kind) ?? NO_JOBS))
      },
    })
  }
  return () => GAUGES.forEach(({ name }) => registry.removeSingleMetric(name))
}

const NO_JOBS: QueueRow = { kind: '', ready: 0, running: 0, failed: 0, oldestS: 0 }
