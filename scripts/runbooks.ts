import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import pg from 'pg'
import { findFreePort } from '../apps/server/src/local/free-port.ts'
import { buildWebIfStale } from '../apps/server/src/local/web-build.ts'
import { answerHelp } from '../apps/server/src/shared/command-help.ts'
import { fencesOf, isShell, ordersOf, type Fence } from './docs/fences.ts'
import { findOperatorPages } from './docs/operator-pages.ts'
import { startLocalServer } from './shared/local-server.ts'
import { ROOT, runCommand } from './shared/run-command.ts'

answerHelp(`
Runs what the operators' pages say: every \`\`\`sh run of docs/operate and docs/onboarding, in order, against a Slotkeeper with
the demo business that is started for it. Each page has a folder of its own that looks like a checkout, and an empty
database, EMPTY_DATABASE_URL. A command must end with 0, or the exit="..." beside it, and print its prints="...".

  npm run test:runbooks                    all pages
  npm run test:runbooks -- migrate scale   those with one of these words in their names
  npm run test:runbooks -- --short         disaster recovery and running, whose commands are worst to be wrong
`)

const args = process.argv.slice(2)
const words = args.includes('--short') ? ['disaster', 'running'] : args
const isWanted = (page: string) => words.length === 0 || words.some((word) => page.includes(word))
const pages = (await findOperatorPages()).filter(isWanted)

await buildWebIfStale(ROOT)
const SECRET_KEY = 'only-for-the-runbooks-0123456789abcdefghijkl'
const METRICS_PORT = String(await findFreePort(0, '127.0.0.1'))
const server = await startLocalServer({ settings: { SECRET_KEY, METRICS_PORT } })
let [passed, failed] = [0, 0]
try {
  const settings = await settingsOf()
  for (const page of pages) await runPage(page, settings)
} finally {
  await server.stop()
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0

/** What somebody has in the environment who operates the Slotkeeper that runs. */
async function settingsOf(): Promise<Record<string, string>> {
  const running = JSON.parse(await readFile(join(server.dataDir, 'running.json'), 'utf8')) as { smtpPort: number }
  return {
    DATABASE_URL: server.databaseUrl,
    PUBLIC_URL: server.url,
    PORT: new URL(server.url).port,
    MAIL_SERVER: 'localhost',
    MAIL_PORT: String(running.smtpPort),
    ENVIRONMENT: 'development',
    DATA_DIR: server.dataDir,
    SECRET_KEY,
    METRICS_PORT,
  }
}

async function runPage(page: string, settings: Record<string, string>): Promise<void> {
  const fences = fencesOf(await readFile(join(ROOT, page), 'utf8')).filter(isShell)
  if (!fences.some((fence) => ordersOf(fence)?.run)) return
  const folder = await makeCheckout()
  const emptyDatabaseUrl = await makeEmptyDatabase()
  for (const fence of fences) {
    const wrong = await runFence(fence, folder, { ...settings, EMPTY_DATABASE_URL: emptyDatabaseUrl })
    if (wrong === undefined) continue
    console.log(`  ${wrong === '' ? 'ok    ' : 'FAILED'} ${page}:${fence.line}`)
    if (wrong !== '') console.log(wrong.replaceAll(/^/gm, '      '))
    if (wrong === '') passed++
    else failed++
  }
  await rm(folder, { recursive: true, force: true })
}

/** @returns undefined when it is not to be run, nothing when it went as its page says, and else what was otherwise */
async function runFence(fence: Fence, folder: string, env: Record<string, string>): Promise<string | undefined> {
  const orders = ordersOf(fence)
  if (!orders?.run) return undefined
  const cwd = relative(ROOT, folder)
  const { exitCode, output } = await runCommand('bash', ['-euo', 'pipefail', '-c', fence.code], { cwd, env })
  const missing = orders.prints.filter((text) => !output.includes(text))
  if (exitCode === orders.exit && missing.length === 0) return ''
  return [`exit code ${exitCode}`, ...missing.map((text) => `does not print: ${text}`), output].join('\n')
}

/** A new folder in which commands of a checkout work, and which takes what they write. */
async function makeCheckout(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-runbook-'))
  const entries = (await readdir(ROOT)).filter((name) => !name.startsWith('.') && name !== 'backups')
  await Promise.all(entries.map((name) => symlink(join(ROOT, name), join(folder, name))))
  return folder
}

async function makeEmptyDatabase(): Promise<string> {
  const name = `empty_${passed + failed}`
  const client = new pg.Client({ connectionString: server.databaseUrl })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  const url = new URL(server.databaseUrl)
  url.pathname = name
  return url.href
}
