import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { createBusiness } from '../../stack/business.ts'
import { linkBy } from '../../stack/sign-up.ts'
import { bookerOf } from '../harness/bookings.ts'
import { docker } from '../harness/command.ts'
import type { Group, Tools } from '../harness/group.ts'
import { lines, startInstallation, type Installation } from '../harness/installation.ts'
import { trust } from '../harness/visitor.ts'
import { offSite } from './backups-elsewhere.ts'

type Scene = { installation: Installation; book: (count: number) => Promise<string[]>; tools: Tools }

/** All visitors come from one address here. */
const OPEN_DOORS = {
  RATE_LIMIT: 'off',
  ACCEPTED_RISKS: 'rate-limit-off: a test of load',
  REQUESTS_PER_SECOND: '2000',
  REQUESTS_BURST: '2000',
}

export const backups: Group = {
  name: 'backups',
  about: 'backups are made, can be relied on, and bring back any moment; kept elsewhere, they do so on a new machine',
  async run(tools) {
    await using installation = await startInstallation({ image: await tools.image(), settings: OPEN_DOORS })
    trust(installation)
    const business = await createBusiness(installation.url, {
      slug: 'salon',
      providers: 10,
      linkFor: linkBy(installation),
    })
    const scene = { installation, book: bookerOf(installation, business), tools }
    await making(scene)
    await due(scene)
    await rights(scene)
    await trying(scene)
    await toAMoment(scene)
    await afterALoss(scene)
    await offSite(scene)
  },
}

/** What `backup ... --json` answers. */
type Made = { ok: boolean; seconds: number; repositories: { addedBytes: number; databaseBytes: number }[] }
type Listed = { ok: boolean; backups: { kind: string }[]; repositories: { encryption: string }[]; ageSeconds: number }
type Verified = {
  ok: boolean
  restoreSeconds: number
  secondsLost: number
  why?: string
  rows: { table: string; restored: number; missing: number }[]
}

/** Asks the service `backup`; what a program reads is on its standard output. */
export async function askBackup<Answer>({ compose }: Installation, ...args: string[]): Promise<Answer> {
  return JSON.parse(await compose('exec', '-T', 'backup', 'backup', ...args, '--json')) as Answer
}

async function making({ installation, book, tools: { check, figure, short } }: Scene): Promise<void> {
  await check('the first backup is made without being asked for', async () => {
    await until(async () => (await askBackup<Listed>(installation, 'list').catch(() => undefined))?.ok === true)
    const { backups: made, repositories } = await askBackup<Listed>(installation, 'list')
    assert.equal(made[0]?.kind, 'full')
    assert.equal(repositories[0]?.encryption, 'aes-256-cbc')
  })
  const count = short ? 200 : 2_000
  await book(count)
  await check(`${count} bookings are copied by one command`, async () => {
    const { ok, seconds, repositories } = await askBackup<Made>(installation, 'now', '--full')
    assert.equal(ok, true)
    figure({ name: 'docker.backup.seconds', value: seconds, unit: 's' })
    figure({ name: 'docker.backup.bytes', value: repositories[0]?.addedBytes ?? 0, unit: 'bytes' })
    figure({ name: 'docker.backup.database_bytes', value: repositories[0]?.databaseBytes ?? 0, unit: 'bytes' })
  })
  await check('the next one adds only what has changed since', async () => {
    await book(20)
    const { repositories } = await askBackup<Made>(installation, 'now')
    const full = await askBackup<Made>(installation, 'now', '--full')
    const [small = 0, large = 0] = [repositories[0]?.addedBytes, full.repositories[0]?.addedBytes]
    assert.ok(small < large / 3, `${small} of ${large} bytes`)
  })
  await check('what is changed reaches the archive', async () => {
    assert.equal((await askBackup<Made>(installation, 'check')).ok, true)
  })
  await check('the workers tell how old the newest backup is', async () => {
    const script = `fetch('http://127.0.0.1:9464/metrics').then((answer) => answer.text()).then(console.log)`
    const told = await installation.compose('exec', '-T', 'worker', 'node', '-e', script)
    assert.match(told, /^slotkeeper_backup_age_seconds \d/m)
  })
}

/** Runs one function of the schedule on what might be in the repositories. */
async function due({ installation, tools: { check } }: Scene): Promise<void> {
  const hour = 3_600
  const nowS = Math.floor(Date.now() / 1_000)
  const anHourAgo = new Date((nowS - hour) * 1_000).toISOString().slice(11, 16)
  const dueOf = async (...made: [type: string, ageS: number][]) => {
    const backup = made.map(([type, ageS]) => ({
      ...{ type, error: false, database: { 'repo-key': 1 }, timestamp: { start: nowS - ageS } },
    }))
    const script = 'set -eu; LIB=/usr/local/lib/slotkeeper; . $LIB/common.sh; . $LIB/schedule.sh; due_backup "$1" "$2"'
    const catalogue = JSON.stringify({ backup })
    const { compose } = installation
    return (await compose('exec', '-T', 'backup', 'bash', '-c', script, 'due', anHourAgo, catalogue)).trim()
  }
  await check(
    'a full backup is due when there is none, and every seven days; otherwise what has changed, daily',
    async () => {
      assert.equal(await dueOf(), 'full')
      assert.equal(await dueOf(['full', 60]), '')
      assert.equal(await dueOf(['full', 2 * hour]), 'diff')
      assert.equal(await dueOf(['full', 5 * 24 * hour], ['diff', 60]), '')
      assert.equal(await dueOf(['full', 8 * 24 * hour], ['diff', 60]), 'full')
    },
  )
}

async function rights({ installation, tools: { check } }: Scene): Promise<void> {
  const inBackup = (script: string) => installation.tryCompose('exec', '-T', 'backup', 'sh', '-c', script)
  await check('without the passphrase, the backups cannot be read', async () => {
    const { code } = await inBackup('BACKUP_PASSPHRASE_FILE=/etc/hostname backup list')
    assert.equal(code, 1)
  })
  await check('the passphrase is in no environment and no log', async () => {
    const { stdout } = await inBackup('cat /made/backup/passphrase')
    const logs = await installation.compose('logs', '--no-color')
    const environment = await docker('inspect', ...(await installation.containersOf('backup')))
    assert.equal(`${logs}${environment}`.includes(stdout.trim()), false)
  })
  await check('the user who makes backups changes nothing', async () => {
    for (const statement of ['delete from booking', 'update backup_run set ok = true', 'create table x ()']) {
      const { code, stderr } = await inBackup(`psql -U slotkeeper_backup -d slotkeeper -c '${statement}'`)
      assert.notEqual(code, 0)
      assert.match(stderr, /permission denied/)
    }
  })
  await check('what is called wrongly ends with 2, and says what would be right', async () => {
    const { code, stderr } = await inBackup('backup now --quickly')
    assert.equal(code, 2)
    assert.match(stderr, /--help/)
  })
}

async function trying({ installation, tools: { check, figure } }: Scene): Promise<void> {
  await check('a restore is tried, and everything is there', async () => {
    const count = Number(await installation.sql('select count(*) from booking'))
    const { ok, restoreSeconds, secondsLost, rows, why } = await askBackup<Verified>(installation, 'verify')
    assert.equal(ok, true, why ?? 'it found faults')
    assert.equal(rows.find(({ table }) => table === 'booking')?.restored, count)
    figure({ name: 'docker.restore_test.seconds', value: restoreSeconds, unit: 's' })
    figure({ name: 'docker.restore_test.lost_seconds', value: secondsLost, unit: 's' })
  })
  await check('a backup that was damaged fails it', async () => {
    const damage = `file=$(find /var/lib/pgbackrest/backup -path '*F/bundle/*' -size +100k | sort | tail -n 1)
      dd if=/dev/urandom of="$file" bs=1k seek=20 count=40 conv=notrunc`
    await installation.compose('exec', '-T', 'backup', 'sh', '-c', damage)
    const { code, stdout } = await installation.tryCompose('exec', '-T', 'backup', 'backup', 'verify', '--json')
    assert.equal(code, 1)
    assert.equal((JSON.parse(stdout) as Verified).ok, false)
    const list = await askBackup<{ restoreTest: { ok: boolean } }>(installation, 'list')
    assert.equal(list.restoreTest.ok, false)
    await askBackup(installation, 'now', '--full')
    assert.equal((await askBackup<Verified>(installation, 'verify')).ok, true)
  })
}

async function toAMoment({ installation, book, tools: { check, figure } }: Scene): Promise<void> {
  const { compose, tryCompose, sql } = installation
  const kept = await book(10)
  const moment = await sql(`select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS+00')`)
  await sleep(1_000)
  const late = await book(5)
  await sql('drop table booking cascade')

  await check('while the database runs, restore refuses, and says what to do', async () => {
    const { code, stderr } = await tryCompose('run', '--rm', '-T', 'restore', '--latest')
    assert.equal(code, 1)
    assert.match(stderr, /docker compose stop/)
  })
  await check('a moment that cannot be reached leaves everything as it was', async () => {
    await compose('stop', 'app', 'worker', 'backup', 'db')
    const { code } = await tryCompose('run', '--rm', '-T', 'restore', '--to', '2020-01-01 00:00:00+00')
    assert.equal(code, 1)
  })
  await check('a table that was dropped is back as it was a second before', async () => {
    const said = await compose('run', '--rm', '-T', 'restore', '--to', moment.trim(), '--json')
    figure({ name: 'docker.restore.seconds', value: (JSON.parse(said) as { seconds: number }).seconds, unit: 's' })
    await compose('up', '--detach', '--wait')
    const there = new Set(lines(await sql('select id from booking')))
    assert.deepEqual(
      kept.filter((id) => !there.has(id)),
      [],
    )
    assert.deepEqual(
      late.filter((id) => there.has(id)),
      [],
    )
  })
  await goesOn({ installation, book, check })
}

/** After a restore: people book, what they do is archived, and the next backup can be relied on. */
async function goesOn({ installation, book, check }: Pick<Scene, 'installation' | 'book'> & Pick<Tools, 'check'>) {
  await check('people book again', async () => {
    assert.equal((await book(3)).length, 3)
  })
  await check('what they book is archived, and the next backup can be restored', async () => {
    assert.equal((await askBackup<Made>(installation, 'check')).ok, true)
    assert.equal((await askBackup<Made>(installation, 'now')).ok, true)
    assert.equal((await askBackup<Verified>(installation, 'verify')).ok, true)
  })
  await check('the data from before the restore is removed when asked for', async () => {
    await installation.compose('stop', 'app', 'worker', 'backup', 'db')
    await installation.compose('run', '--rm', '-T', 'restore', '--forget')
    await installation.compose('up', '--detach', '--wait')
  })
}

async function afterALoss({ installation, book, tools: { check, figure, short } }: Scene): Promise<void> {
  const { compose, sql } = installation
  await check('a database that is lost from one moment to the next loses a minute and a half at most', async () => {
    const untilMs = performance.now() + (short ? 10_000 : 75_000)
    while (performance.now() < untilMs) {
      await book(1)
      await sleep(500)
    }
    await compose('kill', 'db')
    const lostAtMs = Date.now()
    await compose('stop', 'app', 'worker', 'backup')
    await compose('run', '--rm', '-T', 'restore', '--latest')
    await compose('run', '--rm', '-T', 'restore', '--forget')
    await compose('up', '--detach', '--wait')
    const newestMs = Number(await sql('select extract(epoch from max(created_at)) * 1000 from booking'))
    const lostS = Math.round((lostAtMs - newestMs) / 1000)
    figure({ name: 'docker.restore.lost_seconds', value: lostS, unit: 's' })
    assert.ok(lostS <= 90, `${lostS} s`)
  })
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 180; tries++) {
    if (await holds()) return
    await sleep(1_000)
  }
  throw new Error('it did not come about within three minutes')
}
