import { execFile, type ChildProcess } from 'node:child_process'
import { readFile, readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { errorCode } from './local-error.ts'

const POLL_MS = 20
const START_TIMEOUT_MS = 60_000

/** A fast shutdown writes a checkpoint: seconds on a slow disk. */
const FAST_STOP_MS = 30_000
const HARD_STOP_MS = 5_000

const run = promisify(execFile)

export type StartOutcome = 'ready' | 'exited' | 'timeout'

/** Waits until PostgreSQL itself has written to its pid file that it takes connections, or has ended. */
export async function waitUntilReady(child: ChildProcess, clusterDir: string): Promise<StartOutcome> {
  const deadlineMs = performance.now() + START_TIMEOUT_MS
  while (performance.now() < deadlineMs) {
    if (hasEnded(child)) return 'exited'
    const lines = await readPidFile(clusterDir)
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return 'ready'
    await sleep(POLL_MS)
  }
  return 'timeout'
}

/** Disconnects everybody, waits for the checkpoint, and for the process to be gone. */
export async function stopPostmaster(child: ChildProcess): Promise<void> {
  child.kill('SIGINT')
  if (await becomesTrue(() => hasEnded(child), FAST_STOP_MS)) return
  child.kill('SIGQUIT')
  if (await becomesTrue(() => hasEnded(child), HARD_STOP_MS)) return
  child.kill('SIGKILL')
}

/**
 * Clears what a killed run has left on a cluster: stops its PostgreSQL, which outlives its parent, and removes a pid
 * file whose number belongs to somebody else by now. Call it only while holding the folder's lock.
 * @returns whether there was anything left; the next start may then need several tries until its memory is free
 */
export async function clearLeftovers(clusterDir: string): Promise<boolean> {
  const pid = await postmasterId(clusterDir)
  if (pid === undefined) return false
  if (await isPostmasterOf(pid, clusterDir)) await stopStranger(pid, clusterDir)
  else if (isAlive(pid)) await rm(join(clusterDir, 'postmaster.pid'), { force: true })
  return true
}

/** @returns the process id in the cluster's pid file, which may be of a process long gone; undefined without the file */
export async function postmasterId(clusterDir: string): Promise<number | undefined> {
  const pid = Number((await readPidFile(clusterDir))[0])
  return Number.isInteger(pid) && pid > 1 ? pid : undefined
}

async function stopStranger(pid: number, clusterDir: string): Promise<void> {
  const isGone = async () => !(await isPostmasterOf(pid, clusterDir))
  process.kill(pid, 'SIGINT')
  if (await becomesTrue(isGone, FAST_STOP_MS)) return
  process.kill(pid, 'SIGQUIT')
  await becomesTrue(isGone, HARD_STOP_MS)
}

/** PostgreSQL works inside its data directory, which tells it from any other process that got the same number. */
async function isPostmasterOf(pid: number, clusterDir: string): Promise<boolean> {
  try {
    const folder = await realpath(clusterDir)
    if (process.platform === 'linux') return (await readlink(`/proc/${pid}/cwd`)) === folder
    const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)])
    return stdout.includes(clusterDir) || stdout.includes(folder)
  } catch {
    return false
  }
}

/** @returns the lines of `postmaster.pid`: 1 process id, 2 data directory, 4 port, 8 status; empty without the file */
async function readPidFile(clusterDir: string): Promise<string[]> {
  try {
    return (await readFile(join(clusterDir, 'postmaster.pid'), 'utf8')).split('\n')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

async function becomesTrue(test: () => boolean | Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + timeoutMs
  while (performance.now() < deadlineMs) {
    if (await test()) return true
    await sleep(POLL_MS)
  }
  return test()
}
