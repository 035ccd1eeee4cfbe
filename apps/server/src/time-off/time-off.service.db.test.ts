import { expect, test } from 'vitest'
import { createWorld, sharedWorld, type World } from '../../test/world.ts'
import { withTenant } from '../db/tenant.ts'
import { actionsOn, callerOf, configVersionOf, fieldsOf } from '../services/caller.fixture.ts'
import { newSecretId } from '../shared/id.ts'
import { loadTimeOff } from './time-off.service.ts'

const LUNCH = {
  ...{ startsAt: '2026-03-02T12:00', timeZone: 'Europe/Berlin', durationMin: 60 },
  ...{ rule: 'FREQ=WEEKLY;BYDAY=MO,WE', except: ['2026-03-04'], note: 'At the dentist' },
}

const shared = sharedWorld()

/** When subjects are off in March, as UTC. */
async function offInMarch(world: World, ids: string[], organizationId = world.organizationId) {
  const range = { fromMs: Date.parse('2026-03-01T00:00Z'), toMs: Date.parse('2026-04-01T00:00Z') }
  const loaded = await withTenant(world.db, organizationId, (tx) => loadTimeOff(tx, organizationId, ids, range))
  return ids.map((id) =>
    (loaded.get(id) ?? []).map(
      ({ startMs, endMs }) => `${new Date(startMs).toISOString()} ${(endMs - startMs) / 60_000}`,
    ),
  )
}

test('a weekly lunch break is entered, told, loaded for the engine, changed and taken back', async () => {
  await using world = await createWorld()
  const manager = await callerOf(world, 'manager')
  const before = await configVersionOf(world)
  const added = await manager('POST', `/providers/${world.ada.id}/time-off`, LUNCH)
  const { id } = added.body
  const next = { start: '2026-03-02T11:00:00Z', end: '2026-03-02T12:00:00Z' }
  expect(added).toEqual({ status: 201, body: { id, subjectId: world.ada.id, ...LUNCH, next } })
  expect((await manager('GET', `/providers/${world.ada.id}/time-off`)).body).toEqual({ items: [added.body] })
  const [ada, ben] = await offInMarch(world, [world.ada.id, world.ben.id])
  expect(ada).toHaveLength(9 - 1)
  expect(ada?.slice(0, 2)).toEqual(['2026-03-02T11:00:00.000Z 60', '2026-03-09T11:00:00.000Z 60'])
  expect(ada?.at(-1)).toBe('2026-03-30T10:00:00.000Z 60')
  expect(ben).toEqual([])
  const changed = await manager('PATCH', `/time-off/${id}`, { rule: null, except: [], durationMin: 30 })
  expect(changed).toMatchObject({ status: 200, body: { rule: null, durationMin: 30, note: LUNCH.note } })
  expect(await offInMarch(world, [world.ada.id])).toEqual([['2026-03-02T11:00:00.000Z 30']])
  expect(await manager('DELETE', `/time-off/${id}`)).toEqual({ status: 204, body: undefined })
  expect(await offInMarch(world, [world.ada.id])).toEqual([[]])
  expect(await manager('DELETE', `/time-off/${id}`)).toMatchObject({
    status: 404,
    body: { code: 'time_off.not_found' },
  })
  expect(await actionsOn(world, id)).toEqual(['time_off.created', 'time_off.updated', 'time_off.deleted'])
  expect(await configVersionOf(world)).toBe(before + 3)
})

test('the trail tells when, for whom and that the note has changed, but never the note', async () => {
  await using world = await createWorld()
  const manager = await callerOf(world, 'manager')
  const { id } = (await manager('POST', `/providers/${world.ada.id}/time-off`, LUNCH)).body
  await manager('PATCH', `/time-off/${id}`, { note: 'Elsewhere' })
  await manager('DELETE', `/time-off/${id}`)
  const rows = await world.sql<{ detail: object }>('select detail from audit_event where entity_id = $1 order by id', [
    id,
  ])
  const { note: _note, ...told } = LUNCH
  const whole = { subjectId: world.ada.id, ...told }
  expect(rows.map(({ detail }) => detail)).toEqual([whole, { subjectId: world.ada.id, note: 'changed' }, whole])
})

test('a vacation that began before the time reaches into it; one far away is not read', async () => {
  await using world = await createWorld()
  const manager = await callerOf(world, 'manager')
  const enter = (startsAt: string, days: number) =>
    manager('POST', `/providers/${world.ada.id}/time-off`, {
      ...{ startsAt: `${startsAt}T00:00`, timeZone: 'Europe/Berlin', durationMin: days * 1440 },
    })
  await enter('2025-06-01', 300)
  await enter('2026-03-31', 1)
  await enter('2026-05-01', 10)
  await enter('2026-02-01', 10)
  expect(await offInMarch(world, [world.ada.id])).toEqual([
    // By then the clocks have gone back an hour.
    [`2025-05-31T22:00:00.000Z ${300 * 1440 + 60}`, '2026-03-30T22:00:00.000Z 1440'],
  ])
})

test('a thing is out of use too, and is not mistaken for a person', async () => {
  await using world = await createWorld()
  const manager = await callerOf(world, 'manager')
  const repair = { startsAt: '2026-03-05T08:00', timeZone: 'Europe/Berlin', durationMin: 600 }
  const added = await manager('POST', `/resources/${world.rooms.id}/time-off`, repair)
  expect(added).toMatchObject({ status: 201, body: { subjectId: world.rooms.id, rule: null, except: [], note: '' } })
  expect(await offInMarch(world, [world.rooms.id])).toEqual([['2026-03-05T07:00:00.000Z 600']])
  const wrong = await manager('POST', `/providers/${world.rooms.id}/time-off`, repair)
  expect(wrong).toMatchObject({ status: 404, body: { code: 'provider.not_found' } })
  const none = await manager('GET', `/resources/${newSecretId()}/time-off`)
  expect(none).toMatchObject({ status: 404, body: { code: 'resource.not_found' } })
})

test('who may do what', async () => {
  await using world = await createWorld()
  const ada = await callerOf(world, 'provider')
  await world.sql(`update member set provider_id = $1`, [world.ada.id])
  const callers = {
    visitor: await callerOf(world),
    viewer: await callerOf(world, 'viewer'),
    ada,
    manager: await callerOf(world, 'manager'),
  }
  const id = async (of: string) => (await callers.manager('POST', `${of}/time-off`, LUNCH)).body.id as string
  const paths = {
    ada: `/providers/${world.ada.id}`,
    ben: `/providers/${world.ben.id}`,
    room: `/resources/${world.rooms.id}`,
  }
  const table: Record<string, string> = {}
  for (const [name, call] of Object.entries(callers)) {
    for (const [whose, path] of Object.entries(paths)) {
      const known = await id(path)
      const answers = [
        await call('GET', `${path}/time-off`),
        await call('POST', `${path}/time-off`, LUNCH),
        await call('PATCH', `/time-off/${known}`, { note: 'x' }),
        await call('DELETE', `/time-off/${known}`),
      ]
      table[`${name} of ${whose}`] = answers.map(({ status }) => status).join(' ')
    }
  }
  expect(table).toEqual({
    ...{
      'visitor of ada': '401 401 401 401',
      'visitor of ben': '401 401 401 401',
      'visitor of room': '401 401 401 401',
    },
    ...{ 'viewer of ada': '200 403 403 403', 'viewer of ben': '200 403 403 403', 'viewer of room': '200 403 403 403' },
    ...{ 'ada of ada': '200 201 200 204', 'ada of ben': '200 403 403 403', 'ada of room': '200 403 403 403' },
    ...{
      'manager of ada': '200 201 200 204',
      'manager of ben': '200 201 200 204',
      'manager of room': '200 201 200 204',
    },
  })
  const noteFor = async (call: typeof ada, path: string) => (await call('GET', `${path}/time-off`)).body.items[0].note
  expect(await noteFor(ada, paths.ada)).toBe(LUNCH.note)
  expect(await noteFor(ada, paths.ben)).toBe('')
  expect(await noteFor(callers.viewer, paths.ada)).toBe('')
})

test('what cannot be is refused field by field, and changes nothing', async () => {
  const world = shared()
  const manager = await callerOf(world, 'manager')
  const path = `/providers/${world.ben.id}/time-off`
  const { body } = await manager('POST', path, LUNCH)
  const refused = async (changes: object) => {
    const added = await manager('POST', path, { ...LUNCH, ...changes })
    const changed = await manager('PATCH', `/time-off/${body.id}`, changes)
    expect([added.status, changed.status]).toEqual([400, 400])
    expect(fieldsOf(changed.body)).toEqual(fieldsOf(added.body))
    return fieldsOf(added.body)
  }
  expect(await refused({ rule: 'FREQ=WEEKLY;BYDAY=XX', timeZone: 'Moon' })).toEqual(['timeZone', 'rule'])
  expect(await refused({ rule: 'FREQ=MINUTELY' })).toEqual(['rule'])
  expect(await refused({ rule: '' })).toContain('rule')
  expect(await refused({ durationMin: 0 })).toEqual(['durationMin'])
  expect(await refused({ durationMin: 527_041 })).toEqual(['durationMin'])
  expect(await refused({ startsAt: '2026-03-02' })).toEqual(['startsAt'])
  expect(await refused({ startsAt: '2026-02-30T12:00' })).toEqual(['startsAt'])
  expect(await refused({ except: ['2026-02-30'] })).toEqual(['except.0'])
  expect(await refused({ except: Array.from({ length: 367 }, () => '2026-03-04') })).toEqual(['except'])
  expect(await refused({ note: 'x'.repeat(501) })).toEqual(['note'])
  expect(await refused({ colour: 'red' })).toEqual(['colour'])
  expect((await manager('PATCH', `/time-off/${body.id}`, {})).status).toBe(400)
  expect((await manager('GET', path)).body.items).toEqual([body])
})

test('the same request sent twice enters it once', async () => {
  const world = shared()
  const manager = await callerOf(world, 'manager')
  const key = { 'idempotency-key': newSecretId() }
  const path = `/resources/${world.rooms.id}/time-off`
  const [first, second] = [await manager('POST', path, LUNCH, key), await manager('POST', path, LUNCH, key)]
  expect([first.status, second.status]).toEqual([201, 201])
  expect(second.body.id).toBe(first.body.id)
  expect((await manager('GET', path)).body.items).toHaveLength(1)
})

test('the list, read page by page, gives everything once, the latest first', async () => {
  const world = shared()
  const manager = await callerOf(world, 'manager')
  const path = `/providers/${world.ada.id}/time-off`
  for (const day of ['05', '03', '03', '04'])
    await manager('POST', path, { ...LUNCH, startsAt: `2026-03-${day}T12:00` })
  const whole = (await manager('GET', path)).body.items as { id: string; startsAt: string }[]
  expect(whole.map(({ startsAt }) => startsAt.slice(8, 10))).toEqual(['05', '04', '03', '03'])
  const paged: string[] = []
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const { body } = await manager('GET', `${path}?limit=1${cursor && `&cursor=${cursor}`}`)
    paged.push(...(body.items as { id: string }[]).map(({ id }) => id))
    cursor = body.nextCursor as string | undefined
  }
  expect(paged).toEqual(whole.map(({ id }) => id))
})

test('another business sees, changes and loads none of it', async () => {
  await using world = await createWorld()
  const manager = await callerOf(world, 'manager')
  const { id } = (await manager('POST', `/providers/${world.ada.id}/time-off`, LUNCH)).body
  const other = await world.addBusiness('elsewhere')
  const headers = await world.signIn('owner', other.organizationId)
  const ask = async (method: 'GET' | 'PATCH' | 'DELETE', path: string) => {
    const url = `/api/v1/organizations/elsewhere${path}`
    const payload = method === 'PATCH' ? { payload: { note: 'x' } } : {}
    return (await world.inject({ method, url, headers, ...payload })).statusCode
  }
  expect(await ask('GET', `/providers/${world.ada.id}/time-off`)).toBe(404)
  expect(await ask('PATCH', `/time-off/${id}`)).toBe(404)
  expect(await ask('DELETE', `/time-off/${id}`)).toBe(404)
  expect(await offInMarch(world, [world.ada.id], other.organizationId)).toEqual([[]])
  expect((await offInMarch(world, [world.ada.id]))[0]).toHaveLength(8)
})
