import { describe, expect, test } from 'vitest'
import { claimsIn } from '../../test/office.ts'
import { book, slotsOn, timesOf, TUESDAY } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'
import { fieldsOf } from '../services/caller.fixture.ts'
import { createLinkSigner } from '../shared/link-token.ts'
import { NINE, openWaitingList } from './waiting.fixture.ts'

const MINUTE_MS = 60_000
const THURSDAY = '2026-03-05'

/** A list on which somebody was just offered Tuesday. */
async function openWithOffer(world: World, service: object = {}) {
  const list = await openWaitingList(world, service)
  const wish = await list.wish('Grace')
  expect(await list.sweep()).toBe(1)
  return { ...list, wished: wish }
}

const bookingsOf = (world: World) =>
  world.sql<{ name: string; state: string }>(`select customer_name as name, state from booking order by created_at, id`)

describe('joining the list', () => {
  test('answers with what was asked for, and the link to it', async () => {
    await using world = await createWorld()
    const list = await openWaitingList(world)
    const { status, body } = await list.send('POST', `/organizations/${world.slug}/wishes`, {
      ...{
        service: 'day',
        from: TUESDAY,
        until: '2026-03-10',
        weekdays: [5, 2],
        fromTime: '08:30',
        untilTime: '24:00',
      },
      ...{ providers: [world.ada.id], customer: { name: ' Grace ', email: 'grace@example.com' } },
    })
    expect({ status, wish: body.wish }).toMatchObject({
      status: 201,
      wish: {
        ...{
          state: 'waiting',
          from: TUESDAY,
          until: '2026-03-10',
          weekdays: [2, 5],
          fromTime: '08:30',
          untilTime: '24:00',
        },
        ...{ providers: [{ name: 'Ada' }], duration: 480, seats: 1, offer: null, earlierThan: null },
        ...{ customer: { name: 'Grace', email: 'grace@example.com' }, timeZone: 'Europe/Berlin' },
      },
    })
    expect(body.url).toBe(`http://localhost:5000/wish/${body.wish.id}?token=${body.token}`)
    expect(await list.see({ id: body.wish.id, token: body.token })).toEqual(body.wish)
  })

  test('sent again with its key is done once, and with another body refused', async () => {
    await using world = await createWorld()
    const list = await openWaitingList(world)
    const join = (until: string) =>
      list.send(
        ...(['POST', `/organizations/${world.slug}/wishes`] as const),
        { service: 'day', from: TUESDAY, until, customer: { name: 'Grace', email: 'grace@example.com' } },
        { 'idempotency-key': 'join-it-once' },
      )
    const answers = await Promise.all([join(TUESDAY), join(TUESDAY), join(TUESDAY)])
    expect(new Set(answers.map(({ body }) => body.token)).size).toBe(1)
    expect(new Set(answers.map(({ body }) => body.wish.id)).size).toBe(1)
    expect(await world.sql(`select 1 from wish`)).toHaveLength(1)
    expect(await join(THURSDAY)).toMatchObject({ status: 422, body: { code: 'idempotency.key_reused' } })
  })

  test.each([
    ['until', { until: '2026-03-02' }],
    ['until', { from: '2026-02-02', until: '2026-03-01' }],
    ['until', { until: '2027-03-05' }],
    ['until', { until: '2026-02-30' }],
    ['from', { from: '2026-13-01' }],
    ['untilTime', { fromTime: '12:00', untilTime: '12:00' }],
    ['untilTime', { untilTime: '24:30' }],
    ['weekdays', { weekdays: [] }],
    ['weekdays.0', { weekdays: [8] }],
    ['duration', { duration: 45 }],
    ['seats', { seats: 2 }],
    ['customer.timeZone', { customer: { name: 'A', email: 'a@example.com', timeZone: 'X' } }],
    ['customer.email', { customer: { name: 'A', email: 'none' } }],
  ])('is refused with the field %s named: %j', async (field, changes) => {
    await using world = await createWorld()
    const list = await openWaitingList(world)
    const asked = { service: 'day', from: TUESDAY, until: TUESDAY, customer: { name: 'A', email: 'a@example.com' } }
    const { status, body } = await list.send('POST', `/organizations/${world.slug}/wishes`, { ...asked, ...changes })
    expect({ status, fields: fieldsOf(body) }).toEqual({
      status: 400,
      fields: [field.replace('customer.timeZone', 'timeZone')],
    })
  })

  test('takes no service or provider that is not there, or of another business', async () => {
    await using world = await createWorld()
    const other = await world.addBusiness('other')
    const list = await openWaitingList(world)
    const customer = { name: 'A', email: 'a@example.com' }
    const join = (changes: object) =>
      list.send('POST', `/organizations/${world.slug}/wishes`, { from: TUESDAY, until: TUESDAY, customer, ...changes })
    expect(await join({ service: other.course.id })).toMatchObject({ status: 404, body: { code: 'service.not_found' } })
    expect(await join({ service: 'day', providers: [other.ada.id] })).toMatchObject({
      status: 404,
      body: { code: 'provider.not_found' },
    })
  })

  test('is possible for ten times at once, not more', async () => {
    await using world = await createWorld()
    const list = await openWaitingList(world)
    const asked = { service: 'day', from: TUESDAY, until: TUESDAY, customer: { name: 'A', email: 'a@example.com' } }
    const join = async () => (await list.send('POST', `/organizations/${world.slug}/wishes`, asked)).status
    const statuses = await Promise.all(Array.from({ length: 12 }, join))
    expect(statuses.toSorted()).toEqual([...Array.from({ length: 10 }, () => 201), 409, 409])
  })
})

describe('the link', () => {
  test('is good for its own wish alone', async () => {
    await using world = await createWorld()
    const list = await openWaitingList(world)
    const [one, other] = [await list.wish('Grace'), await list.wish('Edith')]
    const booking = await list.bookDay()
    const invalid = { status: 403, body: { code: 'wish.link_invalid' } }
    const foreign = createLinkSigner(world.config.secretKey, 'wish link')
    const tokens = [
      ...[other.token, booking.token, 'A'.repeat(56)],
      foreign.sign({ organizationId: world.course.id, bookingId: one.id, version: 1 }),
    ]
    for (const token of tokens) {
      expect(await list.send('GET', `/wishes/${one.id}?token=${token}`)).toMatchObject(invalid)
      for (const action of ['take', 'decline', 'withdraw'])
        expect(await list.act({ id: one.id, token }, action, action === 'take' ? {} : undefined)).toMatchObject(invalid)
    }
    expect(await list.send('GET', `/bookings/${booking.id}?token=${one.token}`)).toMatchObject({ status: 403 })
  })
})

describe('an offer', () => {
  test('that is taken is a booking with its own link, confirmed by mail', async () => {
    await using world = await createWorld()
    const list = await openWithOffer(world)
    const { status, body } = await list.take(list.wished)
    expect({ status, wish: body.wish }).toMatchObject({ status: 200, wish: { state: 'taken', offer: null } })
    expect(await bookingsOf(world)).toEqual([{ name: 'Grace', state: 'confirmed' }])
    const { pathname, searchParams } = new URL(body.manageUrl)
    const seen = await list.send('GET', `/bookings/${pathname.slice(9)}?token=${searchParams.get('token') ?? ''}`)
    expect(seen).toMatchObject({ status: 200, body: { start: '2026-03-03T08:00:00Z', customer: { name: 'Grace' } } })
    expect(await world.sql(`select 1 from hold`)).toEqual([])
    expect(await claimsIn(world)).toEqual(['Ada 09:00-17:00 +0 +0'])
    expect(await list.trail(list.wished.id)).toEqual(['wish.created', 'wish.offered', 'wish.taken'])
    expect(await world.sql(`select kind from message where audience = 'customer' and booking_id is not null`)).toEqual([
      { kind: 'booking.confirmation' },
    ])
  })

  test('that is taken many times at once is one booking, and everybody is told of it', async () => {
    await using world = await createWorld()
    const list = await openWithOffer(world)
    const answers = await Promise.all(Array.from({ length: 6 }, () => list.take(list.wished)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200])
    expect(new Set(answers.map(({ body }) => body.manageUrl)).size).toBe(1)
    expect(await bookingsOf(world)).toHaveLength(1)
    expect(await list.take(list.wished, {}, { 'idempotency-key': 'take-it-once' })).toMatchObject({ status: 200 })
    expect(await list.take(list.wished, { answers: {} }, { 'idempotency-key': 'take-it-once' })).toMatchObject({
      status: 422,
      body: { code: 'idempotency.key_reused' },
    })
  })

  test('that was taken by a process that ended there and then is found taken later', async () => {
    await using world = await createWorld()
    const list = await openWithOffer(world)
    await list.take(list.wished)
    await world.sql(`update wish set state = 'offered', booking_id = null`)
    await world.sql(`update wish_offer set state = 'open'`)
    world.clock.advance(30 * MINUTE_MS)
    expect(await list.sweep()).toBe(0)
    expect(await list.see(list.wished)).toMatchObject({ state: 'taken' })
    expect(await bookingsOf(world)).toHaveLength(1)
  })

  test('takes the answers that the service asks for', async () => {
    await using world = await createWorld()
    const questions = [{ id: 'why', label: 'Why?', kind: 'text', required: true }]
    const list = await openWithOffer(world, { questions })
    const refused = await list.take(list.wished)
    expect({ status: refused.status, fields: fieldsOf(refused.body) }).toEqual({ status: 400, fields: ['answers.why'] })
    expect(await list.see(list.wished)).toMatchObject({ state: 'offered' })
    expect(await list.take(list.wished, { answers: { why: 'A tooth' } })).toMatchObject({ status: 200 })
  })

  test('leaves nothing held when the service takes requests that leave their time to others', async () => {
    await using world = await createWorld()
    const list = await openWithOffer(world, { approval: 'open' })
    expect(await list.take(list.wished)).toMatchObject({ status: 200 })
    expect(await bookingsOf(world)).toEqual([{ name: 'Grace', state: 'pending' }])
    expect(await world.sql(`select 1 from hold`)).toEqual([])
  })

  test('that is declined goes to the next, and the wish stays', async () => {
    await using world = await createWorld()
    const list = await openWithOffer(world)
    const next = await list.wish('Edith')
    const answer = await list.act(list.wished, 'decline', undefined, { 'idempotency-key': 'decline-once' })
    expect(answer).toMatchObject({ status: 200, body: { state: 'waiting', offer: null } })
    expect(await list.act(list.wished, 'decline', undefined, { 'idempotency-key': 'decline-once' })).toMatchObject({
      status: 200,
    })
    expect(await list.act(list.wished, 'decline')).toMatchObject({ status: 409, body: { code: 'wish.offer_over' } })
    expect(timesOf(await slotsOn(world, { service: 'day' }))).toEqual(['09:00'])
    expect(await list.sweep()).toBe(1)
    expect(await list.see(next)).toMatchObject({ state: 'offered' })
    expect(await list.trail(list.wished.id)).toEqual(['wish.created', 'wish.offered', 'wish.offer_declined'])
  })

  test('is over for whoever withdraws, and free for others at once', async () => {
    await using world = await createWorld()
    const list = await openWithOffer(world)
    expect(await list.act(list.wished, 'withdraw')).toMatchObject({
      status: 200,
      body: { state: 'withdrawn', offer: null },
    })
    expect(await list.take(list.wished)).toMatchObject({ status: 409, body: { code: 'wish.not_open' } })
    expect(await list.act(list.wished, 'withdraw')).toMatchObject({ status: 409, body: { code: 'wish.not_open' } })
    expect(await book(world, { service: 'day', start: NINE })).toMatchObject({ status: 201 })
    expect(await list.sweep()).toBe(0)
    expect(await list.trail(list.wished.id)).toEqual(['wish.created', 'wish.offered', 'wish.withdrawn'])
  })

  test('that is taken and withdrawn at once leaves a booking or a free time, and nothing held', async () => {
    await using world = await createWorld()
    const list = await openWithOffer(world)
    await Promise.all([list.take(list.wished), list.act(list.wished, 'withdraw')])
    const [{ state } = { state: '' }] = await world.sql<{ state: string }>(`select state from wish`)
    expect(await bookingsOf(world)).toHaveLength(state === 'taken' ? 1 : 0)
    expect(await world.sql(`select 1 from hold`)).toEqual([])
    expect(await world.sql(`select 1 from wish_offer where state = 'open'`)).toEqual([])
  })
})

describe('an earlier time for a booking', () => {
  /** Somebody is booked on Thursday, and asks for an earlier day. */
  async function openEarlier(world: World, service: object = {}) {
    const list = await openWaitingList(world, service)
    const tuesday = await list.bookDay(TUESDAY, 'First')
    await list.bookDay('2026-03-04', 'Second')
    const booking = await list.bookDay(THURSDAY, 'Grace')
    const ask = (payload: object = {}) =>
      list.send('POST', `/bookings/${booking.id}/earlier?token=${booking.token}`, payload)
    return { ...list, tuesday, booking, ask }
  }

  test('moves the booking when it is taken, and frees the time it had', async () => {
    await using world = await createWorld()
    const list = await openEarlier(world)
    const { status, body } = await list.ask()
    expect({ status, wish: body.wish }).toMatchObject({
      status: 201,
      wish: { from: '2026-03-02', until: THURSDAY, earlierThan: '2026-03-05T08:00:00Z', duration: 480 },
    })
    const link = { id: body.wish.id, token: body.token }
    expect(await list.sweep()).toBe(0)
    await list.cancel(list.tuesday)
    expect(await list.sweep()).toBe(1)
    const taken = await list.take(link)
    expect(taken).toMatchObject({ status: 200, body: { wish: { state: 'taken' } } })
    expect(taken.body.manageUrl).toContain(`/booking/${list.booking.id}?token=${list.booking.token}`)
    const moved = await list.send('GET', `/bookings/${list.booking.id}?token=${list.booking.token}`)
    expect(moved.body).toMatchObject({ start: '2026-03-03T08:00:00Z', state: 'confirmed' })
    expect(timesOf(await slotsOn(world, { service: 'day', date: THURSDAY }))).toEqual(['09:00'])
    expect(await world.sql(`select 1 from hold`)).toEqual([])
    expect(await list.take(link)).toMatchObject({ status: 200 })
    expect(await list.trail(list.booking.id)).toEqual(['booking.created', 'booking.moved'])
  })

  test('keeps the time for the booking while the offer is open, though others want it', async () => {
    await using world = await createWorld()
    const list = await openEarlier(world)
    const { body } = await list.ask()
    await list.cancel(list.tuesday)
    await list.sweep()
    const others = Array.from({ length: 5 }, () => book(world, { service: 'day', start: NINE }))
    const [taken, ...refused] = await Promise.all([list.take({ id: body.wish.id, token: body.token }), ...others])
    expect(taken).toMatchObject({ status: 200 })
    expect(refused.map(({ status }) => status)).toEqual([409, 409, 409, 409, 409])
  })

  test('is asked for once at a time, and not for a booking that is off or can no longer move', async () => {
    await using world = await createWorld()
    const list = await openEarlier(world, { rescheduleNoticeMin: 24 * 60 })
    const { body } = await list.ask()
    expect(await list.ask()).toMatchObject({ status: 409, body: { code: 'wish.already_waiting' } })
    await list.act({ id: body.wish.id, token: body.token }, 'withdraw')
    world.clock.set('2026-03-04T08:00:01Z')
    expect(await list.ask()).toMatchObject({ status: 409, body: { code: 'booking.too_late' } })
    world.clock.set('2026-03-04T07:00:00Z')
    await list.cancel(list.booking)
    expect(await list.ask()).toMatchObject({ status: 409, body: { code: 'booking.not_active' } })
  })

  test('is offered no later than the booking can be moved, and the wish is over after that', async () => {
    await using world = await createWorld({ now: '2026-03-02T08:00:00Z' })
    const list = await openEarlier(world, { rescheduleNoticeMin: 48 * 60 })
    const { body } = await list.ask()
    const link = { id: body.wish.id, token: body.token }
    await list.cancel(list.tuesday)
    world.clock.set('2026-03-03T07:00:00Z')
    await list.sweep()
    expect(await list.see(link)).toMatchObject({ state: 'offered' })
    world.clock.set('2026-03-03T08:00:01Z')
    await list.sweep()
    expect(await list.see(link)).toMatchObject({ state: 'expired' })
  })

  test('is over when the booking is cancelled', async () => {
    await using world = await createWorld()
    const list = await openEarlier(world)
    const { body } = await list.ask()
    await list.cancel(list.booking)
    await list.sweep()
    expect(await list.see({ id: body.wish.id, token: body.token })).toMatchObject({ state: 'expired' })
  })
})

describe('members', () => {
  test('see who waits, in their order, with all they were offered, page by page', async () => {
    await using world = await createWorld()
    const list = await openWithOffer(world)
    await list.wish('Edith')
    await list.wish('Mary', { service: 'course' })
    world.clock.advance(30 * MINUTE_MS)
    await list.sweep()
    const get = async (query: string) =>
      (
        await world.inject({ url: `/api/v1/organizations/${world.slug}/wishes?${query}`, headers: list.office.headers })
      ).json()
    const first = await get('limit=2')
    expect(first.items).toMatchObject([
      { customer: { name: 'Grace' }, state: 'waiting', offers: [{ state: 'lapsed', provider: { name: 'Ada' } }] },
      { customer: { name: 'Edith' }, state: 'offered', offers: [{ state: 'open' }] },
    ])
    const second = await get(`limit=2&cursor=${first.nextCursor}`)
    expect(second.items).toMatchObject([{ customer: { name: 'Mary' } }])
    expect((await get(`service=${list.serviceId}&state=waiting`)).items).toMatchObject([
      { customer: { name: 'Grace' } },
    ])
  })

  test('take somebody off the list, of their own business only', async () => {
    await using world = await createWorld()
    const list = await openWithOffer(world)
    const other = await world.addBusiness('other')
    const stranger = await world.signIn('owner', other.organizationId)
    const withdraw = (slug: string, headers: { cookie: string }) =>
      list.send('POST', `/organizations/${slug}/wishes/${list.wished.id}/withdraw`, undefined, headers)
    expect(await withdraw('other', stranger)).toMatchObject({ status: 404, body: { code: 'wish.not_found' } })
    expect(await withdraw(world.slug, list.office.headers)).toMatchObject({
      status: 200,
      body: { state: 'withdrawn', offers: [{ state: 'declined' }] },
    })
    const [event] = await world.sql(`select actor_kind, detail from audit_event where action = 'wish.withdrawn'`)
    expect(event).toEqual({ actor_kind: 'member', detail: {} })
    expect(timesOf(await slotsOn(world, { service: 'day' }))).toEqual(['09:00'])
  })

  test('who remove a customer remove what they wished for', async () => {
    await using world = await createWorld()
    await openWithOffer(world)
    await world.sql(`delete from customer where email = 'grace@example.com'`)
    expect(await world.sql(`select 1 from wish union all select 1 from wish_offer`)).toEqual([])
  })
})
