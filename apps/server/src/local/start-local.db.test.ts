import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findFreePort } from './free-port.ts'
import { createProgress } from './progress.ts'
import { startLocal, type LocalStart, type ServerParts } from './start-local.ts'

test('parts start in the order in which they need each other, and stop the other way round', async () => {
  await using root = await makeCheckout()
  const { parts, events } = recordedParts()
  const stack = new AsyncDisposableStack()
  const run = await startLocal(parts, await startIn(root.path, { stack }))
  await stack.disposeAsync()
  expect(events).toEqual(['migrate', 'seed', 'worker', 'web', 'web closed', 'worker closed'])
  expect(run.mailInbox).toMatch(/^http:\/\/localhost:\d+$/)
  expect(run.demo?.email).toBe('owner@example.org')
})

test('the server is given a database, a mail inbox, a key and its own address', async () => {
  await using root = await makeCheckout()
  const { parts, seen } = recordedParts()
  await using stack = new AsyncDisposableStack()
  const start = await startIn(root.path, { stack })
  const { web } = await startLocal(parts, start)
  expect(seen.env).toMatchObject({ MAIL_SERVER: '127.0.0.1', PORT: start.env['PORT'], PUBLIC_URL: web })
  expect(seen.env['DATABASE_URL']).toMatch(/^postgres:\/\/slotkeeper:/)
  expect(seen.env['SECRET_KEY']).toHaveLength(43)
})

test('what the environment names is used, and nothing is started in its place', async () => {
  await using root = await makeCheckout()
  const { parts, seen } = recordedParts()
  await using stack = new AsyncDisposableStack()
  const own = { DATABASE_URL: 'postgres://elsewhere/db', MAIL_SERVER: 'mail.example', SECRET_KEY: 'own' }
  const start = await startIn(root.path, { stack, env: own })
  expect((await startLocal(parts, start)).mailInbox).toBeUndefined()
  expect(seen.env).toMatchObject(own)
  expect(seen.env['MAIL_PORT']).toBeUndefined()
})

test('a part that fails ends the start, and what was started before is stopped', async () => {
  await using root = await makeCheckout()
  const { parts, events } = recordedParts()
  const stack = new AsyncDisposableStack()
  const startWeb = () => Promise.reject(new Error('no web today'))
  await expect(startLocal({ ...parts, startWeb }, await startIn(root.path, { stack }))).rejects.toThrow('no web today')
  await stack.disposeAsync()
  expect(events).toEqual(['migrate', 'seed', 'worker', 'worker closed'])
})

test('a wish to stop during the start ends it before the next part', async () => {
  await using root = await makeCheckout()
  const { parts, events } = recordedParts()
  await using stack = new AsyncDisposableStack()
  const stop = new AbortController()
  const migrateUp = async () => stop.abort()
  const start = await startIn(root.path, { stack, signal: stop.signal })
  await expect(startLocal({ ...parts, migrateUp }, start)).rejects.toThrow('aborted')
  expect(events).toEqual([])
})

async function startIn(root: string, overrides: Partial<LocalStart>): Promise<LocalStart> {
  const env = { PORT: String(await findFreePort(0, '0.0.0.0')), DATA_DIR: join(root, 'data'), ...overrides.env }
  return {
    root,
    progress: createProgress(() => undefined),
    signal: new AbortController().signal,
    stack: new AsyncDisposableStack(),
    onDatabaseLost: () => undefined,
    ...overrides,
    env,
  }
}

/** Parts that do nothing but tell when they are asked to. */
function recordedParts() {
  const events: string[] = []
  const seen: { env: NodeJS.ProcessEnv } = { env: {} }
  const closable = (name: string) => async () => {
    events.push(name)
    return { close: async () => events.push(`${name} closed`) }
  }
  const parts: ServerParts<NodeJS.ProcessEnv> = {
    loadConfig: (env) => (seen.env = env),
    migrateUp: async () => events.push('migrate'),
    seedDemo: async () => {
      events.push('seed')
      return { email: 'owner@example.org', password: 'secret' }
    },
    startWorker: closable('worker'),
    startWeb: closable('web'),
  }
  return { parts, events, seen }
}

/** An empty folder with a script that does nothing in place of Vite. */
async function makeCheckout() {
  const root = await mkdtempDisposable(join(tmpdir(), 'slotkeeper-test-start-'))
  await mkdir(join(root.path, 'apps/web/build'), { recursive: true })
  await mkdir(join(root.path, 'node_modules/vite/bin'), { recursive: true })
  await writeFile(join(root.path, 'node_modules/vite/bin/vite.js'), '')
  return root
}
