import { describe, expect, test } from 'vitest'
import { book, fingerprint, slotsOn, TUESDAY } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'
import { openOffice } from '../../test/office.ts'
import type { Problem } from '../shared/schemas.ts'
import type { BookingDetail } from './bookings.schemas.ts'

const AT_TWO = `${TUESDAY}T14:00:00+01:00`
const AT_FOUR = `${TUESDAY}T16:00:00+01:00`

type Created = { booking: BookingDetail; token: string }

/** Books the course, which has three seats, for so many people. */
async function party(world: World, seats: number, email = 'grace@example.com', start = AT_TWO) {
  const { status, body } = await book(world, { service: 'course', start, seats, customer: { name: 'Grace', email } })
  expect(status).toBe(201)
  return body as Created
}

async function send<Body = BookingDetail & Problem>(
  world: World,
  path: string,
  payload: object,
  headers: Record<string, string> = {},
) {
  const answer = await world.inject({ method: 'POST', url: `/api/v1${path}`, payload, headers })
  return { status: answer.statusCode, body: answer.json<Body>() }
}

const byMember = ({ slug }: World, id: string, what: 'seats' | 'split') =>
  `/organizations/${slug}/bookings/${id}/${what}`
const byLink = ({ booking, token }: Created, what: 'seats' | 'split') =>
  `/bookings/${booking.id}/${what}?token=${token}`

async function seatsLeft(world: World, hour = '14:00'): Promise<number> {
  const slots = await slotsOn(world, { service: 'course' })
  return slots.find(({ start }) => start.slice(11, 16) === hour)?.seatsLeft ?? 0
}

/** For every booking, how many seats it says it has, and how many it has taken. */
const counted = (world: World) =>
  world.sql<{ said: number; taken: number }>(
    `select b.seats as said, (select count(*)::int from seat where booking_id = b.id) as taken from booking b
     where state <> 'cancelled' order by b.created_at, b.id`,
  )

describe('the seats of a party', () => {
  test('are given back one by one, by the customer, who pays for those that stay', async () => {
    await using world = await createWorld()
    await world.sql(`update service set price_minor = 2000 where slug = 'course'`)
    const booked = await party(world, 3)
    const { status, body } = await send(world, byLink(booked, 'seats'), { seats: 1 })
    expect({ status, seats: body.seats, price: body.priceMinor }).toEqual({ status: 200, seats: 1, price: 2000 })
    expect(await seatsLeft(world)).toBe(2)
    const told = await world.sql(
      `select audience, facts ->> 'seats' as seats, facts ->> 'priceMinor' as price from message
       where kind = 'booking.changed' order by audience`,
    )
    expect(told).toEqual([
      { audience: 'customer', seats: '1', price: '2000' },
      { audience: 'provider', seats: '1', price: '2000' },
    ])
    const events = await world.sql(`select detail from audit_event where action = 'booking.seats_changed'`)
    expect(events).toMatchObject([{ detail: { from: 3, to: 1 } }])
  })

  test('grow while there are more in the session, and are refused with other times when there are not', async () => {
    await using world = await createWorld()
    const headers = await world.signIn('provider')
    const { booking } = await party(world, 1)
    await party(world, 1, 'mary@example.com')
    expect((await send(world, byMember(world, booking.id, 'seats'), { seats: 2 }, headers)).body.seats).toBe(2)
    const before = await fingerprint(world)
    const { status, body } = await send(world, byMember(world, booking.id, 'seats'), { seats: 3 }, headers)
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'booking.slot_taken' })
    expect(body.alternatives?.length).toBeGreaterThan(0)
    expect(await fingerprint(world)).toBe(before)
  })

  test('that are held by somebody whose time has run out are free', async () => {
    await using world = await createWorld()
    const booked = await party(world, 1)
    await send(world, `/organizations/${world.slug}/holds`, { service: 'course', start: AT_TWO, seats: 2 })
    expect((await send(world, byLink(booked, 'seats'), { seats: 2 })).status).toBe(409)
    world.clock.advance(6 * 60_000)
    expect((await send(world, byLink(booked, 'seats'), { seats: 2 })).status).toBe(200)
  })

  test('stay as they are when the policy, the service or the state says so', async () => {
    await using world = await createWorld()
    const office = await openOffice(world)
    const booked = await party(world, 2)
    const single = (await book(world)).body as Created
    await office.patchService(world.course.id, { cancelNoticeMin: 7 * 1440, rescheduleNoticeMin: 7 * 1440 })
    const before = await fingerprint(world)
    const codeOf = async (asked: Promise<{ body: Problem }>) => (await asked).body.code
    expect(await codeOf(send(world, byLink(booked, 'seats'), { seats: 1 }))).toBe('booking.too_late')
    expect(await codeOf(send(world, byLink(booked, 'seats'), { seats: 3 }))).toBe('booking.too_late')
    expect(await codeOf(send(world, byLink(booked, 'split'), { seats: 1, start: AT_FOUR }))).toBe('booking.too_late')
    expect(await codeOf(send(world, byLink(single, 'seats'), { seats: 2 }))).toBe('booking.no_seats')
    expect(await codeOf(send(world, byLink(booked, 'seats'), { seats: 0 }))).toBe('request.invalid')
    const { headers } = office
    expect(await codeOf(send(world, byMember(world, booked.booking.id, 'seats'), { seats: 4 }, headers))).toBe(
      'request.invalid',
    )
    expect(await fingerprint(world)).toBe(before)
    await world.inject({
      method: 'DELETE',
      url: `/api/v1/organizations/${world.slug}/bookings/${booked.booking.id}`,
      headers,
    })
    expect(await codeOf(send(world, byMember(world, booked.booking.id, 'seats'), { seats: 1 }, headers))).toBe(
      'booking.not_active',
    )
  })
})

describe('some of a party', () => {
  test('go to another time with a booking and a link of their own', async () => {
    await using world = await createWorld()
    const booked = await party(world, 3)
    const { status, body } = await send<Created>(world, byLink(booked, 'split'), { seats: 1, start: AT_FOUR })
    expect(status).toBe(201)
    expect(body.booking).toMatchObject({ seats: 1, start: '2026-03-03T15:00:00Z', state: 'confirmed' })
    expect([await seatsLeft(world, '14:00'), await seatsLeft(world, '16:00')]).toEqual([1, 2])
    const own = await world.inject({ url: `/api/v1/bookings/${body.booking.id}?token=${body.token}` })
    expect(own.json()).toMatchObject({ customer: { email: 'grace@example.com' }, seats: 1 })
    const kinds = await world.sql(`select kind from message where audience = 'customer' order by kind`)
    expect(kinds.map(({ kind }) => kind)).toEqual(['booking.changed', 'booking.confirmation', 'booking.confirmation'])
  })

  test('stay where they are when the other time is full, and all of them are moved as a booking is', async () => {
    await using world = await createWorld()
    const booked = await party(world, 3)
    await party(world, 3, 'mary@example.com', AT_FOUR)
    const before = await fingerprint(world)
    const full = await send<Problem>(world, byLink(booked, 'split'), { seats: 1, start: AT_FOUR })
    expect({ status: full.status, code: full.body.code }).toEqual({ status: 409, code: 'booking.slot_taken' })
    expect((await send(world, byLink(booked, 'split'), { seats: 3, start: AT_FOUR })).status).toBe(400)
    expect((await send(world, byLink(booked, 'split'), { seats: 1, start: AT_TWO })).status).toBe(400)
    expect(await fingerprint(world)).toBe(before)
  })

  test('sent twice, go once', async () => {
    await using world = await createWorld()
    const booked = await party(world, 3)
    const key = { 'idempotency-key': 'one-of-us-goes' }
    const asked = { seats: 1, start: AT_FOUR }
    const first = await send<Created>(world, byLink(booked, 'split'), asked, key)
    const second = await send<Created>(world, byLink(booked, 'split'), asked, key)
    expect(second).toEqual(first)
    expect(await counted(world)).toEqual([
      { said: 2, taken: 2 },
      { said: 1, taken: 1 },
    ])
  })
})

test('however many change seats at once, no session has more of them than it has, and every booking has those it says', async () => {
  await using world = await createWorld()
  const other = await world.addInstance()
  const parties = [
    await party(world, 1),
    await party(world, 1, 'mary@example.com'),
    await party(world, 2, 'ida@example.com', AT_FOUR),
  ]
  const answers = await Promise.all(
    Array.from({ length: 60 }, async (_, index) => {
      const one = parties[index % parties.length] ?? expect.unreachable('There are parties')
      const instance = index % 2 === 0 ? world : { ...world, inject: other.inject }
      const what = index % 5
      if (what === 4) return send(instance, byLink(one, 'split'), { seats: 1, start: index % 4 < 2 ? AT_TWO : AT_FOUR })
      return send(instance, byLink(one, 'seats'), { seats: (what % 3) + 1 })
    }),
  )
  expect(answers.every(({ status }) => [200, 201, 400, 409].includes(status))).toBe(true)
  expect(answers.filter(({ status }) => status < 300).length).toBeGreaterThan(0)
  for (const { said, taken } of await counted(world)) expect(taken).toBe(said)
  const sessions = await world.sql<{ capacity: number; taken: number }>(
    `select s.capacity, (select count(*)::int from seat where session_id = s.id) as taken from group_session s`,
  )
  for (const { capacity, taken } of sessions) expect(taken).toBeLessThanOrEqual(capacity)
})
