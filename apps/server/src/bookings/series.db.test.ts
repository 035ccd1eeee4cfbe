import { describe, expect, test } from 'vitest'
import { openOffice } from '../../test/office.ts'
import { book, fingerprint, slotsOn, timesOf } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'
import type { Problem } from '../shared/schemas.ts'
import type { BundleView, SeriesCreated } from './bundle.schemas.ts'

const GRACE = { name: 'Grace Hopper', email: 'grace@example.com', timeZone: 'Europe/Berlin', locale: 'en' }
const TUESDAYS = { start: '2026-03-03T10:00', rule: 'FREQ=WEEKLY;COUNT=4', customer: GRACE }

/** Sends what a member asks for, and gives the answer. */
async function ask<Body>(world: World, headers: object, path: string, payload?: object) {
  const url = `/api/v1/organizations/${world.slug}${path}`
  const answer = await world.inject({
    method: payload ? 'POST' : 'GET',
    url,
    headers: { ...headers },
    ...(payload && { payload }),
  })
  return { status: answer.statusCode, body: answer.json<Body>() }
}

const bookSeries = (world: World, headers: object, changes: object = {}, service = 'consultation') =>
  ask<SeriesCreated & Problem>(world, headers, `/services/${service}/series/bookings`, { ...TUESDAYS, ...changes })

async function take(world: World, start: string, people = 2): Promise<void> {
  for (let index = 0; index < people; index++) {
    const customer = { name: 'Clara', email: `clara${index}-${start}@example.com`.replaceAll(/[:+]/g, '') }
    expect((await book(world, { start, customer })).status).toBe(201)
  }
}

const startsOf = ({ bookings }: { bookings: { start: string; state?: string }[] }) => bookings.map(({ start }) => start)
const datesOf = (made: { bookings: { start: string }[] }) => startsOf(made).map((start) => start.slice(5, 16))

describe('a series', () => {
  test('is booked whole, by one provider, with one mail to each side that names every time', async () => {
    await using world = await createWorld()
    const headers = await world.signIn('manager')
    const { status, body } = await bookSeries(world, headers, { rule: 'FREQ=WEEKLY;COUNT=5' })
    expect(status).toBe(201)
    expect(startsOf(body)).toEqual([
      '2026-03-03T09:00:00Z',
      '2026-03-10T09:00:00Z',
      '2026-03-17T09:00:00Z',
      '2026-03-24T09:00:00Z',
      '2026-03-31T08:00:00Z',
    ])
    expect(new Set(body.bookings.map(({ provider }) => provider.id)).size).toBe(1)
    expect(body.bookings.every(({ state }) => state === 'confirmed')).toBe(true)
    const messages = await world.sql<{ audience: string; times: number }>(
      `select audience, jsonb_array_length(facts -> 'others') as times from message order by audience`,
    )
    expect(messages).toEqual([
      { audience: 'customer', times: 4 },
      { audience: 'provider', times: 4 },
    ])
    const [counted] = await world.sql(
      `select (select count(*)::int from claim) as claims, (select count(*)::int from customer) as customers,
         (select count(*)::int from audit_event where action = 'booking.created' and detail ->> 'bundle' = $1) as events`,
      [body.id],
    )
    expect(counted).toEqual({ claims: 5, customers: 1, events: 5 })
  })

  test('of which a time is taken is refused with the nearest free times, and nothing is changed', async () => {
    await using world = await createWorld()
    const headers = await world.signIn('manager')
    await take(world, '2026-03-10T10:00:00+01:00')
    const before = await fingerprint(world)
    const { status, body } = await bookSeries(world, headers)
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'booking.bundle_refused' })
    expect(body.detail).toContain('1 of 4')
    expect(body.refused).toMatchObject([
      { start: '2026-03-10T09:00:00Z', reason: 'taken', message: 'This time is taken.' },
    ])
    expect(body.refused?.[0]?.alternatives).toHaveLength(3)
    expect(await fingerprint(world)).toBe(before)
  })

  test('is booked without what is taken, or with the nearest times, when that was asked for', async () => {
    await using world = await createWorld()
    const headers = await world.signIn('manager')
    await take(world, '2026-03-10T10:00:00+01:00')
    const thinned = await bookSeries(world, headers, { onConflict: 'skip', provider: world.ada.id })
    expect(thinned.status).toBe(201)
    expect(datesOf(thinned.body)).toEqual(['03-03T09:00', '03-17T09:00', '03-24T09:00'])
    expect(thinned.body.left).toMatchObject([{ start: '2026-03-10T09:00:00Z', reason: 'taken' }])
    const near = await bookSeries(world, headers, { onConflict: 'nearest', provider: world.ben.id })
    expect(near.status).toBe(201)
    expect(datesOf(near.body)[0]).toBe('03-03T09:00')
    expect(datesOf(near.body)).toHaveLength(4)
    expect(datesOf(near.body)[1]?.slice(0, 5)).toBe('03-10')
    expect(near.body.left).toHaveLength(1)
  })

  test('takes the times that were chosen instead, and refuses those that are none of it', async () => {
    await using world = await createWorld()
    const headers = await world.signIn('manager')
    await take(world, '2026-03-10T10:00:00+01:00')
    const instead = [{ start: '2026-03-10T10:00:00+01:00', instead: '2026-03-11T11:00:00+01:00' }]
    const { status, body } = await bookSeries(world, headers, { instead })
    expect(status).toBe(201)
    expect(datesOf(body)).toEqual(['03-03T09:00', '03-11T10:00', '03-17T09:00', '03-24T09:00'])
    const strange = [{ start: '2026-03-12T10:00:00+01:00', instead: '2026-03-12T11:00:00+01:00' }]
    expect((await bookSeries(world, headers, { instead: strange })).body.errors).toMatchObject([{ field: 'instead' }])
  })

  test('counts against limits with all its times', async () => {
    await using world = await createWorld()
    const office = await openOffice(world)
    await office.patchService(world.consultation.id, { limits: [{ of: 'customer', per: 'week', maxCount: 2 }] })
    const rule = 'FREQ=DAILY;COUNT=3'
    const whole = await bookSeries(world, office.headers, { rule })
    expect(whole.status).toBe(409)
    expect(whole.body.refused).toMatchObject([{ start: '2026-03-05T09:00:00Z', reason: 'limit' }])
    const thinned = await bookSeries(world, office.headers, { rule, onConflict: 'skip' })
    expect(datesOf(thinned.body)).toEqual(['03-03T09:00', '03-04T09:00'])
  })

  test('takes seats of the sessions of a course, opening those that nobody has opened', async () => {
    await using world = await createWorld()
    const headers = await world.signIn('manager')
    const [slot] = await slotsOn(world, { service: 'course' })
    const start = slot?.start.slice(0, 16) ?? ''
    const rule = 'FREQ=WEEKLY;COUNT=2'
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        bookSeries(world, headers, { start, rule, customer: { name, email: `${name}@example.com` } }, 'course'),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    const seats = await world.sql(`select count(*)::int as taken from seat group by session_id`)
    expect(seats).toEqual([{ taken: 3 }, { taken: 3 }])
  })

  test('that many want at the same moment goes to as many as there are people, whole or not at all', async () => {
    await using world = await createWorld()
    const other = await world.addInstance()
    const headers = await world.signIn('manager')
    const answers = await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        const customer = { name: 'N', email: `n${index}@example.com` }
        const instance = index % 2 === 0 ? world : { ...world, inject: other.inject }
        return bookSeries(instance, headers, { customer, rule: 'FREQ=WEEKLY;COUNT=8' })
      }),
    )
    const won = answers.filter(({ status }) => status === 201)
    expect(won).toHaveLength(2)
    expect(won.every(({ body }) => body.bookings.length === 8)).toBe(true)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(8)
    const [counted] = await world.sql(
      `select (select count(*)::int from booking) as bookings, (select count(*)::int from bundle) as bundles`,
    )
    expect(counted).toEqual({ bookings: 16, bundles: 2 })
  })

  test('sent twice is booked once', async () => {
    await using world = await createWorld()
    const headers = { ...(await world.signIn('manager')), 'idempotency-key': 'the-same-series' }
    const [first, second] = [await bookSeries(world, headers), await bookSeries(world, headers)]
    expect(second).toEqual(first)
    const [counted] = await world.sql(`select count(*)::int as bookings from booking`)
    expect(counted).toEqual({ bookings: 4 })
  })

  test.each([
    ['a rule without an end', { rule: 'FREQ=WEEKLY' }],
    ['a rule that is none', { rule: 'now and then' }],
    ['a duration that the service does not have', { duration: 17 }],
    ['somebody who does not serve it', { provider: '0190aaaa-0000-7000-8000-000000000000' }],
    ['a zone that is none', { timeZone: 'Mars/Olympus' }],
    ['the same time chosen twice', { instead: [{ start: '2026-03-10T09:00:00Z', instead: '2026-03-03T09:00:00Z' }] }],
  ])('with %s is refused, and nothing is changed', async (_, changes) => {
    await using world = await createWorld()
    const headers = await world.signIn('manager')
    const before = await fingerprint(world)
    const { status } = await bookSeries(world, headers, changes)
    expect([400, 404]).toContain(status)
    expect(await fingerprint(world)).toBe(before)
  })
})

describe('bookings of a series', () => {
  async function booked(world: World, changes: object = {}) {
    const headers = await world.signIn('manager')
    const { body } = await bookSeries(world, headers, changes)
    const change = (what: 'cancel' | 'move', payload: object) =>
      ask<BundleView & Problem>(world, headers, `/bundles/${body.id}/${what}`, payload)
    return { headers, id: body.id, ids: body.bookings.map(({ id }) => id), change }
  }

  test('are cancelled from one on, with one mail to each side, and the others stay', async () => {
    await using world = await createWorld()
    const { ids, change } = await booked(world)
    const { status, body } = await change('cancel', { from: ids[2], scope: 'following', reason: 'Moved away' })
    expect(status).toBe(200)
    expect(body.bookings.map(({ state }) => state)).toEqual(['confirmed', 'confirmed', 'cancelled', 'cancelled'])
    expect(
      timesOf(await slotsOn(world, { date: '2026-03-24', query: `&provider=${body.bookings[0]?.provider.id}` })),
    ).toContain('10:00')
    const messages = await world.sql(
      `select audience, facts ->> 'cancelReason' as reason, jsonb_array_length(facts -> 'others') as others
       from message where kind = 'booking.cancelled' order by audience`,
    )
    expect(messages).toEqual([
      { audience: 'customer', reason: 'Moved away', others: 1 },
      { audience: 'provider', reason: 'Moved away', others: 1 },
    ])
    expect(
      (await change('cancel', { from: ids[2], scope: 'all' })).body.bookings.every(
        ({ state }) => state === 'cancelled',
      ),
    ).toBe(true)
    expect((await change('cancel', { from: ids[2], scope: 'all' })).body.code).toBe('booking.not_active')
  })

  test('move together by the clock, over a change of it, and into the times they leave', async () => {
    await using world = await createWorld()
    const { ids, change } = await booked(world, { rule: 'FREQ=WEEKLY;COUNT=5', provider: world.ada.id })
    const { status, body } = await change('move', {
      from: ids[1],
      scope: 'following',
      start: '2026-03-17T10:00:00+01:00',
    })
    expect(status).toBe(200)
    expect(startsOf(body)).toEqual([
      '2026-03-03T09:00:00Z',
      '2026-03-17T09:00:00Z',
      '2026-03-24T09:00:00Z',
      '2026-03-31T08:00:00Z',
      '2026-04-07T08:00:00Z',
    ])
    const later = await change('move', { from: ids[0], scope: 'all', start: '2026-03-03T14:30:00+01:00' })
    expect(startsOf(later.body).map((start) => start.slice(11, 16))).toEqual([
      '13:30',
      '13:30',
      '13:30',
      '12:30',
      '12:30',
    ])
    const [told] = await world.sql<{ mails: number }>(
      `select count(*)::int as mails from message where kind = 'booking.rescheduled' and audience = 'customer'`,
    )
    expect(told).toEqual({ mails: 2 })
  })

  test('stay where they are when one of the new times is taken, and it is named', async () => {
    await using world = await createWorld()
    const { ids, change } = await booked(world)
    await take(world, '2026-03-24T14:00:00+01:00')
    const before = await fingerprint(world)
    const { status, body } = await change('move', { from: ids[0], scope: 'all', start: '2026-03-03T14:00:00+01:00' })
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'booking.bundle_refused' })
    expect(body.refused).toMatchObject([{ start: '2026-03-24T13:00:00Z', reason: 'taken' }])
    expect(await fingerprint(world)).toBe(before)
  })

  test('that are over stay as they were', async () => {
    await using world = await createWorld()
    const { ids, change } = await booked(world)
    world.clock.set('2026-03-12T12:00:00Z')
    const { body } = await change('cancel', { from: ids[0], scope: 'all' })
    expect(body.bookings.map(({ state }) => state)).toEqual(['confirmed', 'confirmed', 'cancelled', 'cancelled'])
  })

  test('of another business are not found, nor is a booking of another series', async () => {
    await using world = await createWorld()
    const { headers, id, ids } = await booked(world)
    const stranger = await world.addBusiness('elsewhere')
    const theirs = await world.signIn('owner', stranger.organizationId)
    const elsewhere = { ...world, slug: stranger.slug }
    expect((await ask(elsewhere, theirs, `/bundles/${id}`)).status).toBe(404)
    expect((await ask(elsewhere, theirs, `/bundles/${id}/cancel`, { from: ids[0], scope: 'all' })).status).toBe(404)
    const other = await bookSeries(world, headers, { start: '2026-03-04T12:00' })
    const mixed = await ask<Problem>(world, headers, `/bundles/${id}/cancel`, {
      from: other.body.bookings[0]?.id,
      scope: 'all',
    })
    expect(mixed.body.code).toBe('booking.not_found')
  })

  test('know each other, and each can be cancelled alone', async () => {
    await using world = await createWorld()
    const { headers, id, ids } = await booked(world)
    const url = `/api/v1/organizations/${world.slug}/bookings/${ids[1]}`
    expect((await world.inject({ url, headers })).json()).toMatchObject({ bundleId: id })
    expect((await world.inject({ method: 'DELETE', url, headers })).statusCode).toBe(200)
    const { body } = await ask<BundleView>(world, headers, `/bundles/${id}`)
    expect(body).toMatchObject({ kind: 'series', rule: 'FREQ=WEEKLY;COUNT=4' })
    expect(body.bookings.map(({ state }) => state)).toEqual(['confirmed', 'cancelled', 'confirmed', 'confirmed'])
  })
})
