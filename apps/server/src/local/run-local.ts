import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatLinks } from './links.ts'
import { LocalError } from './local-error.ts'
import { createProgress } from './progress.ts'
import { startLocal, type LocalRun, type ServerParts } from './start-local.ts'
import { stopRequest } from './stop-request.ts'

/** The checkout. */
const ROOT = join(import.meta.dirname, '..', '..', '..', '..')

/** A stop that takes longer than any platform waits is given up. */
const STOP_TIMEOUT_MS = 30_000

/**
 * Starts all of Slotkeeper, prints its links, waits for the wish to stop, and stops everything in the right order.
 * @returns the exit code: 0 after a stop that was asked for
 */
export async function runLocal<Config>(parts: ServerParts<Config>): Promise<number> {
  const progress = createProgress(console.log)
  const stop = stopRequest(process.env)
  const stack = new AsyncDisposableStack()
  let exitCode = 0
  const onDatabaseLost = (lastLines: string) => {
    console.error(`PostgreSQL has ended without being asked to. Its log ends with:\n${lastLines}`)
    exitCode = 1
    stop.abort()
  }
  try {
    const start = { root: ROOT, env: process.env, progress, signal: stop.signal, stack, onDatabaseLost }
    const run = await startLocal(parts, start)
    await writeRunningFile(run, stack)
    progress.say(formatLinks(run, progress.seconds()))
    if (!stop.signal.aborted) await once(stop.signal, 'abort')
    progress.say('Stopping: finishing what is under way')
  } catch (error) {
    if (!stop.signal.aborted) {
      console.error(error instanceof LocalError ? error.message : error)
      exitCode = 1
    }
  }
  setTimeout(giveUp, STOP_TIMEOUT_MS).unref()
  await stack.disposeAsync()
  return exitCode
}

/** Says to other programs, such as the browser tests, where everything listens. Its owner alone may read it. */
async function writeRunningFile(run: LocalRun, stack: AsyncDisposableStack): Promise<void> {
  const file = join(run.dataDir, 'running.json')
  const { web, mailInbox = '', smtpPort, databaseUrl } = run
  const content = { pid: process.pid, url: web, mailUrl: mailInbox, smtpPort, databaseUrl }
  await rm(file, { force: true })
  await writeFile(file, `${JSON.stringify(content)}\n`, { mode: 0o600 })
  stack.defer(() => rm(file, { force: true }))
}

function giveUp(): never {
  console.error(`Not everything has stopped within ${STOP_TIMEOUT_MS / 1000} s: ending anyway.`)
  process.exit(1)
}
