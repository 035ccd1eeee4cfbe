import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { book, fingerprint, TUESDAY } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'
import { sealAudit } from '../audit/audit.service.ts'
import { callerOf } from '../services/caller.fixture.ts'
import { APP_ROLE } from './database.ts'

type Table = { name: string; key: 'organization_id' | 'id'; columns: string }

/** Every table of the database that says whose its rows are, and the organizations themselves. */
async function tenantTables(world: World): Promise<Table[]> {
  return world.sql<Table>(
    `select c.oid::regclass::text as name, a.attname as key,
       (select string_agg(quote_ident(attname), ', ') from pg_attribute
        where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid
       and a.attname = case when c.oid = 'organization'::regclass then 'id' else 'organization_id' end
     where c.relkind in ('r', 'p') and not c.relispartition order by 1`,
  )
}

/** What is public by nature may be read, and nothing else. */
const PUBLIC = ['organization_slug']

/** Two businesses with rows in every table, and each table with a row of either. */
async function twoBusinesses() {
  const world = await createWorld()
  const other = await world.addBusiness('other')
  for (const { slug, organizationId, rooms } of [world, other]) {
    const signIn: World['signIn'] = (role) => world.signIn(role, organizationId)
    const business = { ...world, slug, signIn }
    const owner = await callerOf(business, 'owner')
    await owner('POST', '/locations', { kind: 'phone', name: 'Phone' })
    const dates = { fromDate: '2026-04-01', toDate: '2026-04-02' }
    await owner('POST', '/schedules', {
      ...{ name: 'Travels', timeZone: 'Europe/Berlin', weekly: [], overrides: [{ date: '2026-04-03', windows: [] }] },
      ...{ closures: [dates], stays: [{ ...dates, timeZone: 'Asia/Tokyo' }] },
    })
    await owner('POST', `/resources/${rooms.id}/time-off`, {
      ...{ startsAt: '2026-04-01T09:00', timeZone: 'Europe/Berlin', durationMin: 60 },
    })
    await owner('POST', '/api-keys', { name: 'Website', scopes: ['read'], days: 30 })
    await owner('POST', '/holds', { service: 'consultation', start: `${TUESDAY}T11:00:00+01:00` })
    await owner('POST', '/services/consultation/series/bookings', {
      ...{ start: `${TUESDAY}T16:00`, rule: 'FREQ=DAILY;COUNT=1' },
      customer: { name: 'Clara', email: 'clara@example.com' },
    })
    await book(business, { service: 'treatment' }, { 'idempotency-key': 'a-key-of-its-own' })
    await book(business, { service: 'course', start: `${TUESDAY}T14:00:00+01:00` })
    const customer = { name: 'Edith', email: 'edith@example.com' }
    await owner('POST', '/wishes', { service: 'consultation', from: TUESDAY, until: TUESDAY, customer })
    await world.sql(
      `insert into wish_offer (organization_id, id, wish_id, hold_id, provider_id, starts_at, ends_at, offered_at, expires_at)
       select h.organization_id, h.id, w.id, h.id, h.provider_id, h.starts_at, h.ends_at,
         h.starts_at - interval '2 h', h.starts_at - interval '1 h'
       from hold h join wish w using (organization_id) where organization_id = $1`,
      [organizationId],
    )
    await sealAudit(world, organizationId)
    await world.sql(
      `insert into audit_anchor (organization_id, first_position, position, hash) values ($1, 1, 2, $2)`,
      [organizationId, Buffer.alloc(32)],
    )
  }
  const rowOf = async ({ name, key }: Table, organizationId: string) => {
    const rows = await world.sql<{ row: object }>(`select to_jsonb(t) as row from ${name} t where ${key} = $1`, [
      organizationId,
    ])
    return rows[0]?.row ?? expect.unreachable(`${name} has no row to try it with`)
  }
  const tables = await tenantTables(world)
  expect(tables.length).toBeGreaterThan(20)
  return { world, other, tables, rowOf, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() }
}

/** Runs one statement as the application does, in an organization or in none: the rows it touched, or why it failed. */
async function attempt(world: World, organizationId: string | undefined, text: string, values: unknown[] = []) {
  const client = new pg.Client({ connectionString: world.config.databaseUrl })
  await client.connect()
  try {
    await client.query(`set role ${APP_ROLE}`)
    if (organizationId) await client.query(`select set_config('app.organization_id', $1, false)`, [organizationId])
    return (await client.query(text, values)).rowCount
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code) return error.code
    throw error
  } finally {
    await client.end()
  }
}

const REFUSED = '42501'

/** Refused, or as if the rows were not there. */
const NOTHING = expect.toBeOneOf([REFUSED, 0])

describe.each(['with one organization set', 'without any'])('the application, %s', (how) => {
  test('reads, adds, changes and deletes nothing of another, in any table', { timeout: 60_000 }, async () => {
    await using scene = await twoBusinesses()
    const { world, other, tables, rowOf } = scene
    const set = how === 'without any' ? undefined : world.organizationId
    const before = await fingerprint(world)
    for (const table of tables) {
      const { name, key, columns } = table
      const theirs = [other.organizationId]
      const isPublic = PUBLIC.includes(name)
      // A row is there to be read, but for row-level security.
      const row = await rowOf(table, other.organizationId)
      const read = await attempt(world, set, `select 1 from ${name} where ${key} = $1`, theirs)
      expect({ name, read }).toEqual({ name, read: isPublic ? 1 : 0 })
      const insert = `insert into ${name} (${columns}) select ${columns} from jsonb_populate_record(null::${name}, $1)`
      const added = await attempt(world, set, insert, [row])
      expect({ name, added }).toEqual({ name, added: isPublic ? '23505' : REFUSED })
      const changed = await attempt(world, set, `update ${name} set ${key} = ${key} where ${key} = $1`, theirs)
      expect({ name, changed }).toEqual({ name, changed: NOTHING })
      const deleted = await attempt(world, set, `delete from ${name} where ${key} = $1`, theirs)
      expect({ name, deleted }).toEqual({ name, deleted: NOTHING })
    }
    expect(await fingerprint(world)).toBe(before)
  })
})

test('the application sees its own rows in every table, and can give none of them away', async () => {
  await using scene = await twoBusinesses()
  const { world, other, tables, rowOf } = scene
  const before = await fingerprint(world)
  for (const table of tables) {
    const { name, key } = table
    await rowOf(table, world.organizationId)
    const read = await attempt(world, world.organizationId, `select 1 from ${name} where ${key} = $1`, [
      world.organizationId,
    ])
    expect({ name, read: Number(read) > 0 }).toEqual({ name, read: true })
    const given = await attempt(world, world.organizationId, `update ${name} set ${key} = $1`, [other.organizationId])
    expect({ name, given }).toEqual({ name, given: REFUSED })
  }
  expect(await fingerprint(world)).toBe(before)
})
