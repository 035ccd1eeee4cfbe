import { expect, test } from 'vitest'
import { book, bookingOf } from '../../test/requests.ts'
import { openScene } from '../../test/scene.ts'
import { createWorld } from '../../test/world.ts'
import { countFigures, listFigures } from './figures.service.ts'

test('is counted over all organizations, and counted anew each time', async () => {
  await using world = await createWorld()
  const other = await world.addBusiness('other')
  await (await openScene(world)).wish()
  await book(world, { provider: world.ada.id })
  const url = `/api/v1/organizations/${other.slug}/bookings`
  const elsewhere = await world.inject({ method: 'POST', url, payload: bookingOf() })
  expect(elsewhere.statusCode).toBe(201)
  await world.sql(`update message set state = 'failed' where organization_id = $1`, [other.organizationId])
  const told = async () => {
    await countFigures(world)
    return Object.fromEntries((await listFigures(world)).map(({ name, label, value }) => [`${name} ${label}`, value]))
  }
  expect(await told()).toMatchObject({
    ...{ 'organizations all': 2, 'bookings_to_come confirmed': 2, 'bookings_to_come pending': 0 },
    ...{ 'bookings_of_30_days confirmed': 0, 'wishes_open waiting': 1, 'messages_unsent failed': 2 },
  })
  const { id } = elsewhere.json<{ booking: { id: string } }>().booking
  await world.sql(`update booking set state = 'completed', sequence = sequence + 1 where id = $1`, [id])
  world.clock.set('2026-03-04T00:00:00Z')
  expect(await told()).toMatchObject({
    ...{ 'bookings_to_come confirmed': 0, 'bookings_of_30_days confirmed': 1, 'bookings_of_30_days completed': 1 },
  })
})
