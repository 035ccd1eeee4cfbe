import cluster from 'node:cluster'
import { Counter, Gauge, Registry } from 'prom-client'
import { serveClusterMetrics, serveMetrics } from './metrics-server.ts'

// A cluster of two processes, which counts to 1 and 2 there; the first process says where it tells it, and ends when it is
// told to.
const place = { port: 0, host: '127.0.0.1' }

if (cluster.isPrimary) {
  const { promise: both, resolve } = Promise.withResolvers<undefined>()
  let ready = 0
  cluster.on('message', (_worker, message: unknown) => {
    if (message === 'ready' && ++ready === 2) resolve(undefined)
  })
  for (const count of [1, 2]) cluster.fork({ COUNT: String(count) })
  await both
  const metrics = await serveClusterMetrics(place)
  process.stdout.write(`${metrics.port}\n`)
  process.stdin.once('data', () => {
    void metrics.close()
    for (const worker of Object.values(cluster.workers ?? {})) worker?.kill()
    process.stdin.unref()
  })
} else {
  const registry = new Registry()
  const count = Number(process.env['COUNT'])
  new Counter({ name: 'requests_total', help: 'x', registers: [registry] }).inc(count)
  new Gauge({ name: 'last_done', help: 'x', registers: [registry], aggregator: 'max' }).set(count)
  await serveMetrics(registry, place)
  process.send?.('ready')
}
