import { expect, test } from 'vitest'
import { slotsOn, timesOf } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'
import { withTenant } from '../db/tenant.ts'
import { actionsOn, callerOf, configVersionOf, fieldsOf } from '../services/caller.fixture.ts'
import { loadSchedules } from './schedules.service.ts'

type Caller = Awaited<ReturnType<typeof callerOf>>

const FRIDAY_BEFORE_EASTER = '2026-04-03'

async function openHours(world: World) {
  const manager = await callerOf(world, 'manager')
  const { id } = (await manager('GET', '/schedules')).body.items[0] as { id: string }
  const change = async (patch: object) => {
    const { status, body } = await manager('PATCH', `/schedules/${id}`, patch)
    expect({ status, body }).toMatchObject({ status: 200, body: patch })
  }
  return { manager, id, change }
}

const times = async (world: World, date: string) => timesOf(await slotsOn(world, { date }))

test('a night goes on after midnight, and over a clock change without the hour that is not there', async () => {
  await using world = await createWorld()
  const { change } = await openHours(world)
  await change({ weekly: [{ weekday: 6, startMin: 1380, endMin: 1680 }] })
  expect(await times(world, '2026-03-21')).toEqual(['23:00', '23:30'])
  expect(await times(world, '2026-03-22')).toEqual([
    '00:00',
    '00:30',
    '01:00',
    '01:30',
    '02:00',
    '02:30',
    '03:00',
    '03:30',
  ])
  // At two the clocks go to three.
  expect(await times(world, '2026-03-29')).toEqual(['00:00', '00:30', '01:00', '01:30', '03:00', '03:30'])
})

test('a date may have hours that end on the next day', async () => {
  await using world = await createWorld()
  const { change } = await openHours(world)
  await change({ overrides: [{ date: '2026-03-14', windows: [{ startMin: 1410, endMin: 1500 }] }] })
  expect(await times(world, '2026-03-14')).toEqual(['23:30'])
  expect(await times(world, '2026-03-15')).toEqual(['00:00', '00:30'])
})

test('public holidays are closed, unless a date says otherwise', async () => {
  await using world = await createWorld()
  const { change, manager, id } = await openHours(world)
  expect(await times(world, FRIDAY_BEFORE_EASTER)).toHaveLength(16)
  await change({ holidays: { country: 'DE', region: 'BE' } })
  expect(await times(world, FRIDAY_BEFORE_EASTER)).toEqual([])
  expect(await times(world, '2026-04-02')).toHaveLength(16)
  await change({ overrides: [{ date: FRIDAY_BEFORE_EASTER, windows: [{ startMin: 600, endMin: 660 }] }] })
  expect(await times(world, FRIDAY_BEFORE_EASTER)).toEqual(['10:00', '10:30'])
  await change({ overrides: [], holidays: null })
  expect(await times(world, FRIDAY_BEFORE_EASTER)).toHaveLength(16)
  const lower = await manager('PATCH', `/schedules/${id}`, { holidays: { country: 'de', region: 'by.a' } })
  expect(lower.body.holidays).toEqual({ country: 'DE', region: 'BY.A' })
})

test('a closure is closed whatever else says so, and ends a night at midnight', async () => {
  await using world = await createWorld()
  const { change } = await openHours(world)
  await change({
    weekly: [{ weekday: 1, startMin: 1380, endMin: 1500 }],
    overrides: [{ date: '2026-03-10', windows: [{ startMin: 540, endMin: 600 }] }],
    closures: [{ fromDate: '2026-03-10', toDate: '2026-03-11', name: 'Move' }],
  })
  expect(await times(world, '2026-03-09')).toEqual(['23:00', '23:30'])
  expect(await times(world, '2026-03-10')).toEqual([])
  await change({ closures: [] })
  expect(await times(world, '2026-03-10')).toEqual(['00:00', '00:30', '09:00', '09:30'])
})

test('where somebody stays, the clocks there count', async () => {
  await using world = await createWorld()
  const { change } = await openHours(world)
  await change({ stays: [{ fromDate: '2026-03-10', toDate: '2026-03-11', timeZone: 'America/New_York' }] })
  const [first, ...others] = await times(world, '2026-03-10')
  expect([first, others.at(-1)]).toEqual(['14:00', '21:30'])
  expect((await times(world, '2026-03-12'))[0]).toBe('09:00')
})

test('a new schedule takes all of it, in order, and tells it', async () => {
  await using world = await createWorld()
  const manager = await callerOf(world, 'manager')
  const before = await configVersionOf(world)
  const closure = (fromDate: string) => ({ fromDate, toDate: '2026-12-31', name: 'Year end' })
  const body = {
    ...{ name: 'Everything', timeZone: 'Europe/Paris', weekly: [{ weekday: 5, startMin: 1320, endMin: 2760 }] },
    holidays: { country: 'FR' },
    closures: [closure('2026-12-28'), { fromDate: '2026-08-01', toDate: '2026-08-31' }],
    stays: [
      { fromDate: '2026-06-08', toDate: '2026-06-09', timeZone: 'asia/tokyo' },
      { fromDate: '2026-06-01', toDate: '2026-06-07', timeZone: 'UTC' },
    ],
  }
  const added = await manager('POST', '/schedules', body)
  const [second, first] = body.stays
  const whole = { ...body, closures: body.closures.toReversed(), stays: [first, { ...second, timeZone: 'Asia/Tokyo' }] }
  expect(added).toEqual({ status: 201, body: { id: added.body.id, overrides: [], ...whole } })
  expect((await manager('GET', `/schedules/${added.body.id}`)).body).toEqual(added.body)
  expect(await actionsOn(world, added.body.id)).toEqual(['schedule.created'])
  expect(await configVersionOf(world)).toBeGreaterThan(before)
})

test('the engine gets the holidays of the years asked for, in the language of the business', async () => {
  await using world = await createWorld()
  const { change, id } = await openHours(world)
  await change({ holidays: { country: 'DE' } })
  await world.sql(`update organization set locale = 'de-AT'`)
  const loaded = await withTenant(world.db, world.organizationId, (tx) =>
    loadSchedules(tx, world.organizationId, [id], { from: 2031, to: 2032 }),
  )
  const holidays = loaded.get(id)?.holidays ?? []
  expect(holidays).toHaveLength(2 * 9)
  expect(holidays[0]).toEqual({ date: '2031-01-01', name: 'Neujahr' })
  expect(holidays.at(-1)?.date).toBe('2032-12-26')
})

test('what cannot be is refused field by field, and changes nothing', async () => {
  await using world = await createWorld()
  const { manager, id } = await openHours(world)
  const before = (await manager('GET', `/schedules/${id}`)).body
  const refused = async (patch: object) => {
    const answer = await manager('PATCH', `/schedules/${id}`, patch)
    expect(answer.status).toBe(400)
    return fieldsOf(answer.body)
  }
  const days = (fromDate: string, toDate: string) => ({ fromDate, toDate })
  expect(await refused({ weekly: [{ weekday: 1, startMin: 600, endMin: 2041 }] })).toEqual(['weekly.0.endMin'])
  expect(await refused({ weekly: [{ weekday: 1, startMin: 600, endMin: 2881 }] })).toEqual(['weekly.0.endMin'])
  expect(await refused({ holidays: { country: 'ZZ' } })).toEqual(['holidays.country'])
  expect(await refused({ holidays: { country: 'DE', region: 'ZZ' }, timeZone: 'Moon' })).toEqual([
    'timeZone',
    'holidays.region',
  ])
  expect(await refused({ closures: [days('2026-02-29', '2026-03-01'), days('2026-03-02', '2026-03-01')] })).toEqual([
    'closures.0.fromDate',
    'closures.1.toDate',
  ])
  const twice = days('2026-03-01', '2026-03-02')
  expect(await refused({ closures: [twice, twice] })).toEqual(['closures.1.fromDate'])
  const stay = (range: object, timeZone = 'UTC') => ({ ...range, timeZone })
  expect(await refused({ stays: [stay(twice, 'Mars'), stay(days('2026-03-02', '2026-03-02'))] })).toEqual([
    'stays.0.timeZone',
    'stays.1.fromDate',
  ])
  expect((await manager('GET', `/schedules/${id}`)).body).toEqual(before)
})

test('providers close their own hours, but not hours that a room goes by too', async () => {
  await using world = await createWorld()
  const { manager } = await openHours(world)
  const own = await manager('POST', '/schedules', { name: 'Own', timeZone: 'UTC', weekly: [] })
  await manager('PATCH', `/providers/${world.ada.id}`, { scheduleId: own.body.id })
  const ada = await callerOf(world, 'provider')
  await world.sql(`update member set provider_id = $1 where role = 'provider'`, [world.ada.id])
  const close = (who: Caller) =>
    who('PATCH', `/schedules/${own.body.id}`, { closures: [{ fromDate: '2026-03-10', toDate: '2026-03-10' }] })
  expect((await close(ada)).status).toBe(200)
  await manager('PATCH', `/resources/${world.rooms.id}`, { scheduleId: own.body.id })
  expect((await close(ada)).status).toBe(403)
})
