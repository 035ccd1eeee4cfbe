import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { startEmbeddedPostgres } from '../apps/server/src/local/embedded-postgres.ts'
import { runCommand } from '../scripts/shared/run-command.ts'
import { figure, toJsonLine } from './figure.ts'
import { addPast, rememberPresent } from './past.ts'

const HELP = `
Measures how long a backup by dump takes, and how long it takes to have it back: restored into an empty database of a
PostgreSQL of its own, migrated, and proven. The demo business, its past bookings copied into the years before, each with
a sealed event in the trail. Beside it, where pg_dump is here and not older than that PostgreSQL: the same data by pg_dump
and pg_restore, which prove nothing but the constraints.

  npm run bench:recovery -- --bookings 5000,20000,100000
  npm run bench:recovery -- --server postgres://postgres@localhost/postgres

  --server  measures in three databases of its own on this PostgreSQL, as its superuser
  --json    one line a figure, where there is something beside it
`

const { values } = parseArgs({
  options: {
    bookings: { type: 'string', default: '5000,20000,100000' },
    server: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(HELP.trim())
  process.exit(0)
}

type Seconds = { backup: number; restore: number }

const DATABASES = ['recovery_source', 'recovery_restored', 'recovery_reference'] as const

await using stack = new AsyncDisposableStack()
const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-recovery-'))
stack.defer(() => rm(folder, { recursive: true, force: true }))
const serverUrl = values.server ?? (await startServer())
const server = new pg.Client(serverUrl)
await server.connect()
stack.defer(async () => {
  for (const name of DATABASES) await server.query(`drop database if exists ${name} with (force)`)
  await server.end()
})
const sourceUrl = urlOf('recovery_source')
const restoredUrl = urlOf('recovery_restored')
const referenceUrl = urlOf('recovery_reference')
await makeEmpty('recovery_source')
await slotkeeper(sourceUrl, 'migrate', 'up')
await slotkeeper(sourceUrl, 'seed')
const source = new pg.Client(sourceUrl)
await source.connect()
stack.defer(() => source.end())
await rememberPresent(source)
const hasReference = await canDump()
if (!hasReference) console.error('No pg_dump here that reads this PostgreSQL: nothing to measure beside it.')

for (const size of values.bookings.split(',').map(Number)) {
  await addPast(source, sourceUrl, size)
  const { described, ...own } = await measure(size)
  const reference = hasReference ? await measureReference(size) : undefined
  if (!values.json) console.log(`${size} bookings, ${described}  ${inWords(own, reference)}`)
  else if (reference) for (const line of figures(size, own, reference)) console.log(line)
}

async function startServer(): Promise<string> {
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') })
  stack.defer(() => postgres.stop())
  return postgres.ownerUrl
}

async function measure(size: number): Promise<Seconds & { described: string }> {
  const backup = await slotkeeper(sourceUrl, 'backup', '--to', join(folder, String(size)))
  await makeEmpty('recovery_restored')
  const restore = await slotkeeper(restoredUrl, 'restore', String(backup['file']), '--yes')
  const described = `${Number(backup['rows'])} rows, ${(Number(backup['bytes']) / 1e6).toFixed(1)} MB`
  return { backup: Number(backup['seconds']), restore: Number(restore['seconds']), described }
}

async function measureReference(size: number): Promise<Seconds> {
  const file = join(folder, `${size}.pg_dump`)
  await makeEmpty('recovery_reference')
  return {
    backup: await secondsOf('pg_dump', '--format=custom', `--file=${file}`, sourceUrl),
    restore: await secondsOf('pg_restore', '--exit-on-error', `--dbname=${referenceUrl}`, file),
  }
}

function inWords(own: Seconds, reference: Seconds | undefined): string {
  const part = (name: keyof Seconds) => {
    const beside =
      reference && ` (beside it ${reference[name].toFixed(1)} s, ratio ${(own[name] / reference[name]).toFixed(2)})`
    return `${name} ${own[name].toFixed(1)} s${beside ?? ''}`
  }
  return `${part('backup')}  ${part('restore')}`
}

function figures(size: number, own: Seconds, reference: Seconds): string[] {
  const line = (name: keyof Seconds, beside: string) =>
    toJsonLine(
      figure({
        name: `recovery.${name}.${size}`,
        value: own[name],
        unit: 's',
        reference: beside,
        referenceValue: reference[name],
        target: 'ratio <= 2',
        reached: (found) => found <= 2,
      }),
    )
  return [line('backup', 'pg_dump'), line('restore', 'pg_restore')]
}

/** Whether there is a pg_dump that is not older than the server, as it must be. */
async function canDump(): Promise<boolean> {
  const { ok, output } = await runCommand('pg_dump', ['--version'])
  const { rows } = await server.query<{ major: number }>(
    `select current_setting('server_version_num')::int / 10000 as major`,
  )
  return ok && Number(/\d+/.exec(output)?.[0]) >= Number(rows[0]?.major)
}

async function secondsOf(program: string, ...args: string[]): Promise<number> {
  const startMs = performance.now()
  const { ok, output } = await runCommand(program, args)
  if (!ok) throw new Error(output)
  return (performance.now() - startMs) / 1000
}

function urlOf(database: (typeof DATABASES)[number]): string {
  const url = new URL(serverUrl)
  url.pathname = database
  return url.href
}

async function makeEmpty(database: (typeof DATABASES)[number]): Promise<void> {
  await server.query(`drop database if exists ${database} with (force)`)
  await server.query(`create database ${database}`)
}

async function slotkeeper(databaseUrl: string, ...args: string[]): Promise<Record<string, unknown>> {
  const env = {
    DATABASE_URL: databaseUrl,
    SECRET_KEY: 'only-for-the-measurement-0123456789abcdef',
    PUBLIC_URL: 'http://localhost:5000',
    MAIL_SERVER: 'localhost',
    ENVIRONMENT: 'development',
  }
  const { ok, output } = await runCommand(process.execPath, ['apps/server/src/main.ts', ...args, '--json'], { env })
  if (!ok) throw new Error(output)
  const [, json = '{}'] = /^(\{.*\})$/m.exec(output) ?? []
  return JSON.parse(json) as Record<string, unknown>
}
