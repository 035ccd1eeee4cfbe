import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { COMMANDS } from '../apps/server/src/commands/table.ts'
import { runCommandLine } from '../apps/server/src/commands/command-line.ts'
import { startEmbeddedPostgres } from '../apps/server/src/local/embedded-postgres.ts'
import { lockFolder } from '../apps/server/src/local/folder-lock.ts'
import { ensureSecretKey } from '../apps/server/src/local/secret-key.ts'
import { ROOT } from './shared/run-command.ts'

// Runs a command of the server in a checkout. Without DATABASE_URL it is meant for what `npm start` keeps in its folder:
// for the database that is running, or for the one that is started for as long as the command takes.
const args = process.argv.slice(2)
const dataDir = resolve(ROOT, process.env['DATA_DIR'] ?? '.data')
const isForHelp = args.length === 0 || args.includes('--help') || args.includes('-h')
await using stack = new AsyncDisposableStack()
if (!isForHelp && !process.env['DATABASE_URL'] && existsSync(join(dataDir, 'postgres'))) {
  const defaults = { ...(await findRunning()), ...{ ENVIRONMENT: 'development', BACKUP_DIR: join(dataDir, 'backups') } }
  for (const [name, value] of Object.entries(defaults)) process.env[name] ||= value
}
process.exitCode = await runCommandLine(COMMANDS, args)

/** The settings of the Slotkeeper in the folder. */
async function findRunning(): Promise<Record<string, string>> {
  const SECRET_KEY = await ensureSecretKey(join(dataDir, 'secret-key'))
  const running = await readRunning()
  if (running) {
    const { url, databaseUrl, smtpPort } = running
    const mail = { MAIL_SERVER: 'localhost', ...(smtpPort !== undefined && { MAIL_PORT: String(smtpPort) }) }
    return { SECRET_KEY, DATABASE_URL: databaseUrl, PUBLIC_URL: url, PORT: new URL(url).port, ...mail }
  }
  stack.defer((await lockFolder(dataDir)).release)
  const postgres = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres') })
  stack.defer(postgres.stop)
  return { SECRET_KEY, DATABASE_URL: postgres.ownerUrl, PUBLIC_URL: 'http://localhost:5000', MAIL_SERVER: 'localhost' }
}

type Running = { pid: number; url: string; databaseUrl: string; smtpPort?: number }

/** What a running `npm start` says of itself; undefined when none runs, also where a killed one left its file behind. */
async function readRunning(): Promise<Running | undefined> {
  const file = join(dataDir, 'running.json')
  if (!existsSync(file)) return undefined
  const running = JSON.parse(await readFile(file, 'utf8')) as Running
  return isAlive(running.pid) ? running : undefined
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
