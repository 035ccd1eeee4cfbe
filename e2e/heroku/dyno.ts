import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { PLATFORM_PATH } from './slug.ts'

/** One process of the app, as the platform runs it: from the slug, with config vars, and what it prints on one stream. */
export type Dyno = {
  /** all lines so far */
  lines: string[]
  /** asks it to end; tells how long it took, and whether it had to be killed */
  stop: () => Promise<{ seconds: number; code: number | null; wasKilled: boolean }>
  ended: Promise<number | null>
}

/** What the platform gives a process that was asked to end. */
const GRACE_MS = 30_000

export type Run = { folder: string; command: string; vars: Record<string, string>; dyno: string; port?: number }

/** Starts a command of the Procfile. Nothing of this machine's environment gets there. */
export function startDyno({ folder, command, vars, dyno, port }: Run): Dyno {
  const env = { ...vars, PATH: PLATFORM_PATH, HOME: folder, DYNO: dyno, ...(port && { PORT: String(port) }) }
  const child = spawn('bash', ['-c', command], { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => lines.push(...chunk.split('\n').filter(Boolean)))
  // Not before all that it printed has come.
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return { lines, ended, stop: () => stop(child, ended) }
}

/** Every process of a dyno is told; whoever is left after 30 seconds is killed. */
async function stop(child: ChildProcess, ended: Promise<number | null>) {
  const { pid } = child
  if (pid === undefined) throw new Error('the dyno has not been started')
  const begunMs = performance.now()
  process.kill(-pid, 'SIGTERM')
  const late = sleep(GRACE_MS).then(() => 'late' as const)
  const wasKilled = (await Promise.race([ended, late])) === 'late'
  if (wasKilled) process.kill(-pid, 'SIGKILL')
  return { code: await ended, seconds: (performance.now() - begunMs) / 1_000, wasKilled }
}
