import { expect, test } from 'vitest'
import { actionsOn, callerOf, configVersionOf, fieldsOf } from '../services/caller.fixture.ts'
import { newSecretId } from '../shared/id.ts'
import { slotsOn } from '../../test/requests.ts'
import { createWorld } from '../../test/world.ts'

test('a provider without a schedule gets one of their own: office hours in the zone of the business', async () => {
  await using world = await createWorld()
  const manager = await callerOf(world, 'manager')
  const before = await configVersionOf(world)
  const added = await manager('POST', '/providers', { name: 'Cleo', email: 'cleo@example.com' })
  expect(added).toMatchObject({
    status: 201,
    body: { name: 'Cleo', title: '', email: 'cleo@example.com', position: 2, active: true },
  })
  const schedule = await manager('GET', `/schedules/${added.body.scheduleId}`)
  expect(schedule.body).toMatchObject({ name: 'Cleo', timeZone: 'Europe/Berlin', overrides: [] })
  expect(schedule.body.weekly).toEqual([1, 2, 3, 4, 5].map((weekday) => ({ weekday, startMin: 540, endMin: 1020 })))
  expect(await actionsOn(world, added.body.id)).toEqual(['provider.created'])
  expect(await configVersionOf(world)).toBeGreaterThan(before)
})

test('providers stand in the order of the business, page after page, each in a colour of their own', async () => {
  await using world = await createWorld()
  const manager = await callerOf(world, 'manager')
  for (const name of ['Cleo', 'Dora']) await manager('POST', '/providers', { name })
  await manager('POST', '/providers', { name: 'Zoe', position: 0 })
  const first = await manager('GET', '/providers?limit=3')
  const second = await manager('GET', `/providers?limit=3&cursor=${first.body.nextCursor}`)
  const all = [...first.body.items, ...second.body.items] as { name: string; colour: string }[]
  expect(all.map(({ name }) => name)).toEqual(['Ada', 'Zoe', 'Ben', 'Cleo', 'Dora'])
  expect(new Set(all.slice(1).map(({ colour }) => colour)).size).toBe(4)
})

test('who is not active any more is not offered any more', async () => {
  await using world = await createWorld()
  const manager = await callerOf(world, 'manager')
  const offered = async () => new Set((await slotsOn(world)).flatMap(({ providers }) => providers))
  expect(await offered()).toEqual(new Set([world.ada.id, world.ben.id]))
  const changed = await manager('PATCH', `/providers/${world.ben.id}`, { active: false })
  expect(changed).toMatchObject({ status: 200, body: { active: false } })
  expect(await offered()).toEqual(new Set([world.ada.id]))
})

test('the trail says that an address has changed, not what it was', async () => {
  await using world = await createWorld()
  const manager = await callerOf(world, 'manager')
  await manager('PATCH', `/providers/${world.ben.id}`, { email: 'secret@example.com', title: 'Physician' })
  const [event] = await world.sql<{ detail: object }>('select detail from audit_event where entity_id = $1', [
    world.ben.id,
  ])
  expect(event?.detail).toEqual({ email: 'changed', title: 'Physician' })
})

test('what is no provider is refused and changes nothing', async () => {
  await using world = await createWorld()
  const manager = await callerOf(world, 'manager')
  const noSchedule = await manager('POST', '/providers', { name: 'Cleo', scheduleId: newSecretId() })
  expect(noSchedule.status).toBe(400)
  expect(fieldsOf(noSchedule.body)).toEqual(['scheduleId'])
  const moved = await manager('PATCH', `/providers/${world.ada.id}`, { scheduleId: newSecretId() })
  expect(fieldsOf(moved.body)).toEqual(['scheduleId'])
  const refused = [
    await manager('POST', '/providers', { name: 'Cleo', email: 'no address' }),
    await manager('POST', '/providers', { name: 'Cleo', colour: 'red' }),
    await manager('POST', '/providers', { title: 'Nobody' }),
    await manager('PATCH', `/providers/${world.ada.id}`, {}),
    await manager('PATCH', `/providers/${world.ada.id}`, { id: newSecretId() }),
  ]
  expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400])
  const unknown = await manager('PATCH', `/providers/${newSecretId()}`, { name: 'Cleo' })
  expect(unknown).toMatchObject({ status: 404, body: { code: 'provider.not_found' } })
  expect((await manager('GET', '/providers')).body.items).toHaveLength(2)
})

test('members without the right add nobody', async () => {
  await using world = await createWorld()
  const viewer = await callerOf(world, 'viewer')
  expect((await viewer('GET', '/providers')).status).toBe(200)
  expect((await viewer('POST', '/providers', { name: 'Cleo' })).status).toBe(403)
})
