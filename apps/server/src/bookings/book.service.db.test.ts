import { describe, expect, test } from 'vitest'
import { book, slotsOn, timesOf, TUESDAY } from '../../test/requests.ts'
import { createWorld } from '../../test/world.ts'

describe('booking', () => {
  test('answers 201 with the booking and the link that changes it', async () => {
    await using world = await createWorld()
    const { status, body } = await book(world)
    expect(status).toBe(201)
    expect(body.booking).toMatchObject({
      state: 'confirmed',
      start: `${TUESDAY}T09:00:00Z`,
      end: `${TUESDAY}T09:30:00Z`,
      timeZone: 'America/New_York',
      service: { slug: 'consultation' },
      customer: { name: 'Grace Hopper', email: 'grace@example.com' },
      canCancel: true,
      canReschedule: true,
    })
    expect(body.manageUrl).toBe(`http://localhost:5000/booking/${body.booking.id}?token=${body.token}`)
  })

  test('writes one claim, one message for each side, one audit event and one job, all or none', async () => {
    await using world = await createWorld()
    const { body } = await book(world)
    const { id } = body.booking
    expect(await world.sql('select subject_id from claim where booking_id = $1', [id])).toHaveLength(1)
    const messages = await world.sql(
      'select kind, audience, recipient, state from message where booking_id = $1 order by audience',
      [id],
    )
    expect(messages).toEqual([
      { kind: 'booking.confirmation', audience: 'customer', recipient: 'grace@example.com', state: 'queued' },
      { kind: 'booking.confirmation', audience: 'provider', recipient: 'ada@example.com', state: 'queued' },
    ])
    expect(await world.sql('select action from audit_event where entity_id = $1', [id])).toEqual([
      { action: 'booking.created' },
    ])
    expect(
      await world.sql(`select 1 from graphile_worker.jobs where task_identifier = 'messages.deliver'`),
    ).toHaveLength(1)
    await book(world, { provider: world.ada.id })
    expect(await world.sql('select 1 from message')).toHaveLength(2)
  })

  test('takes the time off the list at once', async () => {
    await using world = await createWorld()
    const before = await slotsOn(world)
    expect(before.find(({ start }) => start.includes('T10:00'))?.providers).toEqual([world.ada.id, world.ben.id])
    await book(world)
    expect((await slotsOn(world)).find(({ start }) => start.includes('T10:00'))?.providers).toEqual([world.ben.id])
    await book(world)
    expect(timesOf(await slotsOn(world))).not.toContain('10:00')
  })

  test('two people book the last place at once: one booking, one 409 with the nearest free times', async () => {
    await using world = await createWorld()
    const answers = await Promise.all(Array.from({ length: 20 }, () => book(world, { provider: world.ada.id })))
    const refused = answers.filter(({ status }) => status !== 201)
    expect(refused).toHaveLength(19)
    for (const { status, body } of refused) {
      expect({ status, code: body.code }).toEqual({ status: 409, code: 'booking.slot_taken' })
      expect(body.alternatives.map(({ start }: { start: string }) => start)).toEqual([
        `${TUESDAY}T08:00:00Z`,
        `${TUESDAY}T08:30:00Z`,
        `${TUESDAY}T09:30:00Z`,
      ])
    }
  })

  test('whoever may be anyone gets somebody else when the first is taken meanwhile', async () => {
    await using world = await createWorld()
    const answers = await Promise.all(Array.from({ length: 2 }, () => book(world)))
    expect(answers.map(({ status }) => status)).toEqual([201, 201])
    expect(new Set(answers.map(({ body }) => body.booking.provider.id)).size).toBe(2)
  })

  test('claims the provider and a room with the buffer, and is refused when both rooms are taken', async () => {
    await using world = await createWorld()
    const first = await book(world, { service: 'treatment' })
    const claims = await world.sql(
      `select subject_id, unit, lower(during) as from, upper(during) as to from claim where booking_id = $1 order by subject_id`,
      [first.body.booking.id],
    )
    expect(claims).toHaveLength(2)
    expect(claims[0]).toMatchObject({ from: new Date(`${TUESDAY}T09:00:00Z`), to: new Date(`${TUESDAY}T09:40:00Z`) })
    expect((await book(world, { service: 'treatment' })).status).toBe(201)
    expect((await book(world, { service: 'treatment' })).body.code).toBe('booking.slot_taken')
    // The buffer after the treatment reaches into the next half hour.
    expect(timesOf(await slotsOn(world, { service: 'treatment' }))).not.toContain('10:30')
  })

  test('fills a course seat by seat and never beyond its capacity', async () => {
    await using world = await createWorld()
    const seats = async () =>
      (await slotsOn(world, { service: 'course' })).find(({ start }) => start.includes('T10:00'))?.seatsLeft
    expect(await seats()).toBe(3)
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, at) =>
        book(world, { service: 'course', customer: { name: 'P', email: `p${at}@example.com` } }),
      ),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3)
    expect(answers.filter(({ body }) => body.code === 'booking.slot_taken')).toHaveLength(3)
    expect(await seats()).toBeUndefined()
    expect(await world.sql('select number from seat order by number')).toEqual([
      { number: 1 },
      { number: 2 },
      { number: 3 },
    ])
    expect(await world.sql('select 1 from claim')).toHaveLength(1)
  })

  test('only members with the right override what is offered, and the trail names it', async () => {
    await using world = await createWorld()
    const sunday = { start: '2026-03-08T10:00:00+01:00', override: true }
    expect((await book(world, sunday)).body.code).toBe('auth.forbidden')
    expect((await book(world, sunday, await world.signIn('viewer'))).body.code).toBe('auth.forbidden')
    const { status, body } = await book(world, sunday, await world.signIn('manager'))
    expect(status).toBe(201)
    expect(
      await world.sql('select action, actor_kind from audit_event where entity_id = $1', [body.booking.id]),
    ).toEqual([{ action: 'booking.created_by_override', actor_kind: 'member' }])
  })

  test('even an override cannot double-book', async () => {
    await using world = await createWorld()
    const headers = await world.signIn('owner')
    await book(world, { provider: world.ada.id })
    const { status, body } = await book(world, { provider: world.ada.id, override: true }, headers)
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'booking.slot_taken' })
  })
})

describe('a hold', () => {
  const hold = async (world: Awaited<ReturnType<typeof createWorld>>) => {
    const payload = { service: 'consultation', start: `${TUESDAY}T10:00:00+01:00`, provider: world.ada.id }
    const answer = await world.inject({ method: 'POST', url: `/api/v1/organizations/${world.slug}/holds`, payload })
    return { status: answer.statusCode, body: answer.json() }
  }

  test('keeps the time from others, and becomes the booking of whoever holds it', async () => {
    await using world = await createWorld()
    const held = await hold(world)
    expect(held.status).toBe(201)
    expect((await book(world, { provider: world.ada.id })).body.code).toBe('booking.slot_taken')
    expect((await book(world, { provider: world.ada.id, hold: held.body.id })).status).toBe(201)
    expect(await world.sql('select 1 from hold')).toHaveLength(0)
  })

  test('never blocks anybody once it has expired, even before it was swept away', async () => {
    await using world = await createWorld()
    await hold(world)
    world.clock.advance(5 * 60_000 + 1)
    expect(
      (await slotsOn(world, { query: `&provider=${world.ada.id}` })).some(({ start }) => start.includes('T10:00')),
    ).toBe(true)
    expect((await book(world, { provider: world.ada.id })).status).toBe(201)
  })

  test('frees the time when it is released', async () => {
    await using world = await createWorld()
    const { body } = await hold(world)
    const answer = await world.inject({ method: 'DELETE', url: `/api/v1/organizations/${world.slug}/holds/${body.id}` })
    expect(answer.statusCode).toBe(204)
    expect((await book(world, { provider: world.ada.id })).status).toBe(201)
  })

  test('of a seat leaves nothing behind that keeps its provider busy', async () => {
    await using world = await createWorld()
    const payload = { service: 'course', start: `${TUESDAY}T10:00:00+01:00` }
    const url = `/api/v1/organizations/${world.slug}/holds`
    const held = await world.inject({ method: 'POST', url, payload })
    expect(held.statusCode).toBe(201)
    const free = async () => timesOf(await slotsOn(world, { query: `&provider=${world.ada.id}` }))
    expect(await free()).not.toContain('10:00')
    world.clock.advance(5 * 60_000 + 1)
    expect(await free()).toContain('10:00')
    expect((await book(world, { provider: world.ada.id })).status).toBe(201)
  })

  test('of a seat frees its provider when it is released', async () => {
    await using world = await createWorld()
    const payload = { service: 'course', start: `${TUESDAY}T10:00:00+01:00` }
    const url = `/api/v1/organizations/${world.slug}/holds`
    const { id } = (await world.inject({ method: 'POST', url, payload })).json()
    await world.inject({ method: 'DELETE', url: `${url}/${id}` })
    expect((await book(world, { provider: world.ada.id })).status).toBe(201)
    expect(await world.sql('select 1 from group_session')).toHaveLength(0)
  })
})
