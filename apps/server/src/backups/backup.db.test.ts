import { randomUUID } from 'node:crypto'
import { mkdtempDisposable, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import pg from 'pg'
import { describe, expect, inject, test, vi } from 'vitest'
import { book, TUESDAY } from '../../test/requests.ts'
import { runMain, settingsFor, told } from '../../test/run-command.ts'
import { copyTemplate, createWorld, type World } from '../../test/world.ts'
import { sealAudit } from '../audit/audit.service.ts'
import { migrateDown, migrateUp } from '../db/migrate.ts'

vi.setConfig({ testTimeout: 90_000 })

type Contents = Record<string, string[]>

/** Every row of every table, as text, by the tables' names. */
async function contentsOf(url: string): Promise<Contents> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const tables = await client.query<{ name: string }>(`
      select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where relkind in ('r', 'p') and not relispartition and nspname in ('public', 'auth', 'audit', 'graphile_worker')
        and relname not in ('schema_migration', 'migrations') order by 1`)
    const contents: Contents = {}
    for (const { name } of tables.rows) {
      const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} t order by 1`)
      contents[name] = rows.map(({ row }) => row)
    }
    return contents
  } finally {
    await client.end()
  }
}

/** Every constraint and index, its definition and what is said of it, by its name. */
async function rulesOf(url: string): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string; rule: string }>(`
      select concat_ws(' ', conrelid::regclass, contype, conname) as name,
        concat_ws(' ', pg_get_constraintdef(oid), convalidated, obj_description(oid, 'pg_constraint')) as rule
      from pg_constraint where conrelid <> 0
      union all
      select indexrelid::regclass::text, concat_ws(' ', pg_get_indexdef(indexrelid), indisvalid, indisclustered,
        indisreplident, obj_description(indexrelid, 'pg_class'))
      from pg_index where indrelid::regclass::text !~ '^pg_'`)
    return Object.fromEntries(rows.map(({ name, rule }) => [name, rule]))
  } finally {
    await client.end()
  }
}

async function rowsThePlannerExpects(url: string, table: string): Promise<number | undefined> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ expected: number }>(
      'select reltuples::int as expected from pg_class where oid = $1::regclass',
      [table],
    )
    return rows[0]?.expected
  } finally {
    await client.end()
  }
}

/** An empty database, beside those of the worlds. */
async function emptyDatabase() {
  const database = await copyTemplate(inject('postgresUrl'))
  return { url: database.url, [Symbol.asyncDispose]: database.drop }
}

/** A database whose owner is nobody special, as hosted ones are: row-level security binds them. */
async function plainOwnersDatabase() {
  const superuser = new pg.Client({ connectionString: inject('postgresUrl') })
  await superuser.connect()
  const name = `plain_${randomUUID().replaceAll('-', '')}`
  await superuser.query(`create role ${name} login password 'plain'`)
  await superuser.query(`create database ${name} owner ${name}`)
  const url = new URL(inject('postgresUrl'))
  Object.assign(url, { username: name, password: 'plain', pathname: `/${name}` })
  await migrateUp({ databaseOwnerUrl: url.href })
  return {
    url: url.href,
    /** to look at it as somebody who sees everything */
    superuserUrl: new URL(`/${name}`, inject('postgresUrl')).href,
    async [Symbol.asyncDispose]() {
      await superuser.query(`drop database ${name} with (force)`)
      await superuser.query(`drop role ${name}`)
      await superuser.end()
    },
  }
}

/** A business with appointments, jobs, mails in the ledger, a person who signs in, and a sealed trail. */
async function filledWorld() {
  const world = await createWorld()
  await world.signIn('owner')
  for (const time of ['09:00', '10:00']) expect((await bookAt(world, time)).status).toBe(201)
  await sealAudit(world, world.organizationId)
  return world
}

const bookAt = (world: World, time: string) =>
  book(world, { start: `${TUESDAY}T${time}:00+01:00`, provider: world.ada.id })

/** Backs a database up into the folder. */
async function backUp(url: string, folder: string, settings: Record<string, string> = {}): Promise<string> {
  const made = await runMain(['backup', '--to', folder, '--json'], settingsFor(url, settings))
  expect(made).toMatchObject({ code: 0 })
  return told<{ file: string }>(made).file
}

const folderOf = () => mkdtempDisposable(join(tmpdir(), 'slotkeeper-backup-'))

describe('a backup', () => {
  test('brings every row of every table back, and bookings go on', async () => {
    await using folder = await folderOf()
    await using world = await filledWorld()
    await using target = await emptyDatabase()
    const file = await backUp(world.config.databaseUrl, folder.path)
    expect((await stat(file)).mode & 0o777).toBe(0o600)

    const restored = await runMain(['restore', file, '--yes', '--json'], settingsFor(target.url))
    expect(restored).toMatchObject({ code: 0 })
    expect(told(restored)).toMatchObject({ migrated: [], findings: Array.from({ length: 5 }, () => ({ ok: true })) })
    const before = await contentsOf(world.config.databaseUrl)
    expect(before['public.booking']).toHaveLength(2)
    expect(before['graphile_worker._private_jobs']?.length).toBeGreaterThan(0)
    expect(await contentsOf(target.url)).toEqual(before)

    const again = { ...world, ...(await world.addInstance(target.url)) }
    expect((await bookAt(again, '10:00')).status).toBe(409)
    expect((await bookAt(again, '11:00')).status).toBe(201)
  })

  test('comes back under every constraint and every index, with what the planner needs to know of it', async () => {
    await using folder = await folderOf()
    await using world = await filledWorld()
    await using target = await emptyDatabase()
    const file = await backUp(world.config.databaseUrl, folder.path)
    expect(await runMain(['restore', file, '--yes'], settingsFor(target.url))).toMatchObject({ code: 0 })
    const rules = await rulesOf(target.url)
    expect(rules).toEqual(await rulesOf(world.config.databaseUrl))
    expect(Object.keys(rules)).toEqual(expect.arrayContaining(['claim x claim_no_overlap', 'claim p claim_pkey']))
    expect(await rowsThePlannerExpects(target.url, 'booking')).toBe(2)
  })

  test.each([
    [
      'a time that is taken twice',
      'claim_no_overlap',
      `alter table claim drop constraint claim_no_overlap;
       insert into claim (organization_id, id, subject_id, unit, during, booking_id)
       select organization_id, gen_random_uuid(), subject_id, unit, during, booking_id from claim limit 1`,
    ],
    [
      'a booking of nobody',
      'booking_organization_id_customer_id_fkey',
      `alter table booking drop constraint booking_organization_id_customer_id_fkey; update booking set customer_id = gen_random_uuid()`,
    ],
  ])('with %s is refused with the rule it breaks, and no row of it stays', async (_what, rule, harm) => {
    await using folder = await folderOf()
    await using world = await filledWorld()
    await using target = await emptyDatabase()
    await world.sql(harm)
    const file = await backUp(world.config.databaseUrl, folder.path)
    const refused = await runMain(['restore', file, '--yes'], settingsFor(target.url))
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('break a rule of the database') })
    expect(refused.err).toContain(rule)
    expect((await contentsOf(target.url))['public.booking']).toEqual([])
  })

  test('needs no more rights than the owner of the schema has', async () => {
    await using folder = await folderOf()
    await using world = await filledWorld()
    await world.addBusiness('another')
    await using first = await plainOwnersDatabase()
    await using second = await plainOwnersDatabase()
    const before = await contentsOf(world.config.databaseUrl)
    const file = await backUp(world.config.databaseUrl, folder.path)
    expect(await runMain(['restore', file, '--yes'], settingsFor(first.url))).toMatchObject({ code: 0 })
    const copy = await backUp(first.url, join(folder.path, 'copy'))
    expect(await runMain(['restore', copy, '--yes'], settingsFor(second.url))).toMatchObject({ code: 0 })
    expect(await contentsOf(first.superuserUrl)).toEqual(before)
    expect(await contentsOf(second.superuserUrl)).toEqual(before)
  })

  test('of an older release is migrated on, after it was loaded', async () => {
    await using folder = await folderOf()
    await using old = await emptyDatabase()
    await using target = await emptyDatabase()
    const taken = await migrateDown({ databaseOwnerUrl: old.url }, 2)
    const file = await backUp(old.url, folder.path)
    const restored = await runMain(['restore', file, '--yes', '--json'], settingsFor(target.url))
    expect(told(restored)).toMatchObject({ migrated: taken.toReversed() })
  })

  test('replaces what is there only when told so, and nobody is connected', async () => {
    await using folder = await folderOf()
    await using world = await filledWorld()
    await using target = await emptyDatabase()
    const env = settingsFor(target.url)
    const file = await backUp(world.config.databaseUrl, folder.path)
    expect(await runMain(['restore', file, '--yes'], env)).toMatchObject({ code: 0 })
    const refused = await runMain(['restore', file, '--yes'], env)
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('The database has data') })
    const before = await contentsOf(target.url)
    expect(await runMain(['restore', file, '--yes', '--replace'], env)).toMatchObject({ code: 0 })
    expect(await contentsOf(target.url)).toEqual(before)

    await using another = new AsyncDisposableStack()
    const client = new pg.Client({ connectionString: target.url })
    await client.connect()
    another.defer(() => client.end())
    const busy = await runMain(['restore', file, '--yes', '--replace'], env)
    expect(busy).toMatchObject({ code: 1, err: expect.stringContaining('others are connected') })
    expect(await runMain(['restore', file], env)).toMatchObject({ code: 2 })
  })

  test('that is encrypted is worth nothing without its passphrase', async () => {
    await using folder = await folderOf()
    await using world = await filledWorld()
    await using target = await emptyDatabase()
    const passphrase = { BACKUP_PASSPHRASE: 'a sentence nobody thinks of' }
    const file = await backUp(world.config.databaseUrl, folder.path, passphrase)
    const restore = (settings: Record<string, string>) =>
      runMain(['restore', file, '--yes'], settingsFor(target.url, settings))
    expect(await restore({})).toMatchObject({ code: 1, err: expect.stringContaining('it is encrypted') })
    const wrong = await restore({ BACKUP_PASSPHRASE: 'a sentence somebody guesses' })
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('is not the one') })
    expect(await restore(passphrase)).toMatchObject({ code: 0 })
    expect(await contentsOf(target.url)).toEqual(await contentsOf(world.config.databaseUrl))
  })

  test.each<Record<string, string>>([{}, { BACKUP_PASSPHRASE: 'a sentence nobody thinks of' }])(
    'that is damaged or cut off is found before anything is changed %j',
    async (settings) => {
      await using folder = await folderOf()
      await using world = await filledWorld()
      const env = settingsFor(world.config.databaseUrl, settings)
      const file = await backUp(world.config.databaseUrl, folder.path, settings)
      expect(await runMain(['restore', file, '--check'], env)).toMatchObject({ code: 0 })
      const bytes = await readFile(file)
      const flipped = Buffer.from(bytes)
      const middle = Math.floor(bytes.length / 2)
      flipped.writeUInt8(flipped.readUInt8(middle) ^ 1, middle)
      for (const broken of [flipped, bytes.subarray(0, middle), Buffer.from('something else')]) {
        await writeFile(file, broken)
        const outcome = await runMain(['restore', file, '--yes', '--replace'], env)
        expect(outcome).toMatchObject({ code: 1, err: expect.stringContaining('This backup cannot be used') })
      }
      expect(await world.sql('select from booking')).toHaveLength(2)
    },
  )

  test('takes the place of the oldest of those that are kept, and of no other file', async () => {
    await using folder = await folderOf()
    await using database = await emptyDatabase()
    const old = ['20200101T000000Z', '20210101T000000Z'].map((time) => join(folder.path, `slotkeeper-${time}.backup`))
    for (const file of [...old, join(folder.path, 'notes.txt')]) await writeFile(file, '')
    const args = ['backup', '--to', folder.path, '--keep', '2', '--json']
    const { file, removed } = told<{ file: string; removed: string[] }>(await runMain(args, settingsFor(database.url)))
    expect(removed).toEqual([old[0]])
    expect((await readdir(folder.path)).sort()).toEqual(
      [old[1] ?? '', file]
        .map((path) => basename(path))
        .concat('notes.txt')
        .sort(),
    )
    expect(await runMain(['backup', '--keep', '0'], settingsFor(database.url))).toMatchObject({ code: 2 })
  })
})
