import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from '../../apps/server/src/local/free-port.ts'
import { ROOT } from './run-command.ts'

const START_TIMEOUT_MS = 120_000
const POLL_MS = 100

const FOREIGN = /^(?:DATABASE_|REDIS_|MAIL_|PUBLIC_URL$|SECRET_KEY$|SENTRY_|OTEL_|npm_lifecycle_event$)/

export type LocalServerOptions = {
  /** environment variables, on top of our own */
  settings?: Record<string, string>
  /** a folder with data of a run before; without it the data is new, and removed at the stop */
  dataDir?: string
}

export type LocalServer = Addresses & {
  dataDir: string
  /** stops it as Ctrl-C does */
  stop: () => Promise<void>
  /** kills it at once, as a power cut would; its database lives on until the next start in the same folder */
  kill: () => Promise<void>
}

type Addresses = {
  pid: number
  /** of the web server, without a slash at its end */
  url: string
  /** of the mail inbox, without a slash at its end */
  mailUrl: string
  /** of the database's owner */
  databaseUrl: string
}

/**
 * Starts Slotkeeper as `npm start` does, in a process of its own, with a free port and without rate limits.
 * @throws {Error} with all its output when it does not start
 */
export async function startLocalServer({ settings, dataDir }: LocalServerOptions = {}): Promise<LocalServer> {
  const folder = dataDir ?? (await makeDataDir())
  const port = await findFreePort(0, '0.0.0.0')
  const own = { DATA_DIR: folder, PORT: String(port), RATE_LIMIT: 'off' }
  const child = spawn(process.execPath, [join(ROOT, 'apps/server/src/main-local.ts')], {
    env: { ...inheritedSettings(), ...own, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  }
  const end = endWith(child)
  const stop = async () => {
    await end('SIGTERM')
    if (dataDir === undefined) await rm(folder, { recursive: true, force: true })
  }
  const addresses = await waitForAddresses(child, folder)
  if (addresses) return { ...addresses, dataDir: folder, stop, kill: () => end('SIGKILL') }
  await stop()
  throw new Error(`Slotkeeper did not start:\n${output}`)
}

/** Without what names services of somebody else, whose data a test must not touch. */
function inheritedSettings(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name))
  return Object.fromEntries(inherited)
}

/** Open to pass through, as a folder in a checkout is: PostgreSQL does not run as root. */
async function makeDataDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-local-'))
  await chmod(folder, 0o711)
  return folder
}

/** @returns sends the process a signal and waits until it is gone; it does not outlive us either */
function endWith(child: ChildProcess): (signal: NodeJS.Signals) => Promise<void> {
  const killAtExit = () => child.kill()
  process.on('exit', killAtExit)
  child.once('exit', () => process.off('exit', killAtExit))
  return async (signal) => {
    if (hasEnded(child)) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
}

/** @returns undefined when the process has ended, or the time is over */
async function waitForAddresses(child: ChildProcess, dataDir: string): Promise<Addresses | undefined> {
  const deadlineMs = performance.now() + START_TIMEOUT_MS
  while (performance.now() < deadlineMs && !hasEnded(child)) {
    const addresses = await readAddresses(dataDir)
    if (addresses?.pid === child.pid) return addresses
    await sleep(POLL_MS)
  }
  return undefined
}

async function readAddresses(dataDir: string): Promise<Addresses | undefined> {
  try {
    return JSON.parse(await readFile(join(dataDir, 'running.json'), 'utf8')) as Addresses
  } catch {
    return undefined // Not there yet, or not written to its end.
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}
