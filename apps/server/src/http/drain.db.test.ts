import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { expect, test } from 'vitest'
import { bookingOf } from '../../test/requests.ts'
import { createWorld } from '../../test/world.ts'

test('a process that is asked to end answers what is under way before it does', async () => {
  await using world = await createWorld()
  const { address, close } = await world.listen()
  const blocker = new pg.Client({ connectionString: world.config.databaseUrl })
  await blocker.connect()
  await using stack = new AsyncDisposableStack()
  stack.defer(() => blocker.end())
  await blocker.query('begin')
  await blocker.query('select from subject for update')
  const booking = fetch(`${address}/api/v1/organizations/${world.slug}/bookings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(bookingOf()),
  })
  const isWaiting = async () => {
    const waiting = await world.sql(
      `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    )
    return waiting.length > 0
  }
  while (!(await isWaiting())) await sleep(20)
  const closed = close()
  await sleep(50)
  await blocker.query('commit')
  expect((await booking).status).toBe(201)
  await closed
})
