import { describe, expect, test } from 'vitest'
import { book, fingerprint, slotsOn, timesOf, TUESDAY } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'

type Booked = { id: string; token: string }

async function bookWithAda(world: World, changes: Record<string, unknown> = {}): Promise<Booked> {
  const { body } = await book(world, { provider: world.ada.id, ...changes })
  return { id: body.booking.id, token: body.token }
}

async function byLink(world: World, { id, token }: Booked, method: 'GET' | 'PATCH' | 'DELETE', payload?: object) {
  const answer = await world.inject({
    method,
    url: `/api/v1/bookings/${id}?token=${token}`,
    ...(payload && { payload }),
  })
  return { status: answer.statusCode, body: answer.json() }
}

const ELEVEN = { start: `${TUESDAY}T11:00:00+01:00` }

describe('moving a booking by its link', () => {
  test('frees the old time, takes the new one, and tells both sides with the next sequence', async () => {
    await using world = await createWorld()
    const booked = await bookWithAda(world)
    const { status, body } = await byLink(world, booked, 'PATCH', ELEVEN)
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: booked.id, start: `${TUESDAY}T10:00:00Z`, provider: { id: world.ada.id } })
    const free = timesOf(await slotsOn(world, { query: `&provider=${world.ada.id}` }))
    expect(free).toContain('10:00')
    expect(free).not.toContain('11:00')
    const told = await world.sql(
      `select audience, facts->>'sequence' as sequence, facts->>'previousStart' as before from message where kind = 'booking.rescheduled' order by audience`,
    )
    expect(told).toEqual([
      { audience: 'customer', sequence: '1', before: `${TUESDAY}T09:00:00Z` },
      { audience: 'provider', sequence: '1', before: `${TUESDAY}T09:00:00Z` },
    ])
  })

  test('may overlap its own old time', async () => {
    await using world = await createWorld()
    const booked = await bookWithAda(world, { duration: 60 })
    expect((await byLink(world, booked, 'PATCH', { start: `${TUESDAY}T10:30:00+01:00` })).status).toBe(200)
  })

  test('to a taken time is refused with free times nearby, and leaves it where it was', async () => {
    await using world = await createWorld()
    const booked = await bookWithAda(world)
    await bookWithAda(world, ELEVEN)
    const { status, body } = await byLink(world, booked, 'PATCH', { ...ELEVEN, provider: world.ada.id })
    expect({ status, code: body.code, some: body.alternatives.length > 0 }).toEqual({
      status: 409,
      code: 'booking.slot_taken',
      some: true,
    })
    expect((await byLink(world, booked, 'GET')).body.start).toBe(`${TUESDAY}T09:00:00Z`)
  })

  test('whoever served before is told that it is off when somebody else takes over', async () => {
    await using world = await createWorld()
    const booked = await bookWithAda(world)
    await byLink(world, booked, 'PATCH', { ...ELEVEN, provider: world.ben.id })
    const told = await world.sql(
      `select kind, recipient from message where audience = 'provider' and kind <> 'booking.confirmation' order by kind`,
    )
    expect(told).toEqual([
      { kind: 'booking.cancelled', recipient: 'ada@example.com' },
      { kind: 'booking.rescheduled', recipient: 'ben@example.com' },
    ])
  })

  test('of a course moves the seat, and closes the session nobody is left in', async () => {
    await using world = await createWorld()
    const booked = await bookWithAda(world, { service: 'course' })
    expect((await byLink(world, booked, 'PATCH', ELEVEN)).status).toBe(200)
    expect(await world.sql('select starts_at from group_session')).toEqual([
      { starts_at: new Date(`${TUESDAY}T10:00:00Z`) },
    ])
  })

  test('of a course to its own time is possible, as it is offered', async () => {
    await using world = await createWorld()
    const booked = await bookWithAda(world, { service: 'course' })
    const query = `&rescheduling=${booked.id}&token=${booked.token}`
    expect(timesOf(await slotsOn(world, { service: 'course', query }))).toContain('10:00')
    const { status, body } = await byLink(world, booked, 'PATCH', { start: `${TUESDAY}T10:00:00+01:00` })
    expect({ status, start: body.start }).toEqual({ status: 200, start: `${TUESDAY}T09:00:00Z` })
    expect(await world.sql('select 1 from group_session')).toHaveLength(1)
    expect(await world.sql('select 1 from claim')).toHaveLength(1)
    expect(await world.sql('select 1 from seat')).toHaveLength(1)
  })
})

describe('cancelling a booking by its link', () => {
  test('frees the time, tells both sides, and cannot be done twice', async () => {
    await using world = await createWorld()
    const booked = await bookWithAda(world)
    const { status, body } = await byLink(world, booked, 'DELETE')
    expect({ status, state: body.state, by: body.cancelledBy }).toEqual({
      status: 200,
      state: 'cancelled',
      by: 'customer',
    })
    expect(await world.sql('select 1 from claim')).toHaveLength(0)
    expect(await world.sql(`select 1 from message where kind = 'booking.cancelled'`)).toHaveLength(2)
    expect((await byLink(world, booked, 'DELETE')).body.code).toBe('booking.not_active')
  })

  test('is refused when the policy asks for more notice, and the view says so', async () => {
    await using world = await createWorld()
    await world.sql('update service set cancel_notice_min = 1440, reschedule_notice_min = 1440')
    const booked = await bookWithAda(world)
    world.clock.advance(2 * 3_600_000)
    expect((await byLink(world, booked, 'GET')).body).toMatchObject({ canCancel: false, canReschedule: false })
    expect((await byLink(world, booked, 'DELETE')).body.code).toBe('booking.too_late')
    expect((await byLink(world, booked, 'PATCH', ELEVEN)).body.code).toBe('booking.too_late')
  })
})

describe('a link', () => {
  test.each(['GET', 'PATCH', 'DELETE'] as const)(
    'that is forged, cut, empty, or of another booking, lets nobody %s, and nothing changes',
    async (method) => {
      await using world = await createWorld()
      const mine = await bookWithAda(world)
      const other = await bookWithAda(world, ELEVEN)
      const flipped = Buffer.from(mine.token, 'base64url')
      flipped.writeUInt8(flipped.readUInt8(flipped.length - 1) ^ 1, flipped.length - 1)
      const newer = Buffer.from(mine.token, 'base64url')
      newer.writeUInt16BE(2, 16)
      const forged = [flipped.toString('base64url'), newer.toString('base64url'), mine.token.slice(4), 'x']
      const before = await fingerprint(world)
      for (const token of [...forged, other.token]) {
        const payload = method === 'PATCH' ? { start: `${TUESDAY}T12:00:00+01:00` } : undefined
        const { status, body } = await byLink(world, { id: mine.id, token }, method, payload)
        expect({ status, code: body.code }).toEqual({ status: 403, code: 'booking.link_invalid' })
      }
      expect((await byLink(world, { id: mine.id, token: '' }, 'DELETE')).status).toBe(400)
      expect(await fingerprint(world)).toBe(before)
    },
  )

  test('of another organization opens nothing here, nor with its own organization swapped in', async () => {
    await using world = await createWorld()
    const elsewhere = await world.addBusiness('other')
    const mine = await bookWithAda(world)
    const theirs = await bookWithAda({ ...world, ...elsewhere })
    const swapped = Buffer.from(theirs.token, 'base64url')
    Buffer.from(world.organizationId.replaceAll('-', ''), 'hex').copy(swapped)
    const before = await fingerprint(world)
    for (const link of [
      { id: mine.id, token: theirs.token },
      { id: theirs.id, token: mine.token },
      { id: theirs.id, token: swapped.toString('base64url') },
    ]) {
      expect((await byLink(world, link, 'DELETE')).body.code).toBe('booking.link_invalid')
    }
    const query = `&rescheduling=${theirs.id}&token=${theirs.token}`
    const url = `/api/v1/organizations/${world.slug}/services/consultation/slots?from=${TUESDAY}&to=${TUESDAY}${query}`
    expect((await world.inject({ url })).json().code).toBe('booking.link_invalid')
    expect(await fingerprint(world)).toBe(before)
  })

  test('that has expired changes nothing any more', async () => {
    await using world = await createWorld()
    const booked = await bookWithAda(world)
    world.clock.set('2026-04-02T09:31:00Z')
    const before = await fingerprint(world)
    for (const [method, payload] of [['DELETE'], ['PATCH', { start: '2026-04-07T10:00:00+02:00' }]] as const) {
      const { status, body } = await byLink(world, booked, method, payload)
      expect({ status, code: body.code }).toEqual({ status: 410, code: 'booking.link_expired' })
    }
    expect(await fingerprint(world)).toBe(before)
  })

  test('expires thirty days after the appointment', async () => {
    await using world = await createWorld()
    const booked = await bookWithAda(world)
    world.clock.set('2026-04-02T09:29:00Z')
    expect((await byLink(world, booked, 'GET')).status).toBe(200)
    world.clock.set('2026-04-02T09:31:00Z')
    const { status, body } = await byLink(world, booked, 'GET')
    expect({ status, code: body.code }).toEqual({ status: 410, code: 'booking.link_expired' })
  })

  test('that was revoked is refused', async () => {
    await using world = await createWorld()
    const booked = await bookWithAda(world)
    await world.sql('update booking set link_version = 2')
    expect((await byLink(world, booked, 'GET')).body.code).toBe('booking.link_invalid')
  })

  test('gives the appointment as a calendar file', async () => {
    await using world = await createWorld()
    const { id, token } = await bookWithAda(world)
    const answer = await world.inject({ url: `/api/v1/bookings/${id}/calendar.ics?token=${token}` })
    expect(answer.headers['content-type']).toContain('text/calendar')
    expect(answer.body).toContain('BEGIN:VEVENT')
    expect(answer.body).toContain(id)
  })
})

describe('members', () => {
  test('move and cancel past the policy, and the trail says who', async () => {
    await using world = await createWorld()
    await world.sql('update service set cancel_notice_min = 100000, reschedule_notice_min = 100000')
    const { id } = await bookWithAda(world)
    const headers = await world.signIn('provider')
    world.clock.advance(60_000)
    const url = `/api/v1/organizations/${world.slug}/bookings/${id}`
    expect((await world.inject({ method: 'PATCH', url, headers, payload: ELEVEN })).json()).toMatchObject({
      start: `${TUESDAY}T10:00:00Z`,
    })
    world.clock.advance(60_000)
    const cancelled = await world.inject({ method: 'DELETE', url: `${url}?reason=Illness`, headers })
    expect(cancelled.json()).toMatchObject({ state: 'cancelled', cancelledBy: 'member', cancelReason: 'Illness' })
    const trail = await world.sql('select action, actor_kind from audit_event where entity_id = $1 order by at, id', [
      id,
    ])
    expect(trail.map(({ action }) => action)).toEqual(['booking.created', 'booking.moved', 'booking.cancelled'])
    expect(trail.at(-1)?.['actor_kind']).toBe('member')
  })

  test('list bookings page by page in the order of their starts', async () => {
    await using world = await createWorld()
    for (const hour of ['11', '09', '10']) await bookWithAda(world, { start: `${TUESDAY}T${hour}:00:00+01:00` })
    const headers = await world.signIn('viewer')
    const url = `/api/v1/organizations/${world.slug}/bookings?limit=2`
    const first = (await world.inject({ url, headers })).json()
    expect(first.items.map(({ start }: { start: string }) => start.slice(11, 16))).toEqual(['08:00', '09:00'])
    const second = (await world.inject({ url: `${url}&cursor=${first.nextCursor}`, headers })).json()
    expect(second.items).toHaveLength(1)
    expect(second.nextCursor).toBeUndefined()
  })

  test('nobody else sees them', async () => {
    await using world = await createWorld()
    const { id } = await bookWithAda(world)
    const answer = await world.inject({ url: `/api/v1/organizations/${world.slug}/bookings/${id}` })
    expect({ status: answer.statusCode, code: answer.json().code }).toEqual({ status: 401, code: 'auth.required' })
  })
})
