import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrateUp } from '../../apps/server/src/db/migrate.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../apps/server/src/local/embedded-postgres.ts'
import { findFreePort } from '../../apps/server/src/local/free-port.ts'
import { startMailInbox } from '../../apps/server/src/local/mail-inbox.ts'

const ENTRY = join(import.meta.dirname, '..', '..', 'apps', 'server', 'src', 'main.ts')

/** How long a process may take to answer its first request. */
const START_TIMEOUT_MS = 60_000

/** One process of the product, which a test may kill. */
export type Process = { url: string; kill: () => Promise<void>; restart: () => Promise<void> }

/** Several processes over one real PostgreSQL, as in production. */
export type Stack = AsyncDisposable & {
  web: Process[]
  databaseUrl: string
  mailUrl: string
  /** stops PostgreSQL as `pg_ctl restart -m fast` does, and starts it again */
  restartDatabase: () => Promise<void>
}

export type StackOptions = { webProcesses: number; worker?: boolean; settings?: Record<string, string> }

/** Starts PostgreSQL, the mail inbox, the web processes and a worker on free ports. Dispose of it, and nothing is left. */
export async function startStack({ webProcesses, worker = true, settings = {} }: StackOptions): Promise<Stack> {
  const stack = new AsyncDisposableStack()
  try {
    const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-stack-'))
    stack.defer(() => rm(folder, { recursive: true, force: true }))
    const dataDir = join(folder, 'postgres')
    let postgres: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir })
    stack.defer(() => postgres.stop())
    await migrateUp({ databaseOwnerUrl: postgres.ownerUrl })
    const inbox = await startMailInbox(join(folder, 'mail'))
    stack.defer(inbox.stop)
    const base = {
      DATABASE_URL: postgres.ownerUrl,
      SECRET_KEY: 'a key for tests that is long enough to be taken',
      MAIL_SERVER: inbox.smtpHost,
      MAIL_PORT: String(inbox.smtpPort),
      LOG_LEVEL: 'error',
      RATE_LIMIT: 'off',
      ENVIRONMENT: 'development',
      SIGN_UP: 'open',
      HOST: '127.0.0.1',
      ...settings,
    }
    const web: Process[] = []
    for (let index = 0; index < webProcesses; index++) web.push(await startWebProcess(base, stack))
    if (worker) await startWorkerProcess({ PUBLIC_URL: web[0]?.url ?? '', ...base }, stack)
    return {
      web,
      databaseUrl: postgres.ownerUrl,
      mailUrl: inbox.url,
      restartDatabase: async () => {
        await postgres.stop()
        postgres = await startEmbeddedPostgres({ dataDir, port: postgres.port })
      },
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

async function startWebProcess(base: Record<string, string>, stack: AsyncDisposableStack): Promise<Process> {
  const port = await findFreePort(20_000 + Math.floor(Math.random() * 20_000), '127.0.0.1')
  const url = `http://127.0.0.1:${port}`
  const env = { PUBLIC_URL: url, ...base, PORT: String(port) }
  let child: ChildProcess | undefined
  const start = async () => {
    child = run('web', env)
    await untilHealthy(url, child)
  }
  const kill = async () => {
    if (child) await end(child, 'SIGKILL')
  }
  stack.defer(kill)
  await start()
  return { url, kill, restart: start }
}

async function startWorkerProcess(env: Record<string, string>, stack: AsyncDisposableStack): Promise<void> {
  const child = run('worker', env)
  stack.defer(() => end(child, 'SIGTERM'))
}

function run(command: string, env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [ENTRY, command], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}

async function untilHealthy(url: string, child: ChildProcess): Promise<void> {
  const deadlineMs = Date.now() + START_TIMEOUT_MS
  while (Date.now() < deadlineMs && child.exitCode === null) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined)
    await answer?.arrayBuffer()
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${url} did not become ready (exit code ${child.exitCode})`)
}
