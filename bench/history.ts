import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { claimsStatement } from '../apps/server/src/availability/availability.queries.ts'
import { tenantBatch } from '../apps/server/src/db/batch.ts'
import { openDatabase } from '../apps/server/src/db/database.ts'
import { migrateUp } from '../apps/server/src/db/migrate.ts'
import { startEmbeddedPostgres } from '../apps/server/src/local/embedded-postgres.ts'

const HELP = `
Measures the query behind free times while the tables of bookings and claims grow: it must not become slower.

  npm run bench:history -- --bookings 10000,100000,1000000,10000000

Ten million take a quarter of an hour and 10 GB. Generated: one booking in ten is of the business that is asked about, the
others are of a thousand others; all of them are past, and 12,000 lie in the next 60 days.
`

const { values } = parseArgs({
  options: {
    bookings: { type: 'string', default: '10000,100000,1000000' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(HELP.trim())
  process.exit(0)
}

const PROVIDERS = 20
const READS = 200
const DAY_MS = 86_400_000
const sizes = values.bookings.split(',').map(Number)
const organizationId = crypto.randomUUID()
const subjectIds = Array.from({ length: PROVIDERS }, () => crypto.randomUUID())

await using stack = new AsyncDisposableStack()
const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-history-'))
stack.defer(() => rm(folder, { recursive: true, force: true }))
const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') })
stack.defer(() => postgres.stop())
await migrateUp({ databaseOwnerUrl: postgres.ownerUrl })
const owner = new pg.Client(postgres.ownerUrl)
await owner.connect()
stack.defer(() => owner.end())
// Foreign keys, row-level security and triggers are not what is measured: rows of thousands of businesses are only bulk.
await owner.query('set session_replication_role = replica')
const database = await openDatabase({ url: postgres.ownerUrl, poolSize: 1, onError: (error) => console.error(error) })
stack.defer(() => database.pool.end())

await addFuture()
let there = 0
let first: number | undefined
for (const size of sizes) {
  await addPast(there, size)
  there = size
  await owner.query('vacuum (analyze) booking, claim')
  const { medianMs, rows } = await measure()
  first ??= medianMs
  console.log(
    `slots.query ${String(size).padStart(9)} bookings  ${medianMs.toFixed(2)} ms for ${rows} claims  ratio ${(medianMs / first).toFixed(2)} of the first`,
  )
}
console.log(await plan())

/** One appointment of half an hour each, every other half hour of ten hours. */
async function addFuture(): Promise<void> {
  await insert(
    `select $1::uuid, ($2::uuid[])[1 + i % ${PROVIDERS}], now() + (i / ${PROVIDERS * 10}) * interval '1 day' + (i / ${PROVIDERS} % 10) * interval '1 hour'
     from generate_series(0, 60 * ${PROVIDERS * 10} - 1) i`,
  )
}

async function addPast(from: number, to: number): Promise<void> {
  const step = 250_000
  for (let at = from; at < to; at += step) {
    const until = Math.min(at + step, to)
    if (at > 0) console.error(`# ${at} of ${to}`)
    await insert(
      `select case when i % 10 = 0 then $1::uuid else lpad(to_hex(i % 1000), 32, '0')::uuid end,
         case when i % 10 = 0 then ($2::uuid[])[1 + (i / 10) % ${PROVIDERS}] else lpad(to_hex(i % 20000), 32, '1')::uuid end,
         now() - interval '3 days' - (i / ${PROVIDERS * 10}) * interval '1 hour'
       from generate_series(${at}, ${until - 1}) i`,
    )
  }
}

/** @param rows  a query for organization, provider and start */
async function insert(rows: string): Promise<void> {
  await owner.query(
    `with new as materialized (select gen_random_uuid() as id, r.* from (${rows}) r (organization_id, provider_id, starts_at)),
     made as (
       insert into booking (organization_id, id, service_id, provider_id, customer_id, state, starts_at, ends_at, customer_name,
         time_zone, locale, price_minor, currency, source)
       select organization_id, id, organization_id, provider_id, provider_id, 'confirmed', starts_at,
         starts_at + interval '30 minutes', 'A customer', 'UTC', 'en', 0, 'EUR', 'public' from new
     )
     insert into claim (organization_id, id, subject_id, unit, during, booking_id)
     select organization_id, gen_random_uuid(), provider_id, 1, tstzrange(starts_at, starts_at + interval '30 minutes'), id from new`,
    [organizationId, subjectIds],
  )
}

function statement() {
  const nowMs = Date.now()
  return claimsStatement(organizationId, { subjectIds, fromMs: nowMs - 2 * DAY_MS, toMs: nowMs + 62 * DAY_MS, nowMs })
}

async function measure(): Promise<{ medianMs: number; rows: number }> {
  const times: number[] = []
  let rows = 0
  for (let read = 0; read < READS; read++) {
    const beganMs = performance.now()
    const [found] = await tenantBatch(database.pool, organizationId, [statement()])
    times.push(performance.now() - beganMs)
    rows = found?.length ?? 0
  }
  return { medianMs: times.sort((a, b) => a - b)[READS / 2] ?? 0, rows }
}

async function plan(): Promise<string> {
  const { text, values } = statement()
  const [rows] = await tenantBatch(database.pool, organizationId, [
    { name: 'explained', text: `explain (analyze, buffers, costs off, timing off) ${text}`, values },
  ])
  return (rows ?? []).map((row) => String(row['QUERY PLAN'])).join('\n')
}
