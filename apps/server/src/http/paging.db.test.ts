import { expect, test } from 'vitest'
import { book, TUESDAY } from '../../test/requests.ts'
import { sharedWorld, type World } from '../../test/world.ts'
import { callerOf } from '../services/caller.fixture.ts'

const shared = sharedWorld()

/** Some of everything; several things in the same moment and under the same name. */
async function fillLists(world: World): Promise<void> {
  const owner = await callerOf(world, 'owner')
  for (const name of ['B', 'A', 'A']) {
    await owner('POST', '/providers', { name })
    await owner('POST', '/resources', { name })
    await owner('POST', '/locations', { kind: 'phone', name })
    await owner('POST', '/schedules', { name, timeZone: 'Europe/Berlin', weekly: [] })
  }
  for (const [at, hour] of ['09', '10', '11', '12'].entries()) {
    const customer = { name: 'Same Name', email: `c${at}@example.com` }
    await book(world, { start: `${TUESDAY}T${hour}:00:00+01:00`, customer })
    await book(world, { start: `${TUESDAY}T${hour}:00:00+01:00`, customer })
  }
}

test('every list, read page by page, gives everything once and in its order', async () => {
  const world = shared()
  await fillLists(world)
  const owner = await callerOf(world, 'owner')
  const ids = (items: { id: string }[]) => items.map(({ id }) => id)
  const lists = [
    'services',
    'providers',
    'resources',
    'locations',
    'schedules',
    'customers',
    'bookings',
    'messages',
    'audit-events',
  ]
  for (const list of lists) {
    const whole = (await owner('GET', `/${list}?limit=200`)).body
    expect(whole.items.length).toBeGreaterThan(2)
    expect(whole.nextCursor).toBeUndefined()
    const paged: string[] = []
    let cursor: string | undefined = ''
    while (cursor !== undefined && paged.length <= whole.items.length) {
      const { body } = await owner('GET', `/${list}?limit=1${cursor && `&cursor=${cursor}`}`)
      paged.push(...ids(body.items))
      cursor = body.nextCursor
    }
    expect({ list, paged }).toEqual({ list, paged: ids(whole.items) })
  }
})
