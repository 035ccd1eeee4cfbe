import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { serveMetrics } from './metrics-server.ts'

test('of a cluster, the first process tells the figures of all others together', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'metrics-server.fixture.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  const answer = await fetch(`http://127.0.0.1:${port.toString().trim()}/metrics`)
  const text = await answer.text()
  child.stdin.end('end')
  await once(child, 'close')
  expect(text).toContain('\nrequests_total 3\n')
  expect(text).toContain('\nlast_done 2\n')
})

test('nothing but the figures is told there', async () => {
  const server = await serveMetrics(new Registry(), { port: 0, host: '127.0.0.1' })
  const statuses = ['/metrics', '/', '/metrics/x'].map(
    async (path) => (await fetch(`http://127.0.0.1:${server.port}${path}`)).status,
  )
  expect(await Promise.all(statuses)).toEqual([200, 404, 404])
  await server.close()
})

test('a figure that cannot be read makes the answer a failure, which whoever asks notes', async () => {
  const registry = new Registry()
  registry.metrics = () => Promise.reject(new Error('broken'))
  const server = await serveMetrics(registry, { port: 0, host: '127.0.0.1' })
  expect((await fetch(`http://127.0.0.1:${server.port}/metrics`)).status).toBe(500)
  await server.close()
})
