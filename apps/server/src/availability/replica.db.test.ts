import { once } from 'node:events'
import { createServer } from 'node:net'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { book, slotsOn, timesOf } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'

/** When Ada is offered on Tuesday. */
async function timesOfAda(world: World): Promise<string[]> {
  return timesOf(await slotsOn(world, { query: `&provider=${world.ada.id}` }))
}

/** Puts something into the replica that the primary does not have: whoever sees it has asked the replica. */
async function markInReplica(world: World, startsAt: string): Promise<void> {
  const client = new pg.Client(world.config.databaseReplicaUrl)
  await client.connect()
  try {
    // Of no booking: foreign keys are not checked as replication would not check them.
    await client.query('set session_replication_role = replica')
    await client.query(
      `insert into claim (organization_id, id, subject_id, unit, during, booking_id)
       values ($1, gen_random_uuid(), $2, 1, tstzrange($3, $3::timestamptz + interval '30 minutes'), gen_random_uuid())`,
      [world.organizationId, world.ada.id, startsAt],
    )
  } finally {
    await client.end()
  }
}

async function health(world: World, url = '/health') {
  const answer = await world.inject({ url })
  return { status: answer.statusCode, ...answer.json() }
}

test('free times are read from the replica while it knows all that the primary knows', async () => {
  await using world = await createWorld({ frozenReplica: true })
  await markInReplica(world, '2026-03-03T11:00:00+01:00')
  const times = await timesOfAda(world)
  expect(times).toContain('10:00')
  expect(times).not.toContain('11:00')
  expect(await health(world)).toMatchObject({ status: 'ok', checks: { replica: 'ok' } })
})

test('what was just booked is not offered again, however far the replica is behind', async () => {
  await using world = await createWorld({ frozenReplica: true })
  await markInReplica(world, '2026-03-03T11:00:00+01:00')
  expect(await book(world, { provider: world.ada.id })).toMatchObject({ status: 201 })
  const times = await timesOfAda(world)
  expect(times).not.toContain('10:00')
  expect(times).toContain('11:00')
  expect(await health(world, '/health/ready')).toMatchObject({ status: 'ok', checks: { replica: 'behind' } })
})

test('a booking is decided by the primary alone', async () => {
  await using world = await createWorld({ frozenReplica: true })
  await markInReplica(world, '2026-03-03T10:00:00+01:00')
  expect(await book(world, { provider: world.ada.id })).toMatchObject({ status: 201 })
})

test('a replica that is gone is told, and the primary answers', async () => {
  await using world = await createWorld({ env: { DATABASE_REPLICA_URL: 'postgres://nobody@127.0.0.1:1/none' } })
  expect(await timesOfAda(world)).toContain('10:00')
  expect(await health(world, '/health/ready')).toMatchObject({ status: 'ok', checks: { replica: 'failing' } })
  expect(await world.db.replica?.lagMs()).toBeUndefined()
})

test('a replica that takes connections and says nothing holds nobody up', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1')
  onTestFinished(() => void silent.close())
  await once(silent, 'listening')
  const address = silent.address()
  const port = typeof address === 'object' ? address?.port : undefined
  await using world = await createWorld({ env: { DATABASE_REPLICA_URL: `postgres://nobody@127.0.0.1:${port}/none` } })
  expect(await timesOfAda(world)).toContain('10:00')
  expect(await health(world)).toMatchObject({ checks: { replica: 'failing' } })
})
