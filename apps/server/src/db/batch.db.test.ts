import { expect, test } from 'vitest'
import { createWorld, type World } from '../../test/world.ts'
import { tenantBatch, type Statement } from './batch.ts'

const add = (world: World, name: string, id = 'gen_random_uuid()'): Statement => ({
  name: `add ${id}`,
  text: `insert into location (organization_id, id, kind, name) values ($1, ${id}, 'phone', $2)`,
  values: [world.organizationId, name],
})
const ZERO = `'00000000-0000-0000-0000-000000000000'`

test('gives the rows of each statement, in their order', async () => {
  await using world = await createWorld()
  const read = { name: 'read', text: 'select name from location order by name', values: [] }
  const rows = await tenantBatch(world.db.pool, world.organizationId, [read, add(world, 'A'), add(world, 'B'), read])
  expect(rows).toEqual([[], [], [], [{ name: 'A' }, { name: 'B' }]])
})

test('does all or nothing, and says what failed first', async () => {
  await using world = await createWorld()
  const failing = { name: 'fail', text: `select fail_unless(false, 'SK009')`, values: [] }
  const statements = [add(world, 'A'), failing, add(world, 'B', ZERO), add(world, 'C', ZERO)]
  await expect(tenantBatch(world.db.pool, world.organizationId, statements)).rejects.toMatchObject({ code: 'SK009' })
  expect(await world.sql('select 1 from location')).toEqual([])
})

test('works on after failures of every kind, with as few connections as there are', async () => {
  await using world = await createWorld()
  const failures = [
    { name: 'syntax', text: 'selec 1', values: [] },
    { name: 'division', text: 'select 1 / $1::int', values: [0] },
    { name: 'cast', text: 'select $1::uuid', values: ['x'] },
    { name: 'few', text: 'select $1::int, $2::int', values: [1] },
    { name: 'security', text: `update organization set id = gen_random_uuid()`, values: [] },
  ]
  const work = Array.from({ length: 60 }, (_, at) => {
    const failing = failures[at % failures.length]
    return tenantBatch(world.db.pool, world.organizationId, [add(world, 'A'), ...(failing ? [failing] : [])])
  })
  const outcomes = await Promise.allSettled(work)
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toEqual([])
  expect(world.db.pool.totalCount).toBeLessThanOrEqual(12)
  await Promise.all(
    Array.from({ length: 40 }, () => tenantBatch(world.db.pool, world.organizationId, [add(world, 'B')])),
  )
  expect(await world.sql(`select name, count(*)::int as count from location group by 1`)).toEqual([
    { name: 'B', count: 40 },
  ])
})

test('a connection that breaks in the middle fails that batch only', async () => {
  await using world = await createWorld()
  const end = { name: 'end', text: 'select pg_terminate_backend(pg_backend_pid())', values: [] }
  // The application may end its own connections.
  await expect(tenantBatch(world.db.pool, world.organizationId, [add(world, 'A'), end])).rejects.toThrow()
  await tenantBatch(world.db.pool, world.organizationId, [add(world, 'B')])
  expect(await world.sql('select name from location')).toEqual([{ name: 'B' }])
})
