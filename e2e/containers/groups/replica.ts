import assert from 'node:assert/strict'
import { createBusiness, type Business } from '../../stack/business.ts'
import { linkBy } from '../../stack/sign-up.ts'
import { bookerOf } from '../harness/bookings.ts'
import type { Outcome } from '../harness/command.ts'
import type { Group, Tools } from '../harness/group.ts'
import { startInstallation, type Installation } from '../harness/installation.ts'
import { until } from '../harness/until.ts'
import { ask, trust } from '../harness/visitor.ts'

/** One container answers all, so that what it says of the replica is what its own reads have met. */
const SETTINGS = { APP_CONTAINERS: '1', REPLICA_WAL_KEEP: '32MB' }

/** More than two pieces of the log, of 16 MB each. */
const TOO_LONG_AWAY = 6

type Scene = { installation: Installation; business: Business; book: (count: number) => Promise<string[]> }

export const replica: Group = {
  name: 'replica',
  about: 'the profile replica: a copy of the database that answers reads, and that nobody misses',
  async run({ check, image }) {
    await using installation = await startInstallation({ image: await image(), settings: SETTINGS })
    trust(installation)
    const business = await createBusiness(installation.url, {
      slug: 'copied',
      providers: 1,
      linkFor: linkBy(installation),
    })
    const scene = { installation, business, book: bookerOf(installation, business) }
    await scene.book(3)
    await check('one command adds a replica to an installation that runs, and it follows', async () => {
      await installation.compose('--profile', 'replica', 'up', '--detach', '--wait')
      await caughtUp(installation)
      assert.equal(await onReplica(installation, 'select count(*) from booking'), '3')
    })
    await installation.setEnvironment({
      ...{ COMPOSE_PROFILES: 'replica', DATABASE_REPLICA_URL_FILE: '/made/app/database_replica_url' },
    })
    await check('two lines of the .env keep it, and put it to use', async () => {
      await installation.compose('up', '--detach', '--wait')
      assert.equal(await readTimes(scene), 'ok')
    })
    await checkRights(installation, check)
    await checkReads(scene, check)
    await checkLosses(scene, check)
  },
}

async function checkRights(installation: Installation, check: Tools['check']): Promise<void> {
  await check('it follows as a user of its own, encrypted, and checks whom it talks to', async () => {
    const seen = await installation.sql(
      `select usename, ssl, state, slot_name from pg_stat_replication
         join pg_stat_ssl using (pid) join pg_replication_slots on active_pid = pid`,
    )
    assert.equal(seen.trim(), 'slotkeeper_replication|t|streaming|slotkeeper_replica')
    assert.match(await onReplica(installation, 'select conninfo from pg_stat_wal_receiver'), /sslmode=verify-full/)
  })
  await check('it knows no password but that of this user', async () => {
    const made = await installation.compose('exec', '-T', 'replica', 'ls', '/made', '/made/replica')
    assert.deepEqual(made.split(/\s+/).filter(Boolean).sort(), [
      ...['/made/replica:', '/made:', 'ca.crt', 'passfile', 'replica', 'server.crt', 'server.key'],
    ])
  })
  await check('nothing can be changed in it', async () => {
    const { stderr } = await tryOnReplica(installation, `update organization set name = ''`)
    assert.match(stderr, /read-only transaction/)
  })
  await check('it lets in who may read the database, with TLS and the right password alone', async () => {
    const connect = (user: string, options: string) =>
      installation.tryCompose(
        ...['exec', '-T', 'replica', 'psql', '-XAtqc', 'select 1'],
        `host=replica dbname=slotkeeper user=${user} password=wrong ${options}`,
      )
    assert.match((await connect('slotkeeper', 'sslmode=disable')).stderr, /no pg_hba.conf entry.*no encryption/s)
    assert.match((await connect('slotkeeper', 'sslmode=require')).stderr, /password authentication failed/)
    for (const user of ['postgres', 'slotkeeper_owner', 'slotkeeper_replication'])
      assert.match((await connect(user, 'sslmode=require')).stderr, /no pg_hba.conf entry/, user)
  })
}

async function checkReads(scene: Scene, check: Tools['check']): Promise<void> {
  const { installation, book } = scene
  await check('free times are read from it', async () => {
    const before = await answered(installation)
    await book(1)
    assert.equal(await readTimes(scene), 'ok')
    assert.ok((await answered(installation)) > before)
  })
  await check('what was just booked is not offered again while it is behind', async () => {
    await onReplica(installation, 'select pg_wal_replay_pause()')
    try {
      const [id = ''] = await book(1)
      const startMs = Number(
        await installation.sql(`select extract(epoch from starts_at) * 1000 from booking where id = '${id}'`),
      )
      const { starts, health } = await timesOf(scene)
      assert.ok(starts.length > 0)
      assert.ok(!starts.includes(startMs))
      assert.equal(health, 'behind')
    } finally {
      await onReplica(installation, 'select pg_wal_replay_resume()')
    }
    assert.equal(await readTimes(scene), 'ok')
  })
}

async function checkLosses(scene: Scene, check: Tools['check']): Promise<void> {
  const { installation, book } = scene
  await check('while it is gone, times are shown and booked as before', async () => {
    await installation.compose('stop', 'replica')
    await book(2)
    const { starts, health } = await timesOf(scene)
    assert.ok(starts.length > 0)
    assert.equal(health, 'failing')
  })
  await check('back soon, it goes on where it was', async () => {
    await installation.compose('up', '--detach', '--wait')
    await caughtUp(installation)
    assert.equal(await copiesMade(installation), 1)
  })
  await check('what it has yet to fetch is bounded; away for longer, it is copied anew', async () => {
    await installation.compose('stop', 'replica')
    for (let piece = 0; piece < TOO_LONG_AWAY; piece++)
      await installation.sql(`select pg_logical_emit_message(false, 'piece', 'of the log'), pg_switch_wal()`)
    await installation.sql('checkpoint')
    const slot = `select wal_status from pg_replication_slots where slot_name = 'slotkeeper_replica'`
    assert.equal((await installation.sql(slot)).trim(), 'lost')
    await book(1)
    await installation.compose('up', '--detach', '--wait')
    await caughtUp(installation)
    assert.equal(await copiesMade(installation), 2)
    assert.equal(
      await onReplica(installation, 'select count(*) from booking'),
      (await installation.sql('select count(*) from booking')).trim(),
    )
  })
  await check('beside a database that knows nothing of it, as one that was restored, it is copied anew', async () => {
    await installation.compose('stop', 'replica')
    await installation.sql(`select pg_drop_replication_slot('slotkeeper_replica')`)
    await installation.compose('up', '--detach', '--wait')
    await caughtUp(installation)
    assert.equal(await copiesMade(installation), 3)
  })
}

/** Runs SQL on the replica as its superuser, who comes in from within the container alone. */
function tryOnReplica(installation: Installation, statement: string): Promise<Outcome> {
  return installation.tryCompose('exec', '-T', 'replica', 'psql', '-XAtqd', 'slotkeeper', '-c', statement)
}

async function onReplica(installation: Installation, statement: string): Promise<string> {
  const { code, stdout, stderr } = await tryOnReplica(installation, statement)
  assert.equal(code, 0, stderr)
  return stdout.trim()
}

/** How often the whole database was copied, since there is a replica. */
async function copiesMade(installation: Installation): Promise<number> {
  return (await installation.compose('logs', '--no-color', 'replica')).match(/the copy is complete/g)?.length ?? 0
}

/** Waits until the replica has applied what the database has written by now. */
async function caughtUp(installation: Installation): Promise<void> {
  const written = (await installation.sql('select pg_current_wal_lsn()')).trim()
  await until(async () => (await onReplica(installation, `select pg_last_wal_replay_lsn() >= '${written}'`)) === 't')
}

/** Waits until times come from the replica, and answers how it then does in the eyes of the application. */
async function readTimes(scene: Scene): Promise<string> {
  await caughtUp(scene.installation)
  let last = ''
  await until(async () => {
    await scene.book(1)
    await caughtUp(scene.installation)
    return (last = (await timesOf(scene)).health) === 'ok'
  })
  return last
}

/** What the application offers on the day that is being booked, and what it then says of the replica. */
async function timesOf({ installation, business }: Scene): Promise<{ starts: number[]; health: string }> {
  const day = Temporal.Now.plainDateISO('Europe/Berlin').add({ days: 2 }).toString()
  const path = `/api/v1/organizations/${business.slug}/services/${business.services.half}/slots?from=${day}&to=${day}`
  const { days } = await askJson<{ days: { slots: { start: string }[] }[] }>(installation, path)
  const { checks } = await askJson<{ checks: { replica: string } }>(installation, '/health')
  return { starts: days.flatMap(({ slots }) => slots.map(({ start }) => Date.parse(start))), health: checks.replica }
}

async function askJson<Body>(installation: Installation, path: string): Promise<Body> {
  const { status, body } = await ask(installation, path)
  assert.equal(status, 200, body)
  return JSON.parse(body) as Body
}

/** How many reads the replica has answered. */
async function answered(installation: Installation): Promise<number> {
  const script = `fetch('http://127.0.0.1:9464/metrics').then((answer) => answer.text()).then(console.log)`
  const figures = await installation.compose('exec', '-T', 'app', 'node', '-e', script)
  return Number(/^slotkeeper_replica_reads_total\{outcome="answered"\} (\d+)$/m.exec(figures)?.[1] ?? 0)
}
