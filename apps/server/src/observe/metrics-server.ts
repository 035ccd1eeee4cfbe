import cluster from 'node:cluster'
import { createServer } from 'node:http'
import { AggregatorRegistry, type Registry } from 'prom-client'

export type RunningMetrics = { port: number; close: () => Promise<void> }

/**
 * Tells the figures of a registry on a port of its own, under /metrics. A process of a cluster tells them to the first
 * process instead, which answers for all of them: `serveClusterMetrics`.
 */
export async function serveMetrics(registry: Registry, { port, host }: Place): Promise<RunningMetrics> {
  if (cluster.isWorker) {
    AggregatorRegistry.setRegistries(registry)
    // Making one is what listens for the question of the first process.
    new AggregatorRegistry()
    return { port: 0, close: async () => undefined }
  }
  return listen({ port, host }, () => registry.metrics())
}

/** In the first process of a cluster: tells the figures of all the others together. */
export async function serveClusterMetrics(place: Place): Promise<RunningMetrics> {
  const all = new AggregatorRegistry()
  return listen(place, () => all.clusterMetrics())
}

type Place = { port: number; host: string }

async function listen({ port, host }: Place, figures: () => Promise<string>): Promise<RunningMetrics> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end()
    figures().then(
      (text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text),
      // Whoever asks notes that there was no answer, which is an alert by itself.
      () => response.writeHead(500).end(),
    )
  })
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  server.once('error', reject)
  server.listen(port, host, () => resolve(undefined))
  await promise
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () =>
      new Promise((ended) => {
        server.close(() => ended())
        server.closeAllConnections()
      }),
  }
}
