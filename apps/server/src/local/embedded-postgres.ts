import type { ChildProcess } from 'node:child_process'
import { chmod, mkdir, open, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { lockFolder, type FolderLock } from './folder-lock.ts'
import { findFreePort } from './free-port.ts'
import { LocalError } from './local-error.ts'
import { chooseAccount, spawnAs, type PostgresAccount } from './postgres-account.ts'
import { checkPostgresRuns, findPostgresBinaries } from './postgres-binaries.ts'
import { clusterPaths, ensureCluster, OWNER } from './postgres-cluster.ts'
import { clearLeftovers, stopPostmaster, waitUntilReady } from './postmaster.ts'

const HOST = '127.0.0.1'
const DATABASE = 'slotkeeper'

/** How long a start is tried again while the memory of a killed predecessor is still held by its last processes. */
const RETRY_MS = 15_000
const RETRY_PAUSE_MS = 300

export type EmbeddedPostgresOptions = {
  /** the folder for the cluster, its password and its log; made when missing */
  dataDir: string
  /** the wanted port, or else the next free one; without it the system chooses */
  port?: number
  /** settings of postgresql.conf for this run */
  settings?: Record<string, string | number>
  /** called when PostgreSQL ends without having been asked to, with the last lines of its log */
  onDeath?: (lastLines: string) => void
}

export type EmbeddedPostgres = {
  /** connects as superuser to the database `slotkeeper` */
  ownerUrl: string
  port: number
  /** disconnects everybody, waits until all is on disk; a second call does nothing */
  stop: () => Promise<void>
}

/**
 * Starts a real PostgreSQL of our own on the loopback address, with its data in a folder, and creates the empty
 * database `slotkeeper` in it at the first start. What a killed run has left behind is cleared first.
 * @throws {LocalError} when PostgreSQL cannot run here, or another Slotkeeper holds the folder; the sentence says what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir)
  await mkdir(dataDir, { recursive: true })
  // The account that root steps down to must get through; what lies inside is closed by itself.
  if (process.getuid?.() === 0) await chmod(dataDir, 0o711)
  const lock = await lockFolder(dataDir)
  try {
    return await startLocked({ ...options, dataDir }, lock)
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function startLocked(options: EmbeddedPostgresOptions, lock: FolderLock): Promise<EmbeddedPostgres> {
  const binaries = findPostgresBinaries()
  const { clusterDir } = clusterPaths(options.dataDir)
  const account = await chooseAccount(clusterDir, [binaries.postgres, clusterDir])
  await checkPostgresRuns(binaries, account)
  const password = await ensureCluster(options.dataDir, binaries.initdb, account)
  const retryMs = (await clearLeftovers(clusterDir)) ? RETRY_MS : 0
  const { child, port } = await startWithRetry({ ...options, postgres: binaries.postgres, account, retryMs })
  const stop = ownStop(child, lock, options)
  try {
    await ensureDatabase(urlOf(password, port, 'postgres'))
  } catch (error) {
    await stop()
    throw error
  }
  return { ownerUrl: urlOf(password, port, DATABASE), port, stop }
}

type Start = EmbeddedPostgresOptions & { postgres: string; account: PostgresAccount; retryMs: number }

async function startWithRetry(start: Start): Promise<{ child: ChildProcess; port: number }> {
  const deadlineMs = performance.now() + start.retryMs
  const { logFile } = clusterPaths(start.dataDir)
  for (;;) {
    const port = await findFreePort(start.port ?? 0, HOST)
    const child = await startOnce(start, port)
    if (child) return { child, port }
    const lastLines = await tail(logFile)
    const lostPort = lastLines.includes('could not bind')
    if (!lostPort && performance.now() > deadlineMs) {
      throw new LocalError(`PostgreSQL does not start. Its log, ${logFile}, ends with:\n${lastLines}`)
    }
    await sleep(RETRY_PAUSE_MS)
  }
}

/** @returns undefined when PostgreSQL ended at once, having written why to its log */
async function startOnce(start: Start, port: number): Promise<ChildProcess | undefined> {
  const { clusterDir, logFile } = clusterPaths(start.dataDir)
  const log = await open(logFile, 'w', 0o600)
  try {
    const flags = ['-D', clusterDir, '-p', String(port), ...settingFlags(start.settings)]
    const child = spawnAs(start.account, start.postgres, flags, ['ignore', log.fd, log.fd])
    const outcome = await waitUntilReady(child, clusterDir)
    if (outcome === 'ready') return child
    if (outcome === 'timeout') await stopPostmaster(child)
    return undefined
  } finally {
    await log.close()
  }
}

function settingFlags(settings: Record<string, string | number> = {}): string[] {
  const own = { listen_addresses: HOST, unix_socket_directories: '', timezone: 'UTC', log_timezone: 'UTC' }
  return Object.entries({ ...own, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

function ownStop(child: ChildProcess, lock: FolderLock, options: EmbeddedPostgresOptions): () => Promise<void> {
  let stopping: Promise<void> | undefined
  const killAtExit = () => child.kill('SIGINT')
  process.on('exit', killAtExit)
  child.once('exit', () => {
    process.off('exit', killAtExit)
    if (!stopping) void tail(clusterPaths(options.dataDir).logFile).then(options.onDeath)
  })
  child.unref()
  return () => (stopping ??= stopPostmaster(child).then(() => lock.release()))
}

async function ensureDatabase(adminUrl: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl })
  await client.connect()
  try {
    const found = await client.query('select from pg_database where datname = $1', [DATABASE])
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`)
  } finally {
    await client.end()
  }
}

function urlOf(password: string, port: number, database: string): string {
  return `postgres://${OWNER}:${password}@${HOST}:${port}/${database}`
}

async function tail(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).trimEnd().split('\n').slice(-5).join('\n')
}
