import { expect, test } from 'vitest'
import { createWorld, type World } from '../../test/world.ts'
import { removeSuperseded } from './superseded.queries.ts'

/** A job of a worker that was killed while another took its place, as the queue leaves it. */
async function replaced(world: World, state: string): Promise<string> {
  const add = `select id::text from graphile_worker.add_job('waiting-list.offer', job_key => 'waiting-list/one')`
  const [job] = await world.sql<{ id: string }>(add)
  const id = job?.id ?? ''
  await world.sql(`update graphile_worker._private_jobs set ${state}, locked_by = 'dead' where id = $1`, [id])
  await world.sql(add)
  return id
}

const jobs = async (world: World) => {
  const rows = await world.sql<{ id: string }>('select id::text from graphile_worker._private_jobs order by id')
  return rows.map(({ id }) => id)
}

test.each([
  ['never', `locked_at = now() - interval '5 hours'`],
  ['already', `locked_at = now() - interval '5 hours', attempts = 1, last_error = 'the connection is gone'`],
])('a job that was replaced while its worker died, and had %s failed before, goes', async (_, state) => {
  await using world = await createWorld()
  const old = await replaced(world, state)
  expect(await jobs(world)).toHaveLength(2)
  expect(await removeSuperseded(world.db.pool)).toBe(1)
  expect(await jobs(world)).not.toContain(old)
})

test('one whose worker may still be at it stays, and so does what was tried too often', async () => {
  await using world = await createWorld()
  await replaced(world, 'locked_at = now()')
  await world.sql(`select graphile_worker.add_job('messages.deliver')`)
  await world.sql(
    `update graphile_worker._private_jobs set attempts = max_attempts, last_error = 'refused' where locked_at is null`,
  )
  const before = await jobs(world)
  expect(await removeSuperseded(world.db.pool)).toBe(0)
  expect(await jobs(world)).toEqual(before)
})
