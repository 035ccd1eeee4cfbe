import { describe, expect, test } from 'vitest'
import { openOffice } from '../../test/office.ts'
import { book, slotsOn, timesOf, TUESDAY } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'
import { databaseErrorOf } from '../db/errors.ts'
import { createLinkSigner } from '../shared/link-token.ts'
import { COMPLETED_AFTER_MS, STEPS } from './life.rules.ts'
import { sweepBookings } from './life.service.ts'

const TEN = `${TUESDAY}T10:00:00+01:00`

type Booked = { id: string; token: string }

async function bookTen(world: World, changes: Record<string, unknown> = {}): Promise<Booked> {
  const { status, body } = await book(world, { provider: world.ada.id, ...changes })
  expect({ status, code: body.code }).toEqual({ status: 201, code: undefined })
  return { id: body.booking.id, token: body.token }
}

/** A member who acts on bookings. */
async function openDesk(world: World) {
  const office = await openOffice(world)
  const send = async (id: string, action: string, payload?: object, key?: string) => {
    const url = `/api/v1/organizations/${world.slug}/bookings/${id}${action}`
    const headers = { ...office.headers, ...(key !== undefined && { 'idempotency-key': key }) }
    const answer = await world.inject({ method: 'POST', url, headers, ...(payload && { payload }) })
    return { status: answer.statusCode, body: answer.json() }
  }
  return { ...office, send }
}

const stateOf = async (world: World, id: string) =>
  (await world.sql<{ state: string }>(`select state from booking where id = '${id}'`))[0]?.state

const trailOf = async (world: World, id: string) =>
  (await world.sql<{ action: string }>(`select action from audit_event where entity_id = '${id}' order by at, id`)).map(
    ({ action }) => action,
  )

const toldOf = (world: World, id: string) =>
  world.sql<{ kind: string; audience: string }>(
    `select kind, audience from message where booking_id = '${id}' order by kind, audience`,
  )

describe('a request that takes its time', () => {
  test('waits, is not offered to others, and tells both sides', async () => {
    await using world = await createWorld()
    const desk = await openDesk(world)
    await desk.patchService(world.consultation.id, { approval: 'blocking' })
    const { id } = await bookTen(world)
    expect(await stateOf(world, id)).toBe('pending')
    expect(timesOf(await slotsOn(world, { query: `&provider=${world.ada.id}` }))).not.toContain('10:00')
    expect(await toldOf(world, id)).toEqual([
      { kind: 'booking.requested', audience: 'customer' },
      { kind: 'booking.requested', audience: 'provider' },
    ])
    expect(await trailOf(world, id)).toEqual(['booking.requested'])
  })

  test('is confirmed by a member, once', async () => {
    await using world = await createWorld()
    const desk = await openDesk(world)
    await desk.patchService(world.consultation.id, { approval: 'blocking' })
    const { id } = await bookTen(world)
    const first = await desk.send(id, '/approve', undefined, 'approve-it-once')
    expect(first).toMatchObject({ status: 200, body: { state: 'confirmed' } })
    expect(await desk.send(id, '/approve', undefined, 'approve-it-once')).toMatchObject({ status: 200 })
    expect(await desk.send(id, '/approve')).toMatchObject({ status: 409, body: { code: 'booking.not_pending' } })
    expect(await trailOf(world, id)).toEqual(['booking.requested', 'booking.approved'])
    expect((await toldOf(world, id)).map(({ kind }) => kind)).toEqual([
      ...['booking.confirmation', 'booking.confirmation', 'booking.requested', 'booking.requested'],
    ])
  })

  test('is free again when it is declined, and the customer is told why', async () => {
    await using world = await createWorld()
    const desk = await openDesk(world)
    await desk.patchService(world.consultation.id, { approval: 'blocking' })
    const { id } = await bookTen(world)
    const { body } = await desk.send(id, '/decline', { reason: 'We are at a fair.' })
    expect(body).toMatchObject({ state: 'cancelled', cancelledBy: 'member', cancelReason: 'We are at a fair.' })
    expect(timesOf(await slotsOn(world, { query: `&provider=${world.ada.id}` }))).toContain('10:00')
    const [message] = await world.sql(
      `select facts->>'cancelReason' as reason from message where kind = 'booking.declined' and audience = 'customer'`,
    )
    expect(message).toEqual({ reason: 'We are at a fair.' })
    expect(await desk.send(id, '/approve')).toMatchObject({ status: 409 })
  })

  test('that nobody decides before its time is called off by the system', async () => {
    await using world = await createWorld()
    const desk = await openDesk(world)
    await desk.patchService(world.consultation.id, { approval: 'blocking' })
    const { id } = await bookTen(world)
    world.clock.set(`${TUESDAY}T08:59:59Z`)
    expect(await sweepBookings(world, world.organizationId)).toBe(0)
    world.clock.set(`${TUESDAY}T09:00:00Z`)
    expect(await sweepBookings(world, world.organizationId)).toBe(1)
    const [row] = await world.sql(`select state, cancelled_by from booking where id = '${id}'`)
    expect(row).toEqual({ state: 'cancelled', cancelled_by: 'system' })
    expect(await trailOf(world, id)).toEqual(['booking.requested', 'booking.lapsed'])
  })

  test('is booked at once when a member makes it', async () => {
    await using world = await createWorld()
    const desk = await openDesk(world)
    await desk.patchService(world.consultation.id, { approval: 'blocking' })
    const answer = await world.inject({
      method: 'POST',
      url: `/api/v1/organizations/${world.slug}/bookings`,
      headers: desk.headers,
      payload: { service: 'consultation', start: TEN, customer: { name: 'Grace', email: 'grace@example.com' } },
    })
    expect(answer.json()).toMatchObject({ booking: { state: 'confirmed' } })
  })
})

describe('a request that leaves its time to others', () => {
  async function askTwice(world: World) {
    const desk = await openDesk(world)
    await desk.patchService(world.consultation.id, { approval: 'open' })
    const first = await bookTen(world)
    const customer = { name: 'Mary Jackson', email: 'mary@example.com' }
    const second = await bookTen(world, { customer })
    return { desk, first, second }
  }

  test('takes it when it is approved; the next one comes too late', async () => {
    await using world = await createWorld()
    const { desk, first, second } = await askTwice(world)
    expect(await world.sql('select 1 from claim')).toEqual([])
    expect(await desk.send(second.id, '/approve')).toMatchObject({ status: 200, body: { claimsTime: true } })
    // Ben is free then, so the first is given to him; a third person would find nobody.
    expect(await desk.send(first.id, '/approve')).toMatchObject({
      status: 200,
      body: { provider: { id: world.ben.id } },
    })
    expect(await world.sql('select 1 from claim')).toHaveLength(2)
  })

  test('approved by two at once is confirmed once, and takes its time once', async () => {
    await using world = await createWorld()
    const { desk, first } = await askTwice(world)
    const answers = await Promise.all([desk.send(first.id, '/approve'), desk.send(first.id, '/approve')])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    expect(await world.sql(`select 1 from claim where booking_id = '${first.id}'`)).toHaveLength(1)
    expect(await trailOf(world, first.id)).toEqual(['booking.requested', 'booking.approved'])
  })

  test('moves without taking anything', async () => {
    await using world = await createWorld()
    const { first } = await askTwice(world)
    const answer = await world.inject({
      method: 'PATCH',
      url: `/api/v1/bookings/${first.id}?token=${first.token}`,
      payload: { start: `${TUESDAY}T11:00:00+01:00` },
    })
    expect(answer.json()).toMatchObject({ state: 'pending', start: `${TUESDAY}T10:00:00Z` })
    expect(await world.sql('select 1 from claim')).toEqual([])
  })
})

describe('the link in the mail to the provider', () => {
  const decide = async (world: World, path: `${string}/${string}`, token: string, payload?: object) => {
    const url = `/api/v1/bookings/${path}?token=${token}`
    const answer = await world.inject({
      method: path.endsWith('/request') ? 'GET' : 'POST',
      url,
      ...(payload && { payload }),
    })
    return { status: answer.statusCode, body: answer.json() }
  }
  async function requested(world: World) {
    const desk = await openDesk(world)
    await desk.patchService(world.consultation.id, { approval: 'blocking' })
    const booked = await bookTen(world)
    const signer = createLinkSigner(world.config.secretKey, 'booking decision')
    const decision = signer.sign({ organizationId: world.organizationId, bookingId: booked.id, version: 1 })
    return { ...booked, decision }
  }

  test('shows the request and approves it', async () => {
    await using world = await createWorld()
    const { id, decision } = await requested(world)
    expect(await decide(world, `${id}/request`, decision)).toMatchObject({ status: 200, body: { state: 'pending' } })
    expect(await decide(world, `${id}/approve`, decision)).toMatchObject({ status: 200, body: { state: 'confirmed' } })
    const [event] = await world.sql(`select actor_kind, actor_id from audit_event where action = 'booking.approved'`)
    expect(event).toEqual({ actor_kind: 'member', actor_id: null })
  })

  test('declines it with a reason', async () => {
    await using world = await createWorld()
    const { id, decision } = await requested(world)
    const { body } = await decide(world, `${id}/decline`, decision, { reason: 'Closed' })
    expect(body).toMatchObject({ state: 'cancelled', cancelledBy: 'member' })
  })

  test('is not that of the customer, who cannot approve; and is good for nothing else', async () => {
    await using world = await createWorld()
    const { id, token, decision } = await requested(world)
    expect(await decide(world, `${id}/approve`, token)).toMatchObject({ body: { code: 'booking.link_invalid' } })
    const cancelled = await world.inject({ method: 'DELETE', url: `/api/v1/bookings/${id}?token=${decision}` })
    expect(cancelled.json()).toMatchObject({ code: 'booking.link_invalid' })
    expect(await stateOf(world, id)).toBe('pending')
  })
})

describe('on the day', () => {
  test('a customer is checked in, and the appointment marked as kept', async () => {
    await using world = await createWorld()
    const desk = await openDesk(world)
    const { id } = await bookTen(world)
    expect(await desk.send(id, '/check-in')).toMatchObject({ status: 409, body: { code: 'booking.step_impossible' } })
    world.clock.set(`${TUESDAY}T08:55:00Z`)
    expect((await desk.send(id, '/check-in')).body).toMatchObject({ checkedInAt: `${TUESDAY}T08:55:00Z` })
    expect(await desk.send(id, '/complete')).toMatchObject({ status: 409, body: { code: 'booking.step_impossible' } })
    world.clock.set(`${TUESDAY}T09:30:00Z`)
    expect((await desk.send(id, '/complete')).body).toMatchObject({
      state: 'completed',
      checkedInAt: `${TUESDAY}T08:55:00Z`,
    })
    expect(await trailOf(world, id)).toEqual(['booking.created', 'booking.checked_in', 'booking.completed'])
  })

  test('a missed appointment is marked, and a mistake put right', async () => {
    await using world = await createWorld()
    const desk = await openDesk(world)
    const { id } = await bookTen(world)
    world.clock.set(`${TUESDAY}T09:10:00Z`)
    expect((await desk.send(id, '/no-show')).body).toMatchObject({ state: 'no_show' })
    expect((await desk.send(id, '/complete')).body).toMatchObject({ state: 'completed' })
    expect((await desk.send(id, '/no-show')).body).toMatchObject({ state: 'no_show' })
    expect((await desk.send(id, '/no-show')).status).toBe(409)
  })

  test('what nobody says anything about counts as kept after half a day', async () => {
    await using world = await createWorld()
    const { id } = await bookTen(world)
    world.clock.set(`${TUESDAY}T09:30:00Z`)
    world.clock.advance(COMPLETED_AFTER_MS - 1)
    expect(await sweepBookings(world, world.organizationId)).toBe(0)
    world.clock.advance(1)
    expect(await sweepBookings(world, world.organizationId)).toBe(1)
    expect(await stateOf(world, id)).toBe('completed')
  })

  test('whoever missed too many can only ask from then on', async () => {
    await using world = await createWorld()
    const desk = await openDesk(world)
    await desk.patchService(world.consultation.id, { noShowLimit: 1 })
    const { id } = await bookTen(world)
    world.clock.set(`${TUESDAY}T09:30:00Z`)
    await desk.send(id, '/no-show')
    const again = await bookTen(world, { start: `${TUESDAY}T14:00:00+01:00` })
    const other = { name: 'Mary', email: 'mary@example.com' }
    const others = await bookTen(world, { start: `${TUESDAY}T15:00:00+01:00`, customer: other })
    expect([await stateOf(world, again.id), await stateOf(world, others.id)]).toEqual(['pending', 'confirmed'])
  })
})

test('the database takes the steps that there are, and refuses all others', async () => {
  await using world = await createWorld()
  const { id } = await bookTen(world)
  const states = ['pending', 'confirmed', 'cancelled', 'completed', 'no_show'] as const
  const put = (state: string) =>
    world.sql(
      `update booking set state = '${state}', cancelled_at = case '${state}' when 'cancelled' then now() end,
        cancelled_by = case '${state}' when 'cancelled' then 'member' end where id = '${id}'`,
    )
  const taken: string[] = []
  for (const [from, to] of states.flatMap((one) => states.map((other) => [one, other] as const))) {
    if (from === to) continue
    await world.sql(`alter table booking disable trigger booking_step`)
    await put(from)
    await world.sql(`alter table booking enable trigger booking_step`)
    const code = await put(to).then(
      () => undefined,
      (error: unknown) => databaseErrorOf(error)?.code,
    )
    if (code === undefined) taken.push(`${from} ${to}`)
    else expect(code).toBe('SK005')
  }
  expect(taken.toSorted()).toEqual(STEPS.map(({ from, to }) => `${from} ${to}`).toSorted())
})

describe('a cancellation', () => {
  test('by a member after the last moment for customers is noted as late', async () => {
    await using world = await createWorld()
    const desk = await openDesk(world)
    await desk.patchService(world.consultation.id, { cancelNoticeMin: 120 })
    const [early, late] = [await bookTen(world), await bookTen(world, { start: `${TUESDAY}T14:00:00+01:00` })]
    const cancel = async (id: string) => {
      const url = `/api/v1/organizations/${world.slug}/bookings/${id}`
      return (await world.inject({ method: 'DELETE', url, headers: desk.headers })).json()
    }
    expect(await cancel(early.id)).toMatchObject({ cancelledLate: false })
    world.clock.set(`${TUESDAY}T11:30:00Z`)
    expect(await cancel(late.id)).toMatchObject({ cancelledLate: true })
  })
})

describe('giving a booking to somebody else', () => {
  test('keeps its time and link, and tells all three', async () => {
    await using world = await createWorld()
    const desk = await openDesk(world)
    const { id, token } = await bookTen(world)
    const { body } = await desk.send(id, '/reassign', {}, 'reassign-once')
    expect(body).toMatchObject({ provider: { id: world.ben.id }, start: `${TUESDAY}T09:00:00Z` })
    expect((await desk.send(id, '/reassign', {}, 'reassign-once')).body).toMatchObject({
      provider: { id: world.ben.id },
    })
    expect((await world.inject({ url: `/api/v1/bookings/${id}?token=${token}` })).statusCode).toBe(200)
    const told = await world.sql(
      `select kind, recipient from message where booking_id = '${id}' and kind <> 'booking.confirmation' order by kind, recipient`,
    )
    expect(told).toEqual([
      { kind: 'booking.cancelled', recipient: world.ada.email },
      { kind: 'booking.reassigned', recipient: world.ben.email },
      { kind: 'booking.reassigned', recipient: 'grace@example.com' },
    ])
    expect(timesOf(await slotsOn(world, { query: `&provider=${world.ada.id}` }))).toContain('10:00')
  })

  test('is refused where nobody else is free, and changes nothing', async () => {
    await using world = await createWorld()
    const desk = await openDesk(world)
    const { id } = await bookTen(world)
    await bookTen(world, { provider: world.ben.id, customer: { name: 'Mary', email: 'mary@example.com' } })
    expect(await desk.send(id, '/reassign', {})).toMatchObject({ status: 409, body: { code: 'booking.slot_taken' } })
    expect(await trailOf(world, id)).toEqual(['booking.created'])
  })

  test('all of a day, in sick leave: what nobody can take stays and is told', async () => {
    await using world = await createWorld()
    const desk = await openDesk(world)
    const ten = await bookTen(world)
    const eleven = await bookTen(world, { start: `${TUESDAY}T11:00:00+01:00` })
    const other = { name: 'Mary', email: 'mary@example.com' }
    await bookTen(world, { provider: world.ben.id, start: `${TUESDAY}T11:00:00+01:00`, customer: other })
    const url = `/api/v1/organizations/${world.slug}/providers/${world.ada.id}/reassign`
    const payload = { from: `${TUESDAY}T00:00:00+01:00`, to: `${TUESDAY}T23:00:00+01:00` }
    const headers = { ...desk.headers, 'idempotency-key': 'ada-is-ill' }
    const expected = {
      items: [
        { booking: ten.id, start: `${TUESDAY}T09:00:00Z`, provider: world.ben.id },
        { booking: eleven.id, start: `${TUESDAY}T10:00:00Z`, provider: null },
      ],
    }
    expect((await world.inject({ method: 'POST', url, headers, payload })).json()).toEqual(expected)
    expect((await world.inject({ method: 'POST', url, headers, payload })).json()).toEqual(expected)
  })
})

test('a sick leave that is sent several times at once is given away once, and told the same', async () => {
  await using world = await createWorld()
  const desk = await openDesk(world)
  const { id } = await bookTen(world)
  const url = `/api/v1/organizations/${world.slug}/providers/${world.ada.id}/reassign`
  const payload = { from: `${TUESDAY}T00:00:00+01:00`, to: `${TUESDAY}T23:00:00+01:00` }
  const headers = { ...desk.headers, 'idempotency-key': 'ada-is-ill' }
  const answers = await Promise.all([1, 2, 3].map(() => world.inject({ method: 'POST', url, headers, payload })))
  expect(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`)).size).toBe(1)
  expect(answers[0]?.statusCode).toBe(200)
  expect(await trailOf(world, id)).toEqual(['booking.created', 'booking.reassigned'])
})
