import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { expect, test } from 'vitest'
import { openOffice, person, thing } from '../../test/office.ts'
import { book, slotsOn, TUESDAY } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'
import { SharedWrites } from './shared-writes.ts'

/** Adds providers to the consultation, so that there are so many. */
async function withProviders(world: World, count: number): Promise<string[]> {
  const headers = await world.signIn('manager')
  const base = `/api/v1/organizations/${world.slug}`
  const ids = [world.ada.id, world.ben.id]
  while (ids.length < count) {
    const payload = { name: `Provider ${String(ids.length)}` }
    const answer = await world.inject({ method: 'POST', url: `${base}/providers`, headers, payload })
    ids.push(answer.json<{ id: string }>().id)
  }
  const url = `${base}/services/${world.consultation.id}`
  await world.inject({ method: 'PATCH', url, headers, payload: { providers: ids } })
  return ids
}

const customer = (number: number) => ({ name: 'A customer', email: `customer${String(number)}@example.com` })
const bookEach = (world: World, providers: string[]) =>
  Promise.all(providers.map((provider, number) => book(world, { provider, customer: customer(number) })))

/** Keeps all providers locked until bookings wait for them, and those that came after have read what they need. */
async function lock(world: World, providers: string[]): Promise<{ letGo: () => Promise<void> }> {
  const holder = new pg.Client({ connectionString: world.config.databaseUrl })
  await holder.connect()
  await holder.query('begin')
  await holder.query('select from subject where id = any($1::uuid[]) for update', [providers])
  return {
    letGo: async () => {
      await untilSomebodyWaits(world)
      // The pool serves in turn: whoever asks now is answered after them.
      for (let round = 0; round < 5; round++) await slotsOn(world)
      await holder.end()
    },
  }
}

async function untilSomebodyWaits(world: World): Promise<void> {
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  while ((await world.sql(waiting)).length === 0) await sleep(10)
}

test('bookings that come at the same moment share transactions, each with its own claim, messages and event', async () => {
  await using world = await createWorld()
  const providers = await withProviders(world, 6)
  const { letGo } = await lock(world, providers)
  const asked = bookEach(world, providers)
  await letGo()
  const answers = await asked
  expect(answers.map(({ status }) => status)).toEqual(providers.map(() => 201))
  const rows = await world.sql<{ provider: string; made: string; claims: number; messages: number; events: number }>(
    `select provider_id as provider, xmin::text as made,
       (select count(*)::int from claim where booking_id = b.id and subject_id = b.provider_id) as claims,
       (select count(*)::int from message where booking_id = b.id) as messages,
       (select count(*)::int from audit_event where entity_id = b.id) as events
     from booking b`,
  )
  expect(new Set(rows.map(({ provider }) => provider))).toEqual(new Set(providers))
  expect(new Set(rows.map(({ made }) => made)).size).toBeLessThan(providers.length)
  expect(rows.every(({ claims, messages, events }) => claims === 1 && messages > 0 && events === 1)).toBe(true)
  for (const { body } of answers) {
    const [row] = await world.sql(
      'select 1 from booking join customer c on c.id = customer_id where booking.id = $1 and c.email = $2',
      [...[body.booking.id, body.booking.customer.email]],
    )
    expect(row).toBeDefined()
  }
})

test('one that finds its time taken is refused by itself; the others that came with it are booked', async () => {
  await using world = await createWorld()
  const providers = await withProviders(world, 6)
  await book(world, { provider: providers[3], customer: customer(9) })
  const other = await world.addInstance()
  const answers = await Promise.all(
    providers.map((provider, number) =>
      book({ ...world, inject: other.inject }, { provider, customer: customer(number) }),
    ),
  )
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 409, 201, 201])
  expect(answers[3]?.body).toMatchObject({ code: 'booking.slot_taken' })
  expect(await world.sql('select 1 from booking')).toHaveLength(6)
})

test('a person who books twice at the same moment is one customer with two bookings', async () => {
  await using world = await createWorld()
  const providers = await withProviders(world, 4)
  const answers = await Promise.all(
    providers.map((provider, number) =>
      book(world, {
        provider,
        customer: { name: 'Grace', email: number % 2 === 0 ? 'grace@example.com' : 'GRACE@example.com' },
      }),
    ),
  )
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201])
  expect(await world.sql('select 1 from customer')).toHaveLength(1)
})

test('a change of the business meanwhile makes each of them decide anew', async () => {
  await using world = await createWorld()
  const providers = await withProviders(world, 5)
  await book(world, { provider: providers[0], start: `${TUESDAY}T15:00:00+01:00`, customer: customer(7) })
  await world.sql('update organization set config_version = config_version + 1')
  const answers = await bookEach(world, providers)
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201])
})

test('of many who want one time at once one gets it, the others hear of free ones, and those behind them are booked', async () => {
  await using world = await createWorld()
  const [ada] = await withProviders(world, 2)
  const wish = (number: number, time: string) =>
    book(world, { provider: ada, start: `${TUESDAY}T${time}:00+01:00`, customer: customer(number) })
  const times = ['10:00', '10:00', '10:00', '11:00', '10:00', '12:00', '11:00']
  const answers = await Promise.all(times.map((time, number) => wish(number, time)))
  const booked = times.filter((_, index) => answers[index]?.status === 201)
  expect(booked.toSorted()).toEqual(['10:00', '11:00', '12:00'])
  for (const { body } of answers.filter(({ status }) => status === 409))
    expect(body).toMatchObject({
      code: 'booking.slot_taken',
      alternatives: expect.arrayContaining([expect.anything()]),
    })
  expect(await world.sql('select 1 from claim where booking_id is not null')).toHaveLength(3)
})

test('as many as there are rooms get one each, though they come at the same moment', async () => {
  await using world = await createWorld()
  const providers = await withProviders(world, 16)
  const office = await openOffice(world)
  const room = await office.addResource('Room', { quantity: 16 })
  await office.needs(world.consultation.id, [{ lengthMin: null, requirements: [person(...providers), thing(room)] }])
  const answers = await bookEach(world, providers)
  expect(answers.map(({ status }) => status)).toEqual(providers.map(() => 201))
})

test('seats of one session that are wanted at the same moment are taken together, and never more than there are', async () => {
  await using world = await createWorld()
  const answers = await Promise.all(
    [0, 1, 2, 3, 4].map((number) =>
      book(world, { service: 'course', provider: world.ada.id, customer: customer(number) }),
    ),
  )
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, 201, 409, 409])
  expect(await world.sql('select 1 from seat')).toHaveLength(3)
  expect(await world.sql('select 1 from group_session')).toHaveLength(1)
})

test('a second transaction is begun beside the first once it has as many to write', async () => {
  await using world = await createWorld()
  const [business] = await world.sql<{ version: string }>('select config_version as version from organization')
  const writes = new SharedWrites(world)
  const write = (name: string, ...subjects: string[]) =>
    writes.write(world.organizationId, {
      ...{ subjects, configVersion: Number(business?.version), holdId: undefined, sessionKey: undefined },
      ...{ first: [], claims: [], limits: [], bookings: [] },
      statements: [{ name: 'add_place', text: ADD_PLACE, values: [world.organizationId, name] }],
    })
  const places = () => world.sql<{ name: string; made: string }>('select name, xmin::text as made from location')
  const { letGo } = await lock(world, [world.ada.id])
  const before = [write('A', world.ada.id), write('B'), write('C')]
  await untilSomebodyWaits(world)
  const beside = [write('D')]
  await nextTurn()
  await nextTurn()
  beside.push(write('E'), write('F'))
  await Promise.all(beside)
  const rows = await places()
  expect(rows.map(({ name }) => name).toSorted()).toEqual(['D', 'E', 'F'])
  expect(new Set(rows.map(({ made }) => made)).size).toBe(1)
  await letGo()
  await Promise.all(before)
  expect(await places()).toHaveLength(6)
})

const ADD_PLACE = `insert into location (organization_id, id, kind, name) values ($1, gen_random_uuid(), 'phone', $2)`
