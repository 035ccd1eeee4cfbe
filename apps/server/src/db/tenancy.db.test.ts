import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { createWorld, sharedWorld, type World } from '../../test/world.ts'
import { withTenant, withUser } from './tenant.ts'

/** Public by nature: which organization an address belongs to. */
const OUTSIDE = ['organization_slug']

async function tenantTables(world: World): Promise<string[]> {
  const rows = await world.sql<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id'
     where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace order by 1`,
  )
  return rows.map(({ name }) => name).filter((name) => !OUTSIDE.includes(name))
}

describe('the catalog says of every table with an organization', () => {
  const shared = sharedWorld()

  test('that row-level security is on, forced on its owner too, and lets in by the organization', async () => {
    const world = shared()
    const tables = await tenantTables(world)
    expect(tables.length).toBeGreaterThan(18)
    const open = await world.sql(
      `select c.relname from pg_class c
       where c.relname = any($1) and not (c.relrowsecurity and c.relforcerowsecurity and exists (
         select from pg_policy p where p.polrelid = c.oid and p.polcmd = '*' and p.polpermissive
           and coalesce(pg_get_expr(p.polwithcheck, p.polrelid), pg_get_expr(p.polqual, p.polrelid))
             = '(organization_id = current_organization())'))`,
      [tables],
    )
    expect(open).toEqual([])
    // The organization is a tenant's row, too, under the name `id`.
    const [own] = await world.sql(
      `select relrowsecurity and relforcerowsecurity as forced from pg_class where relname = 'organization'`,
    )
    expect(own).toEqual({ forced: true })
  })

  test('that no table has more than one policy, so that none adds to what the first lets in', async () => {
    const world = shared()
    const doubled = await world.sql(
      `select polrelid::regclass from pg_policy join pg_class c on c.oid = polrelid
       where c.relnamespace = 'public'::regnamespace group by 1 having count(*) > 1`,
    )
    expect(doubled).toEqual([])
  })

  test('that its keys begin with the organization', async () => {
    const world = shared()
    const others = await world.sql(
      `select conrelid::regclass::text as table, conname from pg_constraint c
       where contype in ('p', 'u', 'f', 'x') and conrelid::regclass::text = any($1)
         and (select attname from pg_attribute where attrelid = conrelid and attnum = conkey[1]) <> 'organization_id'`,
      [await tenantTables(world)],
    )
    // People belong to no organization: whoever is a member is known in all of them.
    expect(others).toEqual([{ table: 'member', conname: 'member_user_id_fkey' }])
  })

  test('that it could lie on many machines by its organization: what must be unique, and what it refers to, lies with it', async () => {
    const world = shared()
    const tables = await tenantTables(world)
    const uniqueAcross = await world.sql(
      `select indexrelid::regclass::text as index from pg_index
       where indisunique and indrelid::regclass::text = any($1)
         and (select attname from pg_attribute where attrelid = indrelid and attnum = indkey[0]) <> 'organization_id'`,
      [tables],
    )
    expect(uniqueAcross).toEqual([])
    const elsewhere = await world.sql(
      `select conrelid::regclass::text as table, confrelid::regclass::text as "to" from pg_constraint
       where contype = 'f' and conrelid::regclass::text = any($1) and not exists (
         select from pg_attribute where attrelid = confrelid and attnum = confkey[1]
           and (attname = 'organization_id' or confrelid = 'organization'::regclass and attname = 'id'))`,
      [tables],
    )
    expect(elsewhere).toEqual([{ table: 'member', to: 'auth."user"' }])
    // Small, and the same for everybody: a copy of them would lie on each machine.
    const common = await world.sql<{ name: string }>(
      `select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
         and not relispartition and not relname = any($1) order by 1`,
      [tables],
    )
    const names = common.map(({ name }) => name)
    expect(names).toEqual([
      'backup_run',
      'figure',
      'maintenance',
      'organization',
      'organization_slug',
      'schema_migration',
    ])
  })

  test('that it has a primary key, or rows which mean nothing by themselves', async () => {
    const world = shared()
    const without = await world.sql(
      `select name from unnest($1::text[]) as name
       where not exists (select from pg_constraint where contype = 'p' and conrelid = name::regclass)`,
      [await tenantTables(world)],
    )
    expect(without).toEqual([{ name: 'schedule_override' }])
  })

  test('that every foreign key leads from an index, so that deleting never reads a whole table', async () => {
    const world = shared()
    const unindexed = await world.sql(
      `select c.conrelid::regclass::text as table, c.conname from pg_constraint c
       where c.contype = 'f' and c.conrelid::regclass::text = any($1) and not exists (
         select from pg_index i where i.indrelid = c.conrelid
           and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)
       order by 1, 2`,
      [await tenantTables(world)],
    )
    // Services are archived, never deleted.
    expect(unindexed).toEqual([{ table: 'booking', conname: 'booking_organization_id_service_id_fkey' }])
  })
})

describe('the application', () => {
  const shared = sharedWorld()

  test('works as a role that is neither superuser nor owner and cannot pass row-level security', async () => {
    await using world = await createWorld()
    const { rows } = await sql<{ name: string; strong: boolean }>`
      select rolname as name, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as strong
      from pg_roles where rolname = current_user`.execute(world.db.kysely)
    expect(rows).toEqual([{ name: 'slotkeeper_app', strong: false }])
    expect(await world.sql(`select 1 from pg_class where relowner = 'slotkeeper_app'::regrole`)).toEqual([])
  })

  test('cannot point from its own row to one of another organization', async () => {
    await using world = await createWorld()
    const other = await world.addBusiness('other')
    const pointing = withTenant(world.db, world.organizationId, (tx) =>
      sql`update provider set schedule_id = (select ${other.ada.id}::uuid)`.execute(tx),
    )
    await expect(pointing).rejects.toThrow('foreign key')
  })

  test('tells a person where they belong, and nothing else of those organizations', async () => {
    await using world = await createWorld()
    const other = await world.addBusiness('other')
    await world.signIn('viewer')
    await world.signIn('owner', other.organizationId)
    const [viewer] = await world.sql<{ user_id: string }>(`select user_id from member where role = 'viewer'`)
    const seen = await withUser(world.db, viewer?.user_id ?? '', async (tx) => ({
      members: await tx.selectFrom('member').select('role').execute(),
      organizations: await tx.selectFrom('organization').select('id').execute(),
    }))
    expect(seen).toEqual({ members: [{ role: 'viewer' }], organizations: [] })
  })

  test.each([
    'create table x (a int)',
    'create schema x',
    'alter table booking disable row level security',
    'alter table booking add column x int',
    'drop policy tenant on booking',
    'drop table claim',
    'truncate booking',
    'create or replace function current_organization() returns uuid language sql return null::uuid',
    'alter role slotkeeper_app bypassrls',
    `insert into schema_migration (name, run_on) values ('x', now())`,
    'delete from schema_migration',
  ])('may not: %s', async (statement) => {
    await expect(shared().db.pool.query(statement)).rejects.toMatchObject({ code: '42501' })
  })

  test.each([
    `update audit_event set action = 'x'`,
    'delete from audit_event',
    'truncate audit_event',
    `update audit_seal set hash = ''`,
    'delete from audit_seal',
  ])('may add to the trail and read it, but not: %s', async (statement) => {
    const world = shared()
    const doing = withTenant(world.db, world.organizationId, (tx) => sql.raw(statement).execute(tx))
    await expect(doing).rejects.toMatchObject({ code: '42501' })
  })

  test('ends up outside of every organization when a transaction is over', async () => {
    await using world = await createWorld()
    await withTenant(world.db, world.organizationId, () => Promise.resolve())
    const { rows } = await world.db.pool.query(`select current_organization() as id`)
    expect(rows).toEqual([{ id: null }])
  })
})
