import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { dumpSchema } from '../../../../scripts/generate/dump-schema.ts'
import { copyTemplate } from '../../test/world.ts'
import { migrateDown, migrateUp, migrationStatus } from './migrate.ts'

describe('the migrations', () => {
  let databaseOwnerUrl = ''
  let drop = () => Promise.resolve()

  beforeAll(async () => {
    const database = await copyTemplate(inject('postgresUrl'))
    databaseOwnerUrl = database.url
    drop = database.drop
  })
  afterAll(() => drop())

  async function read(query: string): Promise<pg.QueryResultRow[]> {
    const client = new pg.Client({ connectionString: databaseOwnerUrl })
    await client.connect()
    try {
      return (await client.query(query)).rows
    } finally {
      await client.end()
    }
  }

  async function schema(): Promise<string> {
    const client = new pg.Client({ connectionString: databaseOwnerUrl })
    await client.connect()
    try {
      return await dumpSchema(client)
    } finally {
      await client.end()
    }
  }

  const grants = () =>
    read(`select table_schema, table_name, privilege_type from information_schema.role_table_grants
      where grantee = 'slotkeeper_app' order by 1, 2, 3`)

  test('make the schema that stands in schema.sql', async () => {
    const file = join(import.meta.dirname, '..', '..', 'migrations', 'schema.sql')
    expect(await schema()).toBe(await readFile(file, 'utf8'))
  })

  test('find nothing to do the second time, whoever else migrates at that moment', async () => {
    const before = await grants()
    expect(await Promise.all([1, 2, 3].map(() => migrateUp({ databaseOwnerUrl })))).toEqual([[], [], []])
    expect(await grants()).toEqual(before)
  })

  test('wait for nobody who books meanwhile, and keep nobody from it', async () => {
    const booking = new pg.Client({ connectionString: databaseOwnerUrl })
    await booking.connect()
    try {
      await booking.query('begin')
      await booking.query(`select graphile_worker.add_job('deliver')`)
      expect(await migrateUp({ databaseOwnerUrl })).toEqual([])
      await booking.query('rollback')
    } finally {
      await booking.end()
    }
  })

  test('are told by name: what has run, what waits, and what a newer release has made', async () => {
    const [newest = ''] = await migrateDown({ databaseOwnerUrl }, 1)
    await read(`insert into schema_migration (name, run_on) values ('9999_later', now())`)
    const status = await migrationStatus({ databaseOwnerUrl })
    expect(status).toMatchObject({ waiting: [newest], unknown: ['9999_later'] })
    expect(status.applied).not.toContain(newest)
    await read(`delete from schema_migration where name = '9999_later'`)
    expect(await migrateUp({ databaseOwnerUrl })).toEqual([newest])
    expect(await migrationStatus({ databaseOwnerUrl })).toMatchObject({ waiting: [], unknown: [] })
  })

  test('go all the way down to nothing and up again to the same schema and rights', async () => {
    const before = { schema: await schema(), grants: await grants() }
    const names = (await read('select name from schema_migration order by id')).map(({ name }) => String(name))
    expect(await migrateDown({ databaseOwnerUrl }, names.length)).toEqual(names.toReversed())
    expect(
      await read(`select relname from pg_class where relkind = 'r' and relname <> 'schema_migration'
        and relnamespace = 'public'::regnamespace`),
    ).toEqual([])
    expect(await migrateUp({ databaseOwnerUrl })).toEqual(names)
    expect({ schema: await schema(), grants: await grants() }).toEqual(before)
  })

  test('go back one at a time, each to what was there before it', async () => {
    const names = (await read('select name from schema_migration order by id')).map(({ name }) => String(name))
    const schemas = [await schema()]
    for (const name of names.toReversed()) {
      expect(await migrateDown({ databaseOwnerUrl }, 1)).toEqual([name])
      schemas.push(await schema())
    }
    expect(new Set(schemas).size).toBe(names.length + 1)
    await migrateUp({ databaseOwnerUrl })
    expect(await schema()).toBe(schemas[0])
  })
})
