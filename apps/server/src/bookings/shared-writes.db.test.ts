import { expect, test } from 'vitest'
import { openOffice, person, thing } from '../../test/office.ts'
import { book, TUESDAY } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'

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

test('bookings that come at the same moment are one transaction, each with its own claim, messages and event', async () => {
  await using world = await createWorld()
  const providers = await withProviders(world, 6)
  const answers = await bookEach(world, providers)
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
