import { expect, test } from 'vitest'
import { actionsOn, callerOf, configVersionOf } from '../services/caller.fixture.ts'
import { newSecretId } from '../shared/id.ts'
import { book } from '../../test/requests.ts'
import { createWorld } from '../../test/world.ts'

test('a manager adds and changes a resource; both are told, and what was computed before is stale', async () => {
  await using world = await createWorld()
  const manager = await callerOf(world, 'manager')
  const before = await configVersionOf(world)
  const added = await manager('POST', '/resources', { name: 'Chair' })
  expect(added).toMatchObject({ status: 201, body: { name: 'Chair', quantity: 1, active: true } })
  const changed = await manager('PATCH', `/resources/${added.body.id}`, { quantity: 3, active: false })
  expect(changed).toMatchObject({ status: 200, body: { name: 'Chair', quantity: 3, active: false } })
  expect(await actionsOn(world, added.body.id)).toEqual(['resource.created', 'resource.updated'])
  expect(await configVersionOf(world)).toBe(before + 2)
})

test('there cannot be fewer than appointments to come use; once those are over, there can', async () => {
  await using world = await createWorld()
  const manager = await callerOf(world, 'manager')
  const bookings = [
    await book(world, { service: 'treatment', provider: world.ada.id }),
    await book(world, { service: 'treatment', provider: world.ben.id }),
  ]
  expect(bookings.map(({ status }) => status)).toEqual([201, 201])
  const fewer = { quantity: 1 }
  const refused = await manager('PATCH', `/resources/${world.rooms.id}`, fewer)
  expect(refused).toMatchObject({ status: 409, body: { code: 'resource.in_use' } })
  expect((await manager('GET', '/resources')).body.items).toMatchObject([{ quantity: 2 }])
  world.clock.set('2026-03-04T08:00:00Z')
  expect(await manager('PATCH', `/resources/${world.rooms.id}`, fewer)).toMatchObject({ status: 200, body: fewer })
})

test('a service whose rooms are all out of use offers no time, and can be booked again when one is back', async () => {
  await using world = await createWorld()
  const manager = await callerOf(world, 'manager')
  await manager('PATCH', `/resources/${world.rooms.id}`, { active: false })
  expect((await book(world, { service: 'treatment' })).status).toBe(409)
  await manager('PATCH', `/resources/${world.rooms.id}`, { active: true })
  expect((await book(world, { service: 'treatment' })).status).toBe(201)
})

test('what is no resource is refused and changes nothing', async () => {
  await using world = await createWorld()
  const manager = await callerOf(world, 'manager')
  const refused = [
    await manager('POST', '/resources', { name: '' }),
    await manager('POST', '/resources', { name: 'Chair', quantity: 0 }),
    await manager('POST', '/resources', { name: 'Chair', quantity: 101 }),
    await manager('POST', '/resources', { name: 'Chair', quantity: 1.5 }),
    await manager('PATCH', `/resources/${world.rooms.id}`, {}),
    await manager('PATCH', '/resources/no-id', { name: 'Chair' }),
  ]
  expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400])
  const unknown = await manager('PATCH', `/resources/${newSecretId()}`, { quantity: 1 })
  expect(unknown).toMatchObject({ status: 404, body: { code: 'resource.not_found' } })
  expect((await manager('GET', '/resources')).body.items).toHaveLength(1)
})
