import { eventLoopUtilization } from 'node:perf_hooks'
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client'
import { registry } from './metrics.ts'

/** Where a figure can be read at the moment it is asked for. */
type Reader = () => number | undefined | Promise<number | undefined>

/** A pool of connections, as far as its figures go. */
type Pool = { totalCount: number; idleCount: number; waitingCount: number; options: { max?: number } }

/** What the runtime says of itself: memory, garbage, the lag of the event loop. Once a process. */
export function watchProcess(registered: Registry = registry): void {
  if (registered.getSingleMetric('slotkeeper_event_loop_utilization_ratio')) return
  collectDefaultMetrics({ register: registered })
  let last = eventLoopUtilization()
  new Gauge({
    name: 'slotkeeper_event_loop_utilization_ratio',
    help: 'The part of the time since it was last asked for in which the event loop was busy: near 1, the process is full.',
    registers: [registered],
    aggregator: 'average',
    collect() {
      const now = eventLoopUtilization()
      this.set(eventLoopUtilization(now, last).utilization)
      last = now
    },
  })
}

const pools = new Map<string, Pool>()

/**
 * Tells how a pool of connections is used, from here on.
 * @returns what ends it
 */
export function watchPool(name: string, pool: Pool): () => void {
  pools.set(name, pool)
  poolGauge('slotkeeper_pool_connections', 'Connections to the database that are open.', (of) => of.totalCount)
  poolGauge('slotkeeper_pool_idle_connections', 'Open connections that nobody uses.', (of) => of.idleCount)
  poolGauge('slotkeeper_pool_waiting', 'Who waits for a connection.', (of) => of.waitingCount)
  poolGauge('slotkeeper_pool_connections_max', 'Connections that the pool may open.', (of) => of.options.max ?? 0)
  return () => {
    if (pools.get(name) === pool) pools.delete(name)
  }
}

function poolGauge(name: string, help: string, read: (pool: Pool) => number): void {
  if (registry.getSingleMetric(name)) return
  new Gauge({
    ...{ name, help, labelNames: ['pool'], registers: [registry] },
    collect() {
      this.reset()
      for (const [pool, of] of pools) this.set({ pool }, read(of))
    },
  })
}

const readers = new Map<string, Reader>()

/**
 * Tells a figure that is read when it is asked for; nothing while there is nothing to read.
 * @returns what ends it
 */
export function watchFigure(name: string, help: string, read: Reader): () => void {
  readers.set(name, read)
  if (!registry.getSingleMetric(name)) {
    new Gauge({
      ...{ name, help, registers: [registry] },
      async collect() {
        const value = await readers.get(name)?.()
        if (value === undefined) this.reset()
        else this.set(value)
      },
    })
  }
  return () => {
    if (readers.get(name) === read) readers.delete(name)
  }
}
