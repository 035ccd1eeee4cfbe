import { describe, expect, test } from 'vitest'
import { claimsIn } from '../../test/office.ts'
import { book, slotsOn, timesOf, TUESDAY } from '../../test/requests.ts'
import { createWorld } from '../../test/world.ts'
import { openDatabase } from '../db/database.ts'
import { offerTimes } from './offers.service.ts'
import { NINE, openWaitingList } from './waiting.fixture.ts'

const MINUTE_MS = 60_000
const WEDNESDAY = '2026-03-04'

describe('a time that frees up', () => {
  test('is offered to whoever has waited longest, and held for nobody else', async () => {
    await using world = await createWorld()
    const list = await openWaitingList(world)
    const booking = await list.bookDay()
    const first = await list.wish('Grace')
    const second = await list.wish('Edith')
    expect(await list.sweep()).toBe(0)
    await list.cancel(booking)
    expect(await list.sweep()).toBe(1)
    expect(await list.see(first)).toMatchObject({
      state: 'offered',
      offer: { start: '2026-03-03T08:00:00Z', provider: { name: 'Ada' } },
    })
    expect(await list.see(second)).toMatchObject({ state: 'waiting', offer: null })
    expect(await slotsOn(world, { service: 'day' })).toEqual([])
    expect(await book(world, { service: 'day', start: NINE })).toMatchObject({
      status: 409,
      body: { code: 'booking.slot_taken' },
    })
    expect(await list.sweep()).toBe(0)
    expect(await list.trail(first.id)).toEqual(['wish.created', 'wish.offered'])
    const told = await world.sql(`select kind, recipient, facts->'offer' as offer from message where wish_id is not null
      order by created_at, id`)
    expect(told).toMatchObject([
      { kind: 'wish.received', recipient: 'grace@example.com', offer: null },
      { kind: 'wish.received', recipient: 'edith@example.com', offer: null },
      {
        ...{ kind: 'wish.offered', recipient: 'grace@example.com' },
        offer: { start: '2026-03-03T08:00:00Z', provider: 'Ada', expiresAt: expect.any(String) },
      },
    ])
  })

  test('has its offer queued in the transaction that frees it, when anybody waits', async () => {
    await using world = await createWorld()
    const list = await openWaitingList(world)
    const jobs = () =>
      world.sql(`select payload from graphile_worker._private_jobs j
        join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'waiting-list.offer'`)
    await list.cancel(await list.bookDay())
    expect(await jobs()).toEqual([])
    const booking = await list.bookDay()
    await list.wish('Grace')
    await world.sql(`delete from graphile_worker._private_jobs`)
    await list.cancel(booking)
    expect(await jobs()).toEqual([{ payload: { organizationId: world.organizationId } }])
  })

  test('is offered once, when two workers look at the same moment', async () => {
    await using world = await createWorld()
    const list = await openWaitingList(world)
    const bookings = [await list.bookDay(), await list.bookDay(WEDNESDAY, 'Second')]
    const days = { from: TUESDAY, until: WEDNESDAY }
    const wishes = [await list.wish('Grace', days), await list.wish('Edith', days), await list.wish('Ada', days)]
    for (const booking of bookings) await list.cancel(booking)
    const workers = Array.from({ length: 4 }, () => list.workerOf())
    const made = await Promise.all(workers.map((worker) => offerTimes(worker, world.organizationId)))
    expect(made.toSorted()).toEqual([0, 0, 0, 2])
    const seen = await Promise.all(wishes.map(list.see))
    expect(seen.map(({ offer }) => offer?.start)).toEqual(['2026-03-03T08:00:00Z', '2026-03-04T08:00:00Z', undefined])
    const [counts] = await world.sql(
      `select (select count(*)::int from hold) as holds, (select count(*)::int from wish_offer) as offers`,
    )
    expect(counts).toEqual({ holds: 2, offers: 2 })
  })

  test('goes to the next when the first lets the offer lapse, and is not offered to the first again', async () => {
    await using world = await createWorld()
    const list = await openWaitingList(world)
    const booking = await list.bookDay()
    const first = await list.wish('Grace')
    const second = await list.wish('Edith')
    await list.cancel(booking)
    await list.sweep()
    world.clock.advance(30 * MINUTE_MS)
    expect(await list.see(first)).toMatchObject({ state: 'waiting', offer: null })
    expect(await list.take(first)).toMatchObject({ status: 409, body: { code: 'wish.offer_over' } })
    expect(await list.sweep()).toBe(1)
    expect(await list.see(second)).toMatchObject({ state: 'offered' })
    expect(await list.trail(first.id)).toEqual(['wish.created', 'wish.offered', 'wish.offer_lapsed'])
    world.clock.advance(30 * MINUTE_MS)
    expect(await list.sweep()).toBe(0)
    expect(timesOf(await slotsOn(world, { service: 'day' }))).toEqual(['09:00'])
  })

  test('is offered to the first again when it is another one', async () => {
    await using world = await createWorld()
    const list = await openWaitingList(world)
    const booking = await list.bookDay(WEDNESDAY)
    const wish = await list.wish('Grace', { until: WEDNESDAY })
    await list.sweep()
    expect(await list.see(wish)).toMatchObject({ offer: { start: '2026-03-03T08:00:00Z' } })
    world.clock.advance(30 * MINUTE_MS)
    await list.cancel(booking)
    await list.sweep()
    expect(await list.see(wish)).toMatchObject({ offer: { start: '2026-03-04T08:00:00Z' } })
  })

  test('is offered only to those whom it suits', async () => {
    await using world = await createWorld()
    const list = await openWaitingList(world, {
      durationsMin: [60],
      stepMin: 60,
      providers: [world.ada.id, world.ben.id],
    })
    const wishes = [
      await list.wish('Days', { weekdays: [3], until: WEDNESDAY }),
      await list.wish('Hours', { fromTime: '13:00', untilTime: '15:00' }),
      await list.wish('People', { providers: [world.ben.id] }),
      await list.wish('Night', { fromTime: '03:00', untilTime: '09:00' }),
      await list.wish('Anything'),
    ]
    expect(await list.sweep()).toBe(4)
    const seen = await Promise.all(wishes.map(list.see))
    expect(seen.map(({ offer }) => offer && [offer.start, offer.provider.name])).toEqual([
      ['2026-03-04T08:00:00Z', 'Ada'],
      ['2026-03-03T12:00:00Z', 'Ada'],
      ['2026-03-03T08:00:00Z', 'Ben'],
      null,
      ['2026-03-03T08:00:00Z', 'Ada'],
    ])
  })

  test('leaves whoever is offered it the time to decide, and to get there', async () => {
    await using world = await createWorld({ now: '2026-03-03T07:20:00Z' })
    const list = await openWaitingList(world)
    const wish = await list.wish('Grace')
    await list.sweep()
    expect(await list.see(wish)).toMatchObject({ offer: { expiresAt: '2026-03-03T07:45:00Z' } })
  })

  test('is not offered when it is too late to decide, or notice could not be kept', async () => {
    await using world = await createWorld({ now: '2026-03-03T07:36:00Z' })
    const list = await openWaitingList(world)
    await list.wish('Grace')
    expect(await list.sweep()).toBe(0)
    world.clock.set('2026-03-03T06:51:00Z')
    await list.office.patchService(list.serviceId, { noticeMin: 60 })
    expect(await list.sweep()).toBe(0)
    world.clock.set('2026-03-03T06:50:00Z')
    expect(await list.sweep()).toBe(1)
  })

  test('of a group has its seats offered to as many as there are seats', async () => {
    await using world = await createWorld()
    const list = await openWaitingList(world)
    const course = { service: 'course', from: TUESDAY, until: TUESDAY, fromTime: '10:00', untilTime: '11:00' }
    const wishes = [
      await list.wish('Pair', { ...course, seats: 2 }),
      await list.wish('Another', { ...course, seats: 2 }),
      await list.wish('Single', course),
    ]
    expect(await list.sweep()).toBe(2)
    expect((await Promise.all(wishes.map(list.see))).map(({ state }) => state)).toEqual([
      'offered',
      'waiting',
      'offered',
    ])
    expect(await claimsIn(world)).toHaveLength(1)
  })

  test('is not offered to whoever has booked as often as they may', async () => {
    await using world = await createWorld()
    const limits = [{ per: 'week', of: 'customer', maxCount: 1 }]
    const list = await openWaitingList(world, { limits })
    await list.bookDay(WEDNESDAY, 'Grace')
    const busy = await list.wish('Grace')
    const other = await list.wish('Edith')
    expect(await list.sweep()).toBe(1)
    expect(await list.see(busy)).toMatchObject({ state: 'waiting' })
    expect(await list.see(other)).toMatchObject({ state: 'offered' })
  })
})

test('when all happens at once, every time is somebody’s once, and nothing stays held for nobody', async () => {
  await using world = await createWorld()
  const list = await openWaitingList(world, { durationsMin: [60], stepMin: 60 })
  const wishes = await Promise.all(Array.from({ length: 12 }, (_, index) => list.wish(`Person${index}`)))
  const hours = Array.from({ length: 8 }, (_, index) => `${TUESDAY}T${String(9 + index).padStart(2, '0')}:00:00+01:00`)
  for (let round = 0; round < 3; round++) {
    await Promise.all([
      ...Array.from({ length: 3 }, () => list.sweep()),
      ...wishes.map((wish, index) => (index % 4 === round ? list.act(wish, 'decline') : list.take(wish))),
      ...hours.slice(round * 2, round * 2 + 2).map((start) => book(world, { service: 'day', start })),
    ])
  }
  world.clock.advance(30 * MINUTE_MS)
  await list.sweep()
  const starts = await world.sql<{ count: number }>(
    `select count(*)::int as count from booking where state = 'confirmed' group by starts_at`,
  )
  expect(starts.length).toBeGreaterThan(2)
  expect(starts.every(({ count }) => count === 1)).toBe(true)
  const wrong = await world.sql(
    `select w.id from wish w left join booking b on b.id = w.booking_id
     where (w.state = 'taken') <> (b.id is not null)
       or (w.state = 'offered') <> exists (select from wish_offer f join hold h on h.id = f.hold_id
         where f.wish_id = w.id and f.state = 'open' and h.starts_at = f.starts_at and h.expires_at = f.expires_at)`,
  )
  expect(wrong).toEqual([])
  const [held] = await world.sql(
    `select (select count(*)::int from hold where expires_at > $1) as holds,
       (select count(*)::int from wish_offer where state = 'open') as offers`,
    [new Date(world.clock.nowMs()).toISOString()],
  )
  expect(held?.['holds']).toBe(held?.['offers'])
})

test('a worker with two connections makes its offers', async () => {
  await using world = await createWorld()
  const list = await openWaitingList(world)
  await list.wish('Grace')
  const db = await openDatabase({ url: world.config.databaseUrl, poolSize: 2, onError: () => undefined })
  try {
    expect(await offerTimes(list.workerOf({ ...world, db }), world.organizationId)).toBe(1)
  } finally {
    await db.close()
  }
})

test('a wish whose last day has passed is over', async () => {
  await using world = await createWorld()
  const list = await openWaitingList(world)
  await list.bookDay()
  const wish = await list.wish('Grace')
  world.clock.set('2026-03-04T00:00:00+01:00')
  await list.sweep()
  expect(await list.see(wish)).toMatchObject({ state: 'expired' })
  expect(await list.trail(wish.id)).toEqual(['wish.created', 'wish.expired'])
  expect(await list.act(wish, 'withdraw')).toMatchObject({ status: 409, body: { code: 'wish.not_open' } })
})

test('a service that is no longer offered stands in the way of no other', async () => {
  await using world = await createWorld()
  const list = await openWaitingList(world)
  const gone = await list.wish('Grace', { service: 'treatment' })
  const wish = await list.wish('Edith')
  const url = `/api/v1/organizations/${world.slug}/services/${world.treatment.id}`
  expect(await world.inject({ method: 'DELETE', url, headers: list.office.headers })).toMatchObject({ statusCode: 204 })
  expect(await list.sweep()).toBe(1)
  expect(await list.see(gone)).toMatchObject({ state: 'waiting' })
  expect(await list.see(wish)).toMatchObject({ state: 'offered' })
})

test('another business offers its own times to its own people', async () => {
  await using world = await createWorld()
  const other = await world.addBusiness('other')
  const list = await openWaitingList(world)
  const wish = await list.wish('Grace')
  expect(await offerTimes(list.workerOf(), other.organizationId)).toBe(0)
  expect(await list.see(wish)).toMatchObject({ state: 'waiting' })
})
