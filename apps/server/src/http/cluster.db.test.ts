import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { copyTemplate } from '../../test/world.ts'
import { findFreePort } from '../local/free-port.ts'
import { buildWebIfStale } from '../local/web-build.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..', '..')

// A web process serves the pages too, and does not start without them.
beforeAll(() => buildWebIfStale(ROOT), 300_000)

/** A cluster as production starts it, and the processes that it tells of. */
async function startCluster() {
  const { url: databaseUrl, drop } = await copyTemplate(inject('postgresUrl'))
  const port = await findFreePort(20_000 + Math.floor(Math.random() * 20_000), '127.0.0.1')
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', 'main.ts'), 'web'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ...{
        DATABASE_URL: databaseUrl,
        PORT: String(port),
        HOST: '127.0.0.1',
        WEB_CONCURRENCY: '2',
        MAIL_SERVER: 'localhost',
      },
      ...{ PUBLIC_URL: `http://127.0.0.1:${port}`, SECRET_KEY: 'a key for tests that is long enough to be taken' },
      ...{ ENVIRONMENT: 'development', RATE_LIMIT: 'off', DATABASE_POOL_SIZE: '4' },
      // As in production: connections that are kept end before those who answer on them do.
      DRAIN_SECONDS: '1',
    },
  })
  const ended = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await ended
    await drop()
  })
  const listening = new Set<number>()
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (text + chunk).split('\n')
    text = lines.pop() ?? ''
    for (const line of lines)
      if (line.includes('Server listening')) listening.add((JSON.parse(line) as { pid: number }).pid)
  })
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await sleep(50)
  }
  await until(() => listening.size === 2)
  const ask = () => fetch(`http://127.0.0.1:${port}/health`).then(({ status }) => status)
  return { child, ended, listening, until, ask }
}

test('of several processes on one port, one that ends is replaced, and the others go on answering', async () => {
  const { listening, until, ask } = await startCluster()
  const [victim = 0] = listening
  process.kill(victim, 'SIGKILL')
  await until(() => listening.size === 3)
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([200, 200, 200])
})

test('SIGHUP replaces them one by one, and nobody is refused meanwhile', async () => {
  const { child, listening, until, ask } = await startCluster()
  const answers: number[] = []
  child.kill('SIGHUP')
  while (listening.size < 4) answers.push(await ask())
  await until(() => listening.size === 4)
  expect(new Set(answers)).toEqual(new Set([200]))
})

test('SIGTERM ends all of them', async () => {
  const { child, ended, listening } = await startCluster()
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  for (const pid of listening) expect(() => process.kill(pid, 0)).toThrow()
})
