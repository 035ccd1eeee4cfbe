import { expect, test } from 'vitest'
import { book, TUESDAY } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'
import { actionsOn, callerOf, fieldsOf } from '../services/caller.fixture.ts'

async function threeCustomers(world: World) {
  const people = [
    ['Grace Hopper', 'grace@example.com', '09'],
    ['Ada 100% _sure_', 'ada.customer@example.com', '10'],
    ['Ömer Ünal', 'omer@example.org', '11'],
  ] as const
  for (const [name, email, hour] of people)
    await book(world, { start: `${TUESDAY}T${hour}:00:00+01:00`, customer: { name, email } })
}

test('who books is a customer, once for an address however it is spelt', async () => {
  await using world = await createWorld()
  await book(world, { customer: { name: 'Grace', email: 'grace@example.com', phone: '+49 30 1' } })
  await book(world, { customer: { name: 'Grace Hopper', email: 'GRACE@example.com', locale: 'de' } })
  const { body } = await (await callerOf(world, 'viewer'))('GET', '/customers')
  expect(body.items).toHaveLength(1)
  expect(body.items[0]).toMatchObject({ name: 'Grace', phone: '+49 30 1', locale: 'de', bookingCount: 2 })
})

test('are found by a part of their name or address, in which no character is special', async () => {
  await using world = await createWorld()
  await threeCustomers(world)
  const viewer = await callerOf(world, 'viewer')
  const found = async (q: string) =>
    (await viewer('GET', `/customers?q=${encodeURIComponent(q)}`)).body.items.map(({ name }: { name: string }) => name)
  expect(await found('hopp')).toEqual(['Grace Hopper'])
  expect(await found('EXAMPLE.ORG')).toEqual(['Ömer Ünal'])
  expect(await found('ömer')).toEqual(['Ömer Ünal'])
  expect(await found('0%')).toEqual(['Ada 100% _sure_'])
  expect(await found('_s')).toEqual(['Ada 100% _sure_'])
  expect(await found('%')).toEqual(['Ada 100% _sure_'])
  expect(await found('\\')).toEqual([])
})

test('are changed by providers and up; the trail names the fields, not what is in them', async () => {
  await using world = await createWorld()
  await threeCustomers(world)
  const provider = await callerOf(world, 'provider')
  const [customer] = (await provider('GET', '/customers?q=Grace')).body.items
  const changed = await provider('PATCH', `/customers/${customer.id}`, { notes: 'Prefers mornings', phone: null })
  expect(changed).toMatchObject({ status: 200, body: { notes: 'Prefers mornings', phone: null } })
  expect(await actionsOn(world, customer.id)).toEqual(['customer.updated'])
  const [event] = await world.sql('select detail from audit_event where entity_id = $1', [customer.id])
  expect(event).toEqual({ detail: { fields: ['notes', 'phone'] } })
})

test('cannot be given the address of another one', async () => {
  await using world = await createWorld()
  await threeCustomers(world)
  const provider = await callerOf(world, 'provider')
  const [customer] = (await provider('GET', '/customers?q=Grace')).body.items
  const refused = await provider('PATCH', `/customers/${customer.id}`, { email: 'OMER@example.org' })
  expect(refused).toMatchObject({ status: 409, body: { code: 'customer.email_taken' } })
  expect(fieldsOf(refused.body)).toEqual(['email'])
  expect((await provider('GET', `/customers/${customer.id}`)).body.email).toBe('grace@example.com')
})
