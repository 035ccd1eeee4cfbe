import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { expect, inject, test } from 'vitest'
import { createWorld, type World } from '../../test/world.ts'
import { findFreePort } from '../local/free-port.ts'

const statusOf = async (world: Pick<World, 'inject'>, headers: { cookie: string }) =>
  (await world.inject({ url: '/api/v1/me', headers })).statusCode

/** A Redis that a test may end when it likes. */
async function ownRedis() {
  const port = await findFreePort(0, '127.0.0.1')
  const start = async () => {
    const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    const server = spawn('redis-server', flags, { stdio: 'ignore' })
    const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 50, maxRetriesPerRequest: null })
    client.on('error', () => undefined)
    await client.ping()
    client.disconnect()
    return server
  }
  let running = await start()
  const stop = async () => {
    if (running.exitCode !== null || running.signalCode !== null) return
    running.kill('SIGKILL')
    await once(running, 'exit')
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    stop,
    restart: async () => {
      running = await start()
    },
    [Symbol.asyncDispose]: stop,
  }
}

test('a session is in Redis, under a name from which nobody can sign in, and in the database', async () => {
  const url = `${inject('redisUrl')}/1`
  await using world = await createWorld({ env: { REDIS_URL: url } })
  const headers = await world.signIn('owner')
  const [session] = await world.sql<{ token: string }>('select token from auth.session')
  const redis = new Redis(url)
  const names = await redis.keys('*')
  redis.disconnect()
  expect(names.some((name) => name.startsWith('slotkeeper:session:'))).toBe(true)
  expect(names.join()).not.toContain(session?.token)
  await world.sql('delete from auth.session')
  expect(await statusOf(world, headers)).toBe(200)
})

test('a session survives that Redis has forgotten everything', async () => {
  const url = `${inject('redisUrl')}/2`
  await using world = await createWorld({ env: { REDIS_URL: url } })
  const headers = await world.signIn('owner')
  const redis = new Redis(url)
  await redis.flushdb()
  redis.disconnect()
  expect(await statusOf(world, headers)).toBe(200)
})

test('who signs out is out in every process, in Redis and in the database', async () => {
  await using world = await createWorld({ env: { REDIS_URL: `${inject('redisUrl')}/3` } })
  const other = await world.addInstance()
  const headers = await world.signIn('owner')
  expect(await statusOf(other, headers)).toBe(200)
  const origin = world.config.publicUrl
  await world.inject({ method: 'POST', url: '/api/auth/sign-out', headers: { ...headers, origin }, payload: {} })
  expect([await statusOf(world, headers), await statusOf(other, headers)]).toEqual([401, 401])
})

test('sessions and limits go on while Redis is away, and when it is back', async () => {
  await using redis = await ownRedis()
  await using world = await createWorld({ rateLimit: 'on', env: { REDIS_URL: redis.url } })
  const before = await world.signIn('owner')
  expect(await statusOf(world, before)).toBe(200)
  await redis.stop()
  expect(await statusOf(world, before)).toBe(200)
  const meanwhile = await world.signIn('viewer')
  expect(await statusOf(world, meanwhile)).toBe(200)
  await redis.restart()
  await sleep(1500)
  expect(await statusOf(world, before)).toBe(200)
  expect(await statusOf(world, meanwhile)).toBe(200)
  expect(await statusOf(world, await world.signIn('manager'))).toBe(200)
})

test('a process starts, and lets people in, without the Redis it was told of', async () => {
  const port = await findFreePort(0, '127.0.0.1')
  await using world = await createWorld({ env: { REDIS_URL: `redis://127.0.0.1:${port}` } })
  expect(await statusOf(world, await world.signIn('owner'))).toBe(200)
})

test('limits are counted over all processes together', async () => {
  await using world = await createWorld({ rateLimit: 'on', env: { REDIS_URL: `${inject('redisUrl')}/4` } })
  const other = await world.addInstance()
  const left = async ({ inject: ask }: Pick<World, 'inject'>) =>
    Number(
      (await ask({ url: '/api/v1/organizations/practice', remoteAddress: '192.0.2.99' })).headers[
        'x-ratelimit-remaining'
      ],
    )
  const first = await left(world)
  expect([await left(other), await left(world)]).toEqual([first - 1, first - 2])
})
