import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
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

test('a question that is half asked when the process is asked to end is answered, not refused', async () => {
  await using world = await createWorld()
  const { address, close } = await world.listen()
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  const answer = text(socket)
  await once(socket, 'connect')
  socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n')
  // What comes over other connections afterwards is answered after the first half has come.
  for (let number = 0; number < 3; number++) await fetch(`${address}/health`, { headers: { connection: 'close' } })
  const closed = close()
  await sleep(50)
  socket.write('Connection: close\r\n\r\n')
  expect(await answer).toMatch(/^HTTP\/1\.1 200 /)
  await closed
})
