import { describe, expect, test } from 'vitest'
import { createWorld, type World } from '../../test/world.ts'
import type { ImpactView } from './impact.schemas.ts'

const TUESDAY = '2026-03-03'

async function bookAt(world: World, service: string, start: string): Promise<string> {
  const customer = { name: 'Clara', email: 'clara@example.com' }
  const url = `/api/v1/organizations/${world.slug}/bookings`
  const answer = await world.inject({ method: 'POST', url, payload: { service, start, customer } })
  expect(answer.statusCode).toBe(201)
  return answer.json<{ booking: { id: string } }>().booking.id
}

async function impactOf(world: World, payload: object): Promise<ImpactView> {
  const headers = await world.signIn('manager')
  const url = `/api/v1/organizations/${world.slug}/impact`
  const answer = await world.inject({ method: 'POST', url, headers, payload })
  expect(answer.statusCode).toBe(200)
  return answer.json<ImpactView>()
}

const scheduleOf = async (world: World, providerId: string) => {
  const [row] = await world.sql<{ schedule_id: string }>('select schedule_id from provider where id = $1', [providerId])
  return row?.schedule_id ?? ''
}

describe('a change that is only thought of', () => {
  test('of hours names the bookings that no longer fit, and what in the hours says so', async () => {
    await using world = await createWorld()
    const id = await bookAt(world, 'consultation', `${TUESDAY}T09:00:00Z`)
    const schedule = await scheduleOf(world, world.ada.id)
    const closed = { id: schedule, changes: { overrides: [{ date: TUESDAY, windows: [] }] } }
    const { bookings, checked, isComplete } = await impactOf(world, { schedule: closed })
    expect(bookings.map((booking) => booking.id)).toEqual([id])
    expect(bookings[0]?.misfits).toMatchObject([
      { of: 'subject', cause: 'closed', because: { kind: 'override', date: TUESDAY } },
    ])
    expect({ checked, isComplete }).toEqual({ checked: 1, isComplete: true })
  })

  test('that leaves the time open touches nothing', async () => {
    await using world = await createWorld()
    await bookAt(world, 'consultation', `${TUESDAY}T09:00:00Z`)
    const schedule = await scheduleOf(world, world.ada.id)
    const { bookings } = await impactOf(world, {
      schedule: { id: schedule, changes: { overrides: [{ date: '2026-03-04', windows: [] }] } },
    })
    expect(bookings).toEqual([])
  })

  test('of time off names the bookings in it, but not those in time off that is there already', async () => {
    await using world = await createWorld()
    const id = await bookAt(world, 'consultation', `${TUESDAY}T09:00:00Z`)
    const [row] = await world.sql<{ provider_id: string }>('select provider_id from booking where id = $1', [id])
    const off = { startsAt: `${TUESDAY}T08:00`, timeZone: 'Europe/Berlin', durationMin: 180 }
    const timeOff = { id: row?.provider_id, ...off }
    const first = await impactOf(world, { timeOff })
    expect(first.bookings.map((booking) => booking.id)).toEqual([id])
    expect(first.bookings[0]?.misfits).toMatchObject([{ of: 'subject', id: row?.provider_id, cause: 'busy' }])
    expect((await impactOf(world, { timeOff: { ...timeOff, durationMin: 60 } })).bookings).toEqual([])
    const headers = await world.signIn('manager')
    const url = `/api/v1/organizations/${world.slug}/providers/${row?.provider_id}/time-off`
    expect((await world.inject({ method: 'POST', url, headers, payload: off })).statusCode).toBe(201)
    expect((await impactOf(world, { provider: { id: row?.provider_id } })).bookings).toEqual([])
  })

  test('of a person who leaves names what they have to do, and a booking that was cancelled is none', async () => {
    await using world = await createWorld()
    const id = await bookAt(world, 'consultation', `${TUESDAY}T09:00:00Z`)
    const [row] = await world.sql<{ provider_id: string }>('select provider_id from booking where id = $1', [id])
    const provider = { id: row?.provider_id, active: false }
    const before = await impactOf(world, { provider })
    expect(before.bookings[0]?.misfits).toMatchObject([{ of: 'subject', id: row?.provider_id, cause: 'gone' }])
    await world.sql(
      `update booking set state = 'cancelled', cancelled_at = now(), cancelled_by = 'member' where id = $1`,
      [id],
    )
    expect((await impactOf(world, { provider })).bookings).toEqual([])
  })

  test('changes nothing', async () => {
    await using world = await createWorld()
    const schedule = await scheduleOf(world, world.ada.id)
    const before = await world.sql('select * from schedule_override')
    await impactOf(world, { schedule: { id: schedule, changes: { overrides: [{ date: TUESDAY, windows: [] }] } } })
    expect(await world.sql('select * from schedule_override')).toEqual(before)
  })
})

test.each([
  ['nothing at all', {}],
  ['two changes at once', { provider: { id: crypto.randomUUID() }, resource: { id: crypto.randomUUID() } }],
  ['hours that cannot be', { schedule: { id: crypto.randomUUID(), changes: { timeZone: 'Mars/Olympus' } } }],
])('%s is refused', async (_what, payload) => {
  await using world = await createWorld()
  const headers = await world.signIn('manager')
  const url = `/api/v1/organizations/${world.slug}/impact`
  const answer = await world.inject({ method: 'POST', url, headers, payload })
  expect([400, 404, 422]).toContain(answer.statusCode)
})

test('somebody or something that there is not is said', async () => {
  await using world = await createWorld()
  const headers = await world.signIn('manager')
  const url = `/api/v1/organizations/${world.slug}/impact`
  const payload = { resource: { id: crypto.randomUUID(), quantity: 1 } }
  const answer = await world.inject({ method: 'POST', url, headers, payload })
  expect(answer.json()).toMatchObject({ status: 404, detail: 'There is no such resource.' })
})
