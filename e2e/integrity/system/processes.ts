import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from '../../../apps/server/src/local/free-port.ts'

const ENTRY = join(import.meta.dirname, '..', '..', '..', 'apps', 'server', 'src', 'main.ts')
const PRELOAD = join(import.meta.dirname, 'skew.preload.ts')
const HOST = '127.0.0.1'
const START_TIMEOUT_MS = 90_000
const RESTART_PAUSE_MS = 500

type Env = Record<string, string>

/** How long a process may take to end. */
const PATIENCE_MS = 30_000

/** One process of the product, which a fault may end. */
export type Process = {
  name: string
  /** starts it, unless it runs; with its clock wrong by so much */
  start: (skewMs?: number) => Promise<void>
  /** ends it at once (SIGKILL), or lets it finish what is under way (SIGTERM) */
  end: (signal: 'SIGKILL' | 'SIGTERM') => Promise<void>
  /** what its clock is wrong by */
  skewMs: () => number
  /** how often it ended without having been asked to */
  endings: () => number
}

export type WebProcess = Process & { url: string; port: number }

/** A web process on a port of its own, not started yet. */
export async function webProcess(name: string, env: Env, log: FileHandle): Promise<WebProcess> {
  const port = await findFreePort(20_000 + Math.floor(Math.random() * 20_000), HOST)
  const url = `http://${HOST}:${port}`
  const own = { ...env, PORT: String(port), HOST, PUBLIC_URL: url }
  return { ...processOf({ name, command: 'web', env: own, log, isReady: () => isReady(url) }), url, port }
}

/** A worker process, not started yet. */
export function workerProcess(name: string, env: Env, log: FileHandle): Process {
  return processOf({ name, command: 'worker', env, log, isReady: async () => true })
}

type Description = { name: string; command: string; env: Env; log: FileHandle; isReady: () => Promise<boolean> }

/** A process under a supervisor: one that ends by itself is started again, and counted. */
function processOf({ name, command, env, log, isReady: ready }: Description): Process {
  const state = { skewMs: 0, isWanted: false, endings: 0 }
  let child: ChildProcess | undefined
  const isRunning = () => child !== undefined && child.exitCode === null && child.signalCode === null
  const run = () => {
    const started = spawn(process.execPath, ['--import', PRELOAD, ENTRY, command], {
      env: { PATH: process.env['PATH'], ...env, CLOCK_SKEW_MS: String(state.skewMs) },
      stdio: ['ignore', log.fd, log.fd],
    })
    const killAtExit = () => started.kill('SIGKILL')
    process.on('exit', killAtExit)
    started.once('exit', () => {
      process.off('exit', killAtExit)
      if (!state.isWanted) return
      state.endings += 1
      setTimeout(() => {
        if (state.isWanted && !isRunning()) run()
      }, RESTART_PAUSE_MS)
    })
    child = started
  }
  return {
    name,
    skewMs: () => state.skewMs,
    endings: () => state.endings,
    start: async (skewMs = 0) => {
      if (state.isWanted) return
      state.isWanted = true
      state.skewMs = skewMs
      run()
      const deadlineMs = Date.now() + START_TIMEOUT_MS
      while (!(await ready())) {
        if (Date.now() > deadlineMs) throw new Error(`${name} did not become ready`)
        await sleep(100)
      }
    },
    end: async (signal) => {
      state.isWanted = false
      if (!child || !isRunning()) return
      const exited = once(child, 'exit')
      const ending = child
      ending.kill(signal)
      // Longer than anything under way may take: nobody's run waits for a process that does not end.
      const late = setTimeout(() => ending.kill('SIGKILL'), PATIENCE_MS)
      await exited
      clearTimeout(late)
    },
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) })
    await answer.arrayBuffer()
    return answer.ok
  } catch {
    // It does not listen yet.
    return false
  }
}
