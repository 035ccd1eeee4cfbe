import { describe, expect, test } from 'vitest'
import { openOffice } from '../../test/office.ts'
import { book, fingerprint, slotsOn, timesOf, TUESDAY } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'
import type { Problem } from '../shared/schemas.ts'
import type { LinkedBundle, VisitCreated, VisitSlots } from './bundle.schemas.ts'

const GRACE = { name: 'Grace Hopper', email: 'grace@example.com', timeZone: 'Europe/Berlin', locale: 'en' }
const BOTH = [{ service: 'consultation' }, { service: 'treatment' }]
const AT_TEN = `${TUESDAY}T10:00:00+01:00`

async function bookVisit(world: World, changes: object = {}, headers: Record<string, string> = {}) {
  const url = `/api/v1/organizations/${world.slug}/visits`
  const payload = { items: BOTH, start: AT_TEN, customer: GRACE, ...changes }
  const answer = await world.inject({ method: 'POST', url, payload, headers })
  return { status: answer.statusCode, body: answer.json<VisitCreated & Problem>() }
}

async function slots(world: World, changes: object = {}) {
  const url = `/api/v1/organizations/${world.slug}/visits/slots`
  const payload = { items: BOTH, from: TUESDAY, to: TUESDAY, ...changes }
  const answer = await world.inject({ method: 'POST', url, payload })
  return { status: answer.statusCode, body: answer.json<VisitSlots & Problem>() }
}

const spans = ({ bookings }: VisitCreated) =>
  bookings.map(({ service, start, end }) => `${service.slug} ${start.slice(11, 16)}-${end.slice(11, 16)}`)

describe('several services in one visit', () => {
  test('are booked one after another, by the same person where they can, with one mail and one link', async () => {
    await using world = await createWorld()
    const { status, body } = await bookVisit(world)
    expect(status).toBe(201)
    const [first, second] = body.bookings
    expect(first?.service.slug).toBe('consultation')
    expect(second?.service.slug).toBe('treatment')
    expect(Date.parse(second?.start ?? '')).toBeGreaterThanOrEqual(Date.parse(first?.end ?? ''))
    const mails = await world.sql(
      `select audience, jsonb_array_length(facts -> 'others') as others from message where audience = 'customer'`,
    )
    expect(mails).toEqual([{ audience: 'customer', others: 1 }])
    const url = `/api/v1/bookings/${first?.id}/bundle?token=${body.token}`
    const linked = (await world.inject({ url })).json<LinkedBundle>()
    expect(linked.items.map(({ booking }) => booking.id)).toEqual(body.bookings.map(({ id }) => id))
    const link = new URL(linked.items[1]?.manageUrl ?? '')
    expect(
      (await world.inject({ url: `/api/v1${link.pathname.replace('/booking/', '/bookings/')}${link.search}` }))
        .statusCode,
    ).toBe(200)
  })

  test('are offered at the starts at which they can be booked, and at no other', async () => {
    await using world = await createWorld()
    for (const hour of ['09:30', '11:00', '13:30', '15:00'])
      for (const email of ['a@example.com', 'b@example.com'])
        await book(world, { start: `${TUESDAY}T${hour}:00+01:00`, customer: { name: 'A', email } })
    const { body } = await slots(world)
    expect(body.timeZone).toBe('Europe/Berlin')
    expect(body.visits.length).toBeGreaterThan(3)
    const offered = new Set(body.visits.map(({ start }) => start))
    const singles = await slotsOn(world)
    expect(singles.length).toBeGreaterThan(offered.size)
    for (const { start } of singles) {
      const visit = body.visits.find((one) => Date.parse(one.start) === Date.parse(start))
      const { status, body: booked } = await bookVisit(world, { start })
      expect({ start, status }).toEqual({ start, status: visit ? 201 : 409 })
      if (!visit) continue
      expect(booked.bookings.map(({ service, ...rest }) => [service.id, rest.provider.id, rest.start])).toEqual(
        visit.parts.map((part) => [part.service, part.provider, part.start]),
      )
      for (const { id } of booked.bookings)
        await world.sql(
          `update booking set state = 'cancelled', cancelled_at = now(), cancelled_by = 'member' where id = '${id}'`,
        )
      await world.sql(`delete from claim where booking_id = any($1)`, [booked.bookings.map(({ id }) => id)])
      await world.sql(`update subject set version = version + 1`)
    }
  })

  test('wait for the second when it is busy, but no longer than was said', async () => {
    await using world = await createWorld()
    const office = await openOffice(world)
    const chair = await office.addProvider('Cleo', {})
    const schedule = await office.addSchedule({ weekly: [{ weekday: 2, startMin: 660, endMin: 720 }] })
    await office.patchProvider(chair, { scheduleId: schedule })
    const slow = await office.addService('slow', { durationsMin: [30], stepMin: 15, providers: [chair] })
    const items = [{ service: 'consultation' }, { service: slow }]
    const early = await bookVisit(world, { items, gapMin: 15 })
    expect(early.status).toBe(409)
    expect(early.body.refused?.[0]?.alternatives.length).toBeGreaterThan(0)
    const { status, body } = await bookVisit(world, { items, gapMin: 60 })
    expect(status).toBe(201)
    expect(spans(body)[1]).toBe('slow 10:00-10:30')
  })

  test('that do not fit are refused with starts at which they do, and nothing is changed', async () => {
    await using world = await createWorld()
    const before = await fingerprint(world)
    const { status, body } = await bookVisit(world, { start: `${TUESDAY}T20:00:00+01:00` })
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'booking.bundle_refused' })
    expect(await fingerprint(world)).toBe(before)
    const [near] = body.refused?.[0]?.alternatives ?? []
    expect((await bookVisit(world, { start: near })).status).toBe(201)
  })

  test('that many want at the same moment are booked whole or not at all', async () => {
    await using world = await createWorld()
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        bookVisit(world, { customer: { name: 'N', email: `n${index}@example.com` } }),
      ),
    )
    const won = answers.filter(({ status }) => status === 201).length
    expect(won).toBeGreaterThan(0)
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true)
    const [counted] = await world.sql(
      `select (select count(*)::int from booking) as bookings, (select count(*)::int from bundle) as bundles`,
    )
    expect(counted).toEqual({ bookings: 2 * won, bundles: won })
  })

  test('keep to the limits of the customer', async () => {
    await using world = await createWorld()
    const office = await openOffice(world)
    await office.patchService(world.consultation.id, { limits: [{ of: 'customer', per: 'day', maxCount: 1 }] })
    const items = [{ service: 'consultation' }, { service: 'consultation' }]
    const { status, body } = await bookVisit(world, { items })
    expect({ status, reason: body.refused?.[0]?.reason }).toEqual({ status: 409, reason: 'limit' })
  })

  test('wait for approval one by one where a service asks for it', async () => {
    await using world = await createWorld()
    const office = await openOffice(world)
    await office.patchService(world.treatment.id, { approval: 'blocking' })
    const { body } = await bookVisit(world)
    expect(body.bookings.map(({ state }) => state)).toEqual(['confirmed', 'pending'])
    const mails = await world.sql(`select kind, audience from message order by kind, audience`)
    expect(mails.map(({ kind, audience }) => `${kind} ${audience}`)).toEqual([
      'booking.confirmation customer',
      'booking.confirmation provider',
      'booking.requested customer',
      'booking.requested provider',
    ])
  })

  test('that leave a question unanswered are refused with the place of the question', async () => {
    await using world = await createWorld()
    const office = await openOffice(world)
    const questions = [{ id: 'first_visit', label: 'Is it your first visit?', kind: 'text', required: true }]
    await office.patchService(world.treatment.id, { questions })
    const { status, body } = await bookVisit(world)
    expect({ status, fields: body.errors?.map(({ field }) => field) }).toEqual({
      ...{ status: 400, fields: ['items.1.answers.first_visit'] },
    })
    const items = [BOTH[0], { ...BOTH[1], answers: { first_visit: 'Yes' } }]
    expect((await bookVisit(world, { items })).status).toBe(201)
  })

  test('sent twice are booked once, with the same link', async () => {
    await using world = await createWorld()
    const headers = { 'idempotency-key': 'the-same-visit' }
    const [first, second] = [await bookVisit(world, {}, headers), await bookVisit(world, {}, headers)]
    expect(first.status).toBe(201)
    expect(second).toEqual(first)
  })

  test.each([
    ['one service alone', { items: [{ service: 'consultation' }] }],
    ['a course for groups', { items: [{ service: 'consultation' }, { service: 'course' }] }],
    ['a service that there is not', { items: [{ service: 'consultation' }, { service: 'nothing' }] }],
    ['a start that is no instant', { start: '2026-13-01T10:00:00Z' }],
  ])('with %s are refused, and nothing is changed', async (_, changes) => {
    await using world = await createWorld()
    const before = await fingerprint(world)
    expect([400, 404]).toContain((await bookVisit(world, changes)).status)
    expect(await fingerprint(world)).toBe(before)
  })

  test('are offered for a week at once, not for longer', async () => {
    await using world = await createWorld()
    expect((await slots(world, { to: '2026-03-09' })).status).toBe(200)
    expect((await slots(world, { to: '2026-03-20' })).body.errors).toMatchObject([{ field: 'to' }])
  })
})

test('a link tells nothing of what others have booked', async () => {
  await using world = await createWorld()
  const { body } = await bookVisit(world)
  const alone = await book(world, { start: `${TUESDAY}T14:00:00+01:00` })
  const { booking, token } = alone.body
  expect((await world.inject({ url: `/api/v1/bookings/${booking.id}/bundle?token=${token}` })).json()).toEqual({
    items: [],
  })
  const stolen = await world.inject({ url: `/api/v1/bookings/${body.bookings[0]?.id}/bundle?token=${token}` })
  expect(stolen.statusCode).toBe(403)
  expect(timesOf(await slotsOn(world))).not.toContain('14:00:00')
})
