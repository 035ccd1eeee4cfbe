import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestProject } from 'vitest/node'
import { connectRedis } from '../apps/server/src/db/redis.ts'
import { findFreePort } from '../apps/server/src/local/free-port.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** an empty Redis of this test run, shared by its files: prefix the keys */
    redisUrl: string
  }
}

const HOST = '127.0.0.1'
const START_TIMEOUT_MS = 10_000

/**
 * Vitest's global set-up of the `db` project: one Redis for the whole run, in memory only; or that of TEST_REDIS_URL, which
 * must be there for tests alone: it is emptied.
 */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env['TEST_REDIS_URL']?.replace(/\/$/, '')
  if (given) {
    await empty(given)
    project.provide('redisUrl', given)
    return undefined
  }
  const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-redis-'))
  const port = await findFreePort(0, HOST)
  const flags = ['--port', String(port), '--bind', HOST, '--dir', folder, '--save', '', '--appendonly', 'no']
  const redis = spawn('redis-server', flags, { stdio: 'ignore' })
  const killAtExit = () => redis.kill()
  process.on('exit', killAtExit)
  await ready(redis, port)
  project.provide('redisUrl', `redis://${HOST}:${port}`)
  return async () => {
    process.off('exit', killAtExit)
    redis.kill()
    await once(redis, 'exit')
    await rm(folder, { recursive: true, force: true })
  }
}

async function empty(url: string): Promise<void> {
  const redis = connectRedis(url, () => undefined)
  await once(redis, 'ready')
  await redis.flushall()
  redis.disconnect()
}

async function ready(redis: ChildProcess, port: number): Promise<void> {
  const failure = Promise.withResolvers<never>()
  redis.once('error', (error) => failure.reject(new Error(`These tests need redis-server: ${error.message}`)))
  redis.once('exit', (code) => failure.reject(new Error(`redis-server ended with exit code ${code ?? 'none'}`)))
  failure.promise.catch(() => undefined)
  await Promise.race([failure.promise, accepts(port)])
}

async function accepts(port: number): Promise<void> {
  const deadlineMs = performance.now() + START_TIMEOUT_MS
  while (performance.now() < deadlineMs) {
    const socket = connect(port, HOST)
    try {
      await once(socket, 'connect')
      return
    } catch {
      await sleep(30)
    } finally {
      socket.destroy()
    }
  }
  throw new Error('redis-server does not answer')
}
