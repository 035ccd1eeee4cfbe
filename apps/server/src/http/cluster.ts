import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config/config.ts'
import { createLogger } from '../observe/log.ts'
import { serveClusterMetrics } from '../observe/metrics-server.ts'
import { untilStopped } from '../shared/until-stopped.ts'

/** Whoever ends as soon as it starts is started again after a pause that grows up to this. */
const PAUSE_MAX_MS = 10_000

/** Who has lived this long has started well. */
const HEALTHY_MS = 10_000

/**
 * Runs several web processes on one port, until it is asked to end. One that ends by itself is replaced; SIGHUP replaces
 * all of them one by one, each after its successor listens, so that there are never fewer. SIGTERM lets all finish.
 */
export async function runCluster(config: Config): Promise<void> {
  const logger = createLogger('web', config)
  const state = { stopping: false, pauseMs: 0 }
  const retired = new Set<Worker>()
  cluster.on('exit', (worker, code, signal) => {
    if (state.stopping || retired.delete(worker)) return
    logger.error({ pid: worker.process.pid, code, signal }, 'a web process ended and is replaced')
    void sleep(state.pauseMs).then(() => {
      if (!state.stopping) start()
    })
    state.pauseMs = Math.min(PAUSE_MAX_MS, state.pauseMs * 2 + 100)
  })
  const start = (): Worker => {
    const worker = cluster.fork()
    const healthy = setTimeout(() => (state.pauseMs = 0), HEALTHY_MS)
    worker.once('exit', () => clearTimeout(healthy))
    return worker
  }
  for (let count = 0; count < config.webConcurrency; count++) start()
  const metrics =
    config.metricsPort === undefined
      ? undefined
      : await serveClusterMetrics({ port: config.metricsPort, host: config.host })
  let replacing = Promise.resolve()
  process.on('SIGHUP', () => {
    replacing = replacing.then(async () => {
      for (const worker of workersOf()) await replace(worker, start(), retired)
    })
  })
  await untilStopped()
  state.stopping = true
  await Promise.all(workersOf().map(end))
  await metrics?.close()
}

/** A successor that ends before it listens leaves the old one in its place; the cluster goes on replacing it. */
async function replace(old: Worker, successor: Worker, retired: Set<Worker>): Promise<void> {
  const isThere = await Promise.race([
    once(successor, 'listening').then(() => true),
    once(successor, 'exit').then(() => false),
  ])
  if (!isThere || old.isDead()) return
  retired.add(old)
  await end(old)
}

async function end(worker: Worker): Promise<void> {
  if (worker.isDead()) return
  const ended = once(worker, 'exit')
  worker.process.kill('SIGTERM')
  await ended
}

function workersOf(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
}
