import { expect, test } from 'vitest'
import { actionsOn, callerOf, configVersionOf } from '../services/caller.fixture.ts'
import { newSecretId } from '../shared/id.ts'
import { createWorld } from '../../test/world.ts'

test('a manager adds and changes a location; both are told, and what was computed before is stale', async () => {
  await using world = await createWorld()
  const manager = await callerOf(world, 'manager')
  const before = await configVersionOf(world)
  const added = await manager('POST', '/locations', { kind: 'address', name: 'House', detail: 'Main Street 1' })
  expect(added).toMatchObject({ status: 201, body: { kind: 'address', name: 'House', detail: 'Main Street 1' } })
  const changed = await manager('PATCH', `/locations/${added.body.id}`, { kind: 'video', detail: '' })
  expect(changed).toMatchObject({ status: 200, body: { id: added.body.id, kind: 'video', name: 'House', detail: '' } })
  expect(await actionsOn(world, added.body.id)).toEqual(['location.created', 'location.updated'])
  expect(await configVersionOf(world)).toBe(before + 2)
})

test('pages of locations go by name and leave none out', async () => {
  await using world = await createWorld()
  const manager = await callerOf(world, 'manager')
  for (const name of ['C', 'A', 'B', 'B']) await manager('POST', '/locations', { kind: 'phone', name })
  const first = await manager('GET', '/locations?limit=3')
  expect(first.body.items.map(({ name }: { name: string }) => name)).toEqual(['A', 'B', 'B'])
  const second = await manager('GET', `/locations?limit=3&cursor=${first.body.nextCursor}`)
  expect(second.body.items.map(({ name }: { name: string }) => name)).toEqual(['C'])
  expect(second.body.nextCursor).toBeUndefined()
})

test('the same request with the same key adds one location', async () => {
  await using world = await createWorld()
  const manager = await callerOf(world, 'manager')
  const headers = { 'idempotency-key': 'add-house-0001' }
  const body = { kind: 'address', name: 'House' }
  const answers = await Promise.all([1, 2, 3].map(() => manager('POST', '/locations', body, headers)))
  expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1)
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
  const other = await manager('POST', '/locations', { ...body, name: 'Garden' }, headers)
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency.key_reused' } })
  expect((await manager('GET', '/locations')).body.items).toHaveLength(1)
})

test('what is no location is refused and changes nothing', async () => {
  await using world = await createWorld()
  const manager = await callerOf(world, 'manager')
  const refused = [
    await manager('POST', '/locations', { kind: 'moon', name: 'Crater' }),
    await manager('POST', '/locations', { kind: 'address', name: '  ' }),
    await manager('POST', '/locations', { kind: 'address', name: 'x'.repeat(121) }),
    await manager('POST', '/locations', { kind: 'address', name: 'House', extra: 1 }),
    await manager('GET', '/locations?cursor=nonsense'),
    await manager('PATCH', `/locations/${newSecretId()}`, {}),
  ]
  expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400])
  const unknown = await manager('PATCH', `/locations/${newSecretId()}`, { name: 'House' })
  expect(unknown).toMatchObject({ status: 404, body: { code: 'location.not_found' } })
  expect((await manager('GET', '/locations')).body.items).toEqual([])
})

test('providers see locations and do not change them; strangers do neither', async () => {
  await using world = await createWorld()
  const provider = await callerOf(world, 'provider')
  const stranger = await callerOf(world)
  const body = { kind: 'address', name: 'House' }
  expect((await provider('GET', '/locations')).status).toBe(200)
  expect(await provider('POST', '/locations', body)).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } })
  expect(await stranger('GET', '/locations')).toMatchObject({ status: 401, body: { code: 'auth.required' } })
  expect(await stranger('POST', '/locations', body)).toMatchObject({ status: 401, body: { code: 'auth.required' } })
})
