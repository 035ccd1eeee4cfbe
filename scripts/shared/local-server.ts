import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from '../../apps/server/src/local/free-port.ts'
import { ROOT } from './run-command.ts'

const START_TIMEOUT_MS = 120_000
const POLL_MS = 100

export type LocalServer = {
  pid: number
  /** of the web server, without a slash at its end */
  url: string
  /** of the mail inbox, without a slash at its end */
  mailUrl: string
  /** of the database's owner */
  databaseUrl: string
  /** stops it as Ctrl-C does, and removes its data */
  stop: () => Promise<void>
}

/**
 * Starts Slotkeeper as `npm start` does, with an empty database of its own, in a process of its own.
 * @param settings  more environment variables
 * @throws {Error} with all its output when it does not start
 */
export async function startLocalServer(settings: Record<string, string> = {}): Promise<LocalServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'slotkeeper-local-'))
  const port = await findFreePort(0, '0.0.0.0')
  const child = spawn(process.execPath, [join(ROOT, 'apps/server/src/main-local.ts')], {
    env: { ...process.env, DATA_DIR: dataDir, PORT: String(port), RATE_LIMIT: 'off', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const killAtExit = () => child.kill()
  process.on('exit', killAtExit)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  const stop = async () => {
    process.off('exit', killAtExit)
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    await rm(dataDir, { recursive: true, force: true })
  }
  const running = await waitForAddresses(dataDir, () => child.exitCode !== null)
  if (running) return { ...running, stop }
  await stop()
  throw new Error(`Slotkeeper did not start:\n${output}`)
}

/** @returns undefined when the process has ended, or the time is over */
async function waitForAddresses(dataDir: string, hasEnded: () => boolean) {
  const deadlineMs = performance.now() + START_TIMEOUT_MS
  while (performance.now() < deadlineMs && !hasEnded()) {
    try {
      return JSON.parse(await readFile(join(dataDir, 'running.json'), 'utf8')) as Omit<LocalServer, 'stop'>
    } catch {
      await sleep(POLL_MS)
    }
  }
  return undefined
}
