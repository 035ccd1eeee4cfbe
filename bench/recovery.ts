import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { startEmbeddedPostgres } from '../apps/server/src/local/embedded-postgres.ts'
import { runCommand } from '../scripts/shared/run-command.ts'

const HELP = `
Measures how long a backup by dump takes, and how long it takes to have it back: restored into an empty database of a
PostgreSQL of its own, migrated, and proven. The demo business, its past bookings copied into the years before.

  npm run bench:recovery -- --bookings 1000,100000
`

const { values } = parseArgs({
  options: {
    bookings: { type: 'string', default: '1000,100000' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(HELP.trim())
  process.exit(0)
}

/** What the demo business has is moved back by this much for each copy, so that no copy meets another. */
const STEP = `interval '91 days'`

await using stack = new AsyncDisposableStack()
const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-recovery-'))
stack.defer(() => rm(folder, { recursive: true, force: true }))
const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') })
stack.defer(() => postgres.stop())
const owner = new pg.Client(postgres.ownerUrl)
await owner.connect()
stack.defer(() => owner.end())
await slotkeeper('migrate', 'up')
await slotkeeper('seed')
// Foreign keys hold by construction; triggers would write a trail that nobody reads.
await owner.query('set session_replication_role = replica')
await owner.query('create temporary table original as select id from booking')
let made = 0

for (const size of values.bookings.split(',').map(Number)) {
  await copyBookings(size)
  const backup = await slotkeeper('backup', '--to', join(folder, String(size)))
  await owner.query('drop database if exists restored')
  await owner.query('create database restored')
  const url = new URL(postgres.ownerUrl)
  url.pathname = 'restored'
  const restore = await slotkeeper('restore', String(backup['file']), '--yes', { DATABASE_URL: url.href })
  const megabytes = (Number(backup['bytes']) / 1e6).toFixed(1)
  console.log(
    `${size} bookings, ${Number(backup['rows'])} rows, ${megabytes} MB  backup ${Number(backup['seconds'])} s  restore ${Number(restore['seconds'])} s`,
  )
}

/** Brings the number of bookings to what is wanted, or a little below; each with the claims that keep its time. */
async function copyBookings(wanted: number): Promise<void> {
  const { rows } = await owner.query<{ there: number }>('select count(*)::int as there from original')
  const copies = Math.floor(wanted / (rows[0]?.there ?? 1)) - 1
  await owner.query(
    `create temporary table copied as
     select o.id as old, gen_random_uuid() as id, n from original o, generate_series(${made + 1}, ${copies}) n`,
  )
  await owner.query('analyze copied, booking, claim')
  made = copies
  const shifted = (name: string) => `${name} - c.n * ${STEP}`
  await owner.query(
    `insert into booking select (jsonb_populate_record(b, jsonb_build_object('id', c.id,
       'starts_at', ${shifted('b.starts_at')}, 'ends_at', ${shifted('b.ends_at')}, 'bundle_id', null))).*
     from booking b join copied c on c.old = b.id`,
  )
  await owner.query(
    `insert into claim (organization_id, id, subject_id, unit, during, booking_id, before_min, after_min)
     select k.organization_id, gen_random_uuid(), k.subject_id, k.unit,
       tstzrange(${shifted('lower(k.during)')}, ${shifted('upper(k.during)')}), c.id, k.before_min, k.after_min
     from claim k join copied c on c.old = k.booking_id`,
  )
  await owner.query('drop table copied')
}

async function slotkeeper(...args: (string | Record<string, string>)[]): Promise<Record<string, unknown>> {
  const words = args.filter((arg) => typeof arg === 'string')
  const own = args.find((arg) => typeof arg === 'object')
  const env = {
    DATABASE_URL: postgres.ownerUrl,
    SECRET_KEY: 'only-for-the-measurement-0123456789abcdef',
    PUBLIC_URL: 'http://localhost:5000',
    MAIL_SERVER: 'localhost',
    ENVIRONMENT: 'development',
    ...own,
  }
  const { ok, output } = await runCommand(process.execPath, ['apps/server/src/main.ts', ...words, '--json'], { env })
  if (!ok) throw new Error(output)
  const [, json = '{}'] = /^(\{.*\})$/m.exec(output) ?? []
  return JSON.parse(json) as Record<string, unknown>
}
