import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { lockFolder } from './folder-lock.ts'
import { startMailInbox } from './mail-inbox.ts'
import type { Progress } from './progress.ts'
import { ensureSecretKey } from './secret-key.ts'
import { buildWebIfStale } from './web-build.ts'
import { chooseWebPort } from './web-port.ts'

/** Where PostgreSQL is looked for first: beside the usual port, which another installation may use. */
const POSTGRES_PORT = 54_320

/** A Slotkeeper that has just been told to stop needs a moment to finish what is under way. */
const LOCK_WAIT_MS = 5_000

/** How the owner of the demo business signs in. */
export type DemoLogin = { email: string; password: string }

type Closable = { close: () => Promise<unknown> }

/** What the server is made of: in production several processes of one image, here one process. */
export type ServerParts<Config> = {
  loadConfig: (env: NodeJS.ProcessEnv) => Config
  migrateUp: (config: Config) => Promise<unknown>
  /** does nothing when the demo business is there already */
  seedDemo: (config: Config) => Promise<DemoLogin | undefined>
  startWeb: (config: Config) => Promise<Closable>
  startWorker: (config: Config) => Promise<Closable>
}

export type LocalStart = {
  /** the checkout */
  root: string
  env: NodeJS.ProcessEnv
  progress: Progress
  /** ends the start early; what has been started by then is stopped with the stack */
  signal: AbortSignal
  /** gets everything that must be stopped, in the order of the start */
  stack: AsyncDisposableStack
  /** called when the database ends without having been asked to */
  onDatabaseLost: (lastLines: string) => void
}

export type LocalRun = {
  /** the address of the web server, without a slash at its end */
  web: string
  mailInbox: string | undefined
  /** where the inbox takes mails */
  smtpPort: number | undefined
  databaseUrl: string
  demo: DemoLogin | undefined
  dataDir: string
}

/**
 * Starts all of Slotkeeper in this process: database, mail inbox, API, pages and worker. What the environment names
 * (DATABASE_URL, MAIL_SERVER) is used instead of our own.
 * @throws {LocalError} when something stands in the way; the sentence says what to do
 */
export async function startLocal<Config>(parts: ServerParts<Config>, start: LocalStart): Promise<LocalRun> {
  const { root, env, progress, signal, stack } = start
  const dataDir = resolve(root, env['DATA_DIR'] ?? '.data')
  await mkdir(dataDir, { recursive: true })
  if (!env['DATABASE_URL']) stack.defer((await lockFolder(dataDir, LOCK_WAIT_MS)).release)
  const { port, note } = await chooseWebPort(env['PORT'])
  const web = `http://localhost:${port}`
  const settings = {
    ...{ PORT: port, PUBLIC_URL: env['PUBLIC_URL'] ?? web },
    LOG_LEVEL: env['LOG_LEVEL'] ?? 'warning',
    ENVIRONMENT: env['ENVIRONMENT'] ?? 'development',
    SIGN_UP: env['SIGN_UP'] ?? 'open',
  }
  const [{ config, ...services }] = await together([
    startServices(parts, start, { dataDir, settings }),
    buildPages(start),
  ])
  signal.throwIfAborted()
  const server = await parts.startWeb(config)
  stack.defer(() => closed(server))
  progress.done('The web server is running')
  if (note) progress.say(note)
  return { web, dataDir, ...services }
}

type Services = { dataDir: string; settings: NodeJS.ProcessEnv }

/** Everything but the web server, which alone needs the pages and therefore waits for their build. */
async function startServices<Config>(parts: ServerParts<Config>, start: LocalStart, { dataDir, settings }: Services) {
  const { env, progress, signal, stack } = start
  const [databaseUrl, inbox, secretKey] = await together([
    useDatabase(start, dataDir),
    useMailInbox(start, dataDir),
    env['SECRET_KEY'] ?? ensureSecretKey(join(dataDir, 'secret-key')),
  ])
  signal.throwIfAborted()
  const mail = inbox && { MAIL_SERVER: inbox.smtpHost, MAIL_PORT: String(inbox.smtpPort) }
  const config = parts.loadConfig({ ...env, ...settings, ...mail, DATABASE_URL: databaseUrl, SECRET_KEY: secretKey })
  await parts.migrateUp(config)
  progress.done('The database is up to date')
  signal.throwIfAborted()
  const demo = await parts.seedDemo(config)
  signal.throwIfAborted()
  const worker = await parts.startWorker(config)
  stack.defer(() => closed(worker))
  return { config, mailInbox: inbox?.url, smtpPort: inbox?.smtpPort, databaseUrl, demo }
}

async function useDatabase(
  { env, progress, signal, stack, onDatabaseLost }: LocalStart,
  dataDir: string,
): Promise<string> {
  if (env['DATABASE_URL']) return env['DATABASE_URL']
  const options = { dataDir: join(dataDir, 'postgres'), port: POSTGRES_PORT, onDeath: onDatabaseLost }
  const postgres = await startEmbeddedPostgres(options)
  stack.defer(postgres.stop)
  signal.throwIfAborted()
  progress.done(`PostgreSQL is running on port ${postgres.port}`)
  return postgres.ownerUrl
}

async function useMailInbox({ env, progress, stack }: LocalStart, dataDir: string) {
  if (env['MAIL_SERVER']) return undefined
  const inbox = await startMailInbox(join(dataDir, 'mail'))
  stack.defer(inbox.stop)
  progress.done(`The mail inbox is running on port ${inbox.smtpPort}`)
  return inbox
}

async function buildPages({ root, progress, signal }: LocalStart): Promise<void> {
  if (await buildWebIfStale(root, signal)) progress.done('The web pages are built')
}

async function closed(part: Closable): Promise<void> {
  await part.close()
}

/** Waits for all of them even when one fails, so that each has put what it started on the stack. */
async function together<T extends readonly unknown[] | []>(
  tasks: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(tasks)
  return Promise.all(tasks)
}
