import pg from 'pg'
import { describe, expect, inject, test } from 'vitest'
import { book, TUESDAY } from '../../test/requests.ts'
import { copyTemplate, createWorld, type World } from '../../test/world.ts'
import { migrateDown, migrateUp } from '../db/migrate.ts'
import { newId } from '../shared/id.ts'
import { prepareAudit, sealAudit, verifyAudit } from './audit.service.ts'
import { withTenant } from '../db/tenant.ts'
import { happen, withMonths } from './trail.fixture.ts'
import { dropOldParts, listOldParts } from './retention.service.ts'

async function parts(world: World): Promise<{ name: string; rows: number }[]> {
  const names = await world.sql<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'audit_event'::regclass order by 1`,
  )
  return Promise.all(
    names.map(async ({ name }) => {
      const [row] = await world.sql<{ rows: number }>(`select count(*)::int as rows from ${name}`)
      return { name, rows: row?.rows ?? 0 }
    }),
  )
}

const filled = async (world: World) => (await parts(world)).filter(({ rows }) => rows > 0)

/** The part of a month that is so many after this one. */
function partOf(monthsAhead: number): string {
  const end = Temporal.Now.plainDateISO('UTC')
    .toPlainYearMonth()
    .add({ months: monthsAhead + 1 })
  return `audit.event_before_${end.toString().replace('-', '_')}`
}

describe('the parts of the trail', () => {
  test('are there for this month and three to come, and are made once', async () => {
    await using world = await createWorld()
    const names = (await parts(world)).map(({ name }) => name)
    expect(names).toEqual([0, 1, 2, 3].map(partOf).concat('audit.event_rest'))
    expect(await prepareAudit(world)).toBe(0)
    await world.sql(`drop table ${partOf(3)}`)
    expect(await Promise.all([1, 2, 3].map(() => prepareAudit(world)))).toEqual(expect.arrayContaining([1, 0, 0]))
    expect((await parts(world)).map(({ name }) => name)).toEqual(names)
  })

  test('take their months; what no part is there for is taken by the rest, and moves when its part is made', async () => {
    await using world = await createWorld()
    const month = (ahead: number) => Temporal.Now.plainDateISO('UTC').toPlainYearMonth().add({ months: ahead })
    const moments = [0, 2, 5].map((ahead) => `${month(ahead).toString()}-02T00:00:00Z`)
    await happen(world, moments)
    expect(await filled(world)).toEqual([
      { name: partOf(0), rows: 1 },
      { name: partOf(2), rows: 1 },
      { name: 'audit.event_rest', rows: 1 },
    ])
    expect(await prepareAudit(world)).toBe(1)
    expect(await filled(world)).toEqual([0, 2, 5].map((ahead) => ({ name: partOf(ahead), rows: 1 })))
    expect(await verifyAudit(world, world.organizationId)).toMatchObject({ ok: true, events: 3 })
  })

  test('cannot be reached past the trail: not by reading, writing or dropping, in whichever organization', async () => {
    await using world = await createWorld()
    await book(world)
    const attempts = (await parts(world)).flatMap(({ name }) => [
      ...[`select 1 from ${name}`, `insert into ${name} select * from audit_event`, `delete from ${name}`],
      ...[`update ${name} set action = 'x'`, `truncate ${name}`, `drop table ${name}`],
      `alter table audit_event detach partition ${name}`,
    ])
    attempts.push(
      'create table audit.x ()',
      `insert into audit_anchor select organization_id, 1, 1, '' from audit_event`,
    )
    attempts.push('delete from audit_anchor', 'update audit_anchor set position = 9')
    for (const statement of attempts) {
      const doing = withTenant(world.db, world.organizationId, () => world.db.pool.query(statement))
      await expect(doing, statement).rejects.toMatchObject({ code: '42501' })
    }
    expect(attempts.length).toBeGreaterThan(30)
  })
})

describe('what is older than the trail is kept', () => {
  const old = (world: World) => ({
    databaseOwnerUrl: world.config.databaseUrl,
    auditRetentionYears: 7,
    clock: { nowMs: () => Date.parse('2026-11-23T00:00:00Z') },
  })

  test('goes by whole months; what is left can be verified, and goes on', async () => {
    await using world = await createWorld()
    await withMonths(world, ['2019-08', '2019-09', '2019-10', '2019-11', '2019-12'])
    const before = await world.sql('select * from audit_event order by at')
    const gone = ['08', '09', '10'].map((_month, index) => ({
      ...{ name: `event_before_2019_${String(9 + index).padStart(2, '0')}`, events: 1, organizations: 1 },
    }))
    expect(await listOldParts(old(world))).toEqual(gone)
    expect(await world.sql('select * from audit_event order by at')).toEqual(before)
    expect(await dropOldParts(old(world))).toEqual(gone)
    expect(await world.sql('select * from audit_event order by at')).toEqual(before.slice(3))
    const kept = { ok: true, events: 2, stretches: [{ first: 4, last: 5 }], unsealed: 0 }
    expect(await verifyAudit(world, world.organizationId)).toEqual(kept)
    expect(await dropOldParts(old(world))).toEqual([])
    await happen(world, ['2026-11-01T00:00:00Z'])
    expect(await verifyAudit(world, world.organizationId)).toMatchObject({ ok: true, events: 3 })
  })

  test('may go whole: the chain goes on from where it was', async () => {
    await using world = await createWorld()
    await withMonths(world, ['2019-08', '2019-09'])
    await dropOldParts(old(world))
    expect(await verifyAudit(world, world.organizationId)).toMatchObject({ ok: true, events: 0, stretches: [] })
    const [last] = await world.sql<{ position: number }>('select max(position)::int as position from audit_anchor')
    expect(last).toEqual({ position: 2 })
    await happen(world, ['2026-11-01T00:00:00Z'])
    expect(await verifyAudit(world, world.organizationId)).toMatchObject({
      ...{ ok: true, stretches: [{ first: 3, last: 3 }] },
    })
  })

  test('leaves what was sealed between it, though it is younger', async () => {
    await using world = await createWorld()
    await withMonths(world, ['2019-10'])
    const late = [
      '2019-10-31T23:59:59.900Z',
      '2019-11-01T00:00:00.100Z',
      '2019-10-31T23:59:59.950Z',
      '2019-11-02T00:00:00Z',
    ]
    await happen(world, late)
    await prepareAudit(world)
    expect(await verifyAudit(world, world.organizationId)).toMatchObject({ ok: true, events: 5 })
    await dropOldParts(old(world))
    expect(await verifyAudit(world, world.organizationId)).toMatchObject({
      ...{
        ok: true,
        events: 2,
        stretches: [
          { first: 3, last: 3 },
          { first: 5, last: 5 },
        ],
      },
    })
    const [event] = await world.sql<{ id: string }>('select event_id as id from audit_seal where position = 3')
    await world.sql(`update audit_event set action = 'y' where id = $1`, [event?.id])
    expect(await verifyAudit(world, world.organizationId)).toMatchObject({ ok: false, firstBroken: event?.id })
  })

  test('does not hide that something else has gone', async () => {
    await using world = await createWorld()
    await withMonths(world, ['2019-10', '2019-11', '2019-12'])
    await dropOldParts(old(world))
    await world.sql('delete from audit_seal where position = 2')
    expect(await verifyAudit(world, world.organizationId)).toMatchObject({ ok: false, events: 0 })
  })

  test('stays when something in it has no seal', async () => {
    await using world = await createWorld()
    await withMonths(world, ['2019-10'])
    await world.sql('delete from audit_seal')
    await expect(dropOldParts(old(world))).rejects.toThrow('without a seal')
    expect(await world.sql('select 1 from audit_event')).toHaveLength(1)
    expect(await world.sql('select 1 from audit_anchor')).toEqual([])
  })

  test('goes for each organization by itself', async () => {
    await using world = await createWorld()
    const other = await world.addBusiness('other')
    await withMonths(world, ['2019-10', '2019-12'])
    await happen(world, ['2019-12-01T00:00:00Z', '2019-12-02T00:00:00Z'], other.organizationId)
    expect(await dropOldParts(old(world))).toMatchObject([{ events: 1, organizations: 1 }])
    expect(await verifyAudit(world, world.organizationId)).toMatchObject({
      ok: true,
      stretches: [{ first: 2, last: 2 }],
    })
    expect(await verifyAudit(world, other.organizationId)).toMatchObject({ ok: true, events: 2 })
  })
})

/** A database whose schema belongs to somebody without any rights beyond it, as hosted ones do. */
async function ownedByNobodySpecial() {
  const { url, drop } = await copyTemplate(inject('postgresUrl'))
  const name = `owner_${newId(Date.now()).slice(-12)}`
  const superuser = new pg.Client({ connectionString: url })
  await superuser.connect()
  await superuser.query(`create role ${name} login password 'secret'`)
  await superuser.query(`create database ${name} owner ${name}`)
  const owned = new URL(url)
  Object.assign(owned, { username: name, password: 'secret', pathname: `/${name}` })
  return {
    databaseOwnerUrl: owned.href,
    [Symbol.asyncDispose]: async () => {
      await superuser.query(`drop database ${name} with (force)`)
      await superuser.query(`drop role ${name}`)
      await superuser.end()
      await drop()
    },
  }
}

test('the trail survives the migration down and up again, whoever owns the schema', async () => {
  await using world = await createWorld()
  await book(world)
  await book(world, { start: `${TUESDAY}T12:00:00+01:00` })
  await sealAudit(world, world.organizationId)
  await using database = await ownedByNobodySpecial()
  const { databaseOwnerUrl } = database
  await migrateUp({ databaseOwnerUrl })
  const client = new pg.Client({ connectionString: databaseOwnerUrl })
  await client.connect()
  await using stack = new AsyncDisposableStack()
  stack.defer(() => client.end())
  await client.query(`select set_config('app.organization_id', $1, false)`, [world.organizationId])
  const copy = async (table: string) => {
    const rows = await world.sql(`select * from ${table}`)
    const json = JSON.stringify(rows, (_key, value: unknown) =>
      typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer' && 'data' in value
        ? `\\x${Buffer.from(value.data as number[]).toString('hex')}`
        : value,
    )
    await client.query(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1)`, [json])
  }
  await copy('audit_event')
  await copy('audit_seal')
  const read = async () => ({
    events: (await client.query('select * from audit_event order by id')).rows,
    seals: (await client.query('select organization_id, position, event_id, hash from audit_seal order by position'))
      .rows,
  })
  const before = await read()
  expect(before).toMatchObject({ events: { length: 2 }, seals: { length: 2 } })
  const names = (await client.query('select name from schema_migration order by id desc')).rows.map(({ name }) =>
    String(name),
  )
  const count = names.findIndex((name) => name.startsWith('0008')) + 1
  await migrateDown({ databaseOwnerUrl }, count)
  expect(await read()).toEqual(before)
  await expect(client.query('delete from audit_event')).rejects.toThrow('foreign key')
  await migrateUp({ databaseOwnerUrl })
  expect(await read()).toEqual(before)
  const { rows } = await client.query(
    'select s.at = e.at as same from audit_seal s join audit_event e on e.id = s.event_id',
  )
  expect(rows).toEqual([{ same: true }, { same: true }])
  const clock = { nowMs: () => Date.parse('2099-01-01T00:00:00Z') }
  const [first] = await dropOldParts({ databaseOwnerUrl, auditRetentionYears: 7, clock })
  expect(first).toMatchObject({ events: 2, organizations: 1 })
  const anchors = await client.query('select first_position::int, position::int from audit_anchor')
  expect(anchors.rows).toEqual([{ first_position: 1, position: 2 }])
})
