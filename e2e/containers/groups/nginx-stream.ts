import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { join } from 'node:path'
import { findFreePort } from '../../../apps/server/src/local/free-port.ts'
import { docker } from '../harness/command.ts'
import type { Tools } from '../harness/group.ts'
import { BASE_IMAGE } from '../harness/image.ts'
import type { Installation } from '../harness/installation.ts'
import { until } from '../harness/until.ts'

/**
 * Sends one event, and the last one when it is told to by another request. The product has no stream of events yet; what
 * has one must get it through, so this stands where the application would.
 */
const SOURCE = `
let end
require('node:http').createServer((asked, answer) => {
  if (asked.url === '/ready') return answer.end('yes')
  if (asked.url === '/end') return end(), answer.end('ended')
  answer.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' })
  answer.write('data: first\\n\\n')
  end = () => answer.end('data: last\\n\\n')
}).listen(5000)`

/** Streams of events (SSE) through the configuration of nginx. */
export async function checkStreams(installation: Installation, check: Tools['check']): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const name = `${installation.project}-stream`
  const port = await findFreePort(installation.httpsPort + 1, '127.0.0.1')
  await docker('network', 'create', name)
  stack.defer(async () => {
    await docker('network', 'rm', name)
  })
  const run = async (service: string, ...args: string[]) => {
    await docker('run', '--detach', '--name', `${name}-${service}`, '--network', name, ...args)
    stack.defer(async () => {
      await docker('rm', '--force', '--volumes', `${name}-${service}`)
    })
  }
  await run('app', '--network-alias', 'app', '--init', BASE_IMAGE, 'node', '-e', SOURCE)
  await run('nginx', '--publish', `127.0.0.1:${port}:443`, ...mountsOf(installation), 'nginx:stable')
  const get = (path: string) => open(installation, port, path)
  await until(async () => (await get('/ready').catch(() => undefined))?.statusCode === 200)

  await check('an event reaches the visitor when it happens, and not when the stream ends', async () => {
    for (const path of ['/events', '/api/v1/events']) {
      const stream = (await get(path)).setEncoding('utf8')
      const [first] = (await once(stream, 'data', { signal: AbortSignal.timeout(30_000) })) as [string]
      assert.equal(first, 'data: first\n\n', path)
      assert.equal(stream.headers['content-type'], 'text/event-stream')
      const rest = once(stream, 'data')
      await get('/end')
      assert.deepEqual(await rest, ['data: last\n\n'], path)
    }
  })
}

/** What the service nginx of the Compose file runs with. */
function mountsOf({ folder, project }: Installation): string[] {
  const settings = ['REQUESTS_PER_SECOND=30', 'REQUESTS_BURST=100', 'CONNECTIONS_PER_VISITOR=100']
  return [
    ...[...settings, 'NGINX_ENVSUBST_FILTER=^(REQUESTS|CONNECTIONS)_'].flatMap((setting) => ['--env', setting]),
    ...[
      '--volume',
      `${join(folder, 'nginx', 'slotkeeper.conf.template')}:/etc/nginx/templates/default.conf.template:ro`,
    ],
    ...['--volume', `${join(folder, 'nginx', 'faults')}:/etc/nginx/faults:ro`],
    ...['--volume', `${project}_made-edge:/made/edge:ro`],
  ]
}

async function open({ certificate }: Installation, port: number, path: string): Promise<IncomingMessage> {
  const asked = request({ host: 'localhost', port, path, ca: certificate, agent: false })
  asked.end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  return answer
}
