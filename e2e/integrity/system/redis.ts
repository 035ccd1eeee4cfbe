import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from '../../../apps/server/src/local/free-port.ts'

const HOST = '127.0.0.1'
const START_TIMEOUT_MS = 10_000

/** A real Redis in memory: killed, it has forgotten everything. */
export type RedisServer = { port: number; start: () => Promise<void>; kill: () => Promise<void> }

export async function redisServer(folder: string): Promise<RedisServer> {
  const port = await findFreePort(20_000 + Math.floor(Math.random() * 20_000), HOST)
  const flags = ['--port', String(port), '--bind', HOST, '--dir', folder, '--save', '', '--appendonly', 'no']
  let child: ChildProcess | undefined
  const isRunning = () => child !== undefined && child.exitCode === null && child.signalCode === null
  return {
    port,
    start: async () => {
      if (isRunning()) return
      const started = spawn('redis-server', flags, { stdio: 'ignore' })
      const killAtExit = () => started.kill('SIGKILL')
      process.on('exit', killAtExit)
      started.once('exit', () => process.off('exit', killAtExit))
      child = started
      const failed = once(started, 'error').then(([error]) =>
        Promise.reject(new Error('redis-server', { cause: error })),
      )
      await Promise.race([untilItListens(port), failed])
    },
    kill: async () => {
      if (!child || !isRunning()) return
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}

async function untilItListens(port: number): Promise<void> {
  const deadlineMs = Date.now() + START_TIMEOUT_MS
  while (Date.now() < deadlineMs) {
    const socket = connect(port, HOST)
    try {
      await once(socket, 'connect')
      return
    } catch {
      // Not yet.
      await sleep(30)
    } finally {
      socket.destroy()
    }
  }
  throw new Error('redis-server does not answer')
}
