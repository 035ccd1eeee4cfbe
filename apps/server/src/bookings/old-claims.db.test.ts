import { expect, test } from 'vitest'
import { book, TUESDAY } from '../../test/requests.ts'
import { createWorld } from '../../test/world.ts'
import { sweepClaims } from './bookings.service.ts'

const DAY_MS = 86_400_000

test('claims of appointments that ended 400 days ago are removed; the bookings and younger claims stay', async () => {
  await using world = await createWorld()
  const provider = world.ada.id
  for (const time of ['10:00', '11:00'])
    expect(await book(world, { provider, start: `${TUESDAY}T${time}:00+01:00` })).toMatchObject({ status: 201 })
  const sweep = () => sweepClaims({ db: world.db, clock: world.clock }, world.organizationId)
  const claims = () => world.sql('select 1 from claim')
  const endedMs = Date.parse(`${TUESDAY}T10:30:00+01:00`)
  world.clock.set(new Date(endedMs + 399 * DAY_MS).toISOString())
  expect(await sweep()).toBe(0)
  world.clock.set(new Date(endedMs + 400 * DAY_MS + 30 * 60_000).toISOString())
  expect(await sweep()).toBe(1)
  expect(await claims()).toHaveLength(1)
  expect(await world.sql('select 1 from booking')).toHaveLength(2)
  world.clock.advance(DAY_MS)
  expect(await sweep()).toBe(1)
  expect(await claims()).toEqual([])
})
