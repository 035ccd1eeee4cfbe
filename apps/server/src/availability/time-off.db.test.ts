import { describe, expect, test } from 'vitest'
import { at, booked, openOffice, outcomeOf } from '../../test/office.ts'
import { book, slotsOn, timesOf, TUESDAY } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'

const NEXT_TUESDAY = '2026-03-10'
const MORNING = { startsAt: `${TUESDAY}T09:00`, timeZone: 'Europe/Berlin', durationMin: 180 }

/** Enters time off of somebody, as an owner. */
async function off(world: World, subjectId: string, times: object, kind: 'providers' | 'resources' = 'providers') {
  const { headers } = await openOffice(world)
  const url = `/api/v1/organizations/${world.slug}/${kind}/${subjectId}/time-off`
  const answer = await world.inject({ method: 'POST', url, headers, payload: times })
  expect(answer.statusCode).toBe(201)
  return { headers, id: answer.json<{ id: string }>().id }
}

const timesWith = async (world: World, providerId: string, date = TUESDAY) =>
  timesOf(await slotsOn(world, { date, query: `&provider=${providerId}` }))

describe('while somebody is off', () => {
  test('their times are not offered, those of others are; and they come back when it is taken back', async () => {
    await using world = await createWorld()
    const before = await timesWith(world, world.ada.id)
    const { headers, id } = await off(world, world.ada.id, MORNING)
    expect(await timesWith(world, world.ada.id)).toEqual(before.filter((time) => time >= '12:00'))
    expect(await timesWith(world, world.ben.id)).toEqual(before)
    const url = `/api/v1/organizations/${world.slug}/time-off/${id}`
    expect((await world.inject({ method: 'DELETE', url, headers })).statusCode).toBe(204)
    expect(await timesWith(world, world.ada.id)).toEqual(before)
  })

  test('they are not booked, even by a process that has not heard of it', async () => {
    await using world = await createWorld()
    const other = await world.addInstance()
    const ask = (inject: World['inject'], start: string) =>
      inject({
        method: 'POST',
        url: `/api/v1/organizations/${world.slug}/bookings`,
        payload: {
          ...{ service: 'consultation', provider: world.ada.id, start },
          customer: { name: 'Grace', email: 'grace@example.com' },
        },
      })
    // It knows the service from here on.
    expect((await ask(other.inject, at('14:00'))).statusCode).toBe(201)
    await off(world, world.ada.id, MORNING)
    const refused = await ask(other.inject, at('10:00'))
    expect({ status: refused.statusCode, code: refused.json<{ code: string }>().code }).toEqual({
      ...{ status: 409, code: 'booking.slot_taken' },
    })
    expect((await ask(other.inject, at('12:00'))).statusCode).toBe(201)
  })

  test('a course of theirs that people have booked keeps them, and takes nobody else', async () => {
    await using world = await createWorld()
    const course = { service: 'course', provider: world.ada.id }
    await booked(world, course)
    const joined = { ...course, customer: { name: 'Mary', email: 'mary@example.com' } }
    const query = `&provider=${world.ada.id}`
    const isOffered = async () =>
      (await slotsOn(world, { ...course, query })).some(({ start }) => start === at('10:00'))
    expect(await isOffered()).toBe(true)
    await off(world, world.ada.id, MORNING)
    expect(await isOffered()).toBe(false)
    expect(await outcomeOf(world, joined)).toMatch(/^409 booking\.slot_taken/)
  })

  test('somebody else serves whoever does not mind', async () => {
    await using world = await createWorld()
    await off(world, world.ada.id, MORNING)
    const { body } = await book(world)
    expect(body.booking.provider.id).toBe(world.ben.id)
  })

  test('bookings that there are stay, and can be moved out of it but not within it', async () => {
    await using world = await createWorld()
    const { body } = await book(world, { provider: world.ada.id })
    await off(world, world.ada.id, MORNING)
    const url = `/api/v1/bookings/${body.booking.id}?token=${body.token}`
    const move = async (time: string) => {
      const payload = { start: at(time), provider: world.ada.id }
      return (await world.inject({ method: 'PATCH', url, payload })).statusCode
    }
    expect(await move('11:00')).toBe(409)
    expect(await move('13:00')).toBe(200)
  })

  test('members are told why, strangers only that the time is taken', async () => {
    await using world = await createWorld()
    const { headers } = await off(world, world.ada.id, { ...MORNING, note: 'At the dentist' })
    const path = `/services/consultation/explanation?provider=${world.ada.id}&start=${encodeURIComponent(at('10:00'))}`
    const url = `/api/v1/organizations/${world.slug}${path}`
    const stranger = (await world.inject({ url })).json<object>()
    expect(stranger).toMatchObject({ offered: false, reason: 'taken' })
    expect(stranger).not.toHaveProperty('refusals')
    const member = (await world.inject({ url, headers })).json<object>()
    expect(member).toMatchObject({
      refusals: [
        {
          reason: 'not_enough',
          absent: [{ id: world.ada.id, causes: [{ cause: 'busy', kind: 'time_off', from: `${TUESDAY}T08:00:00Z` }] }],
        },
      ],
    })
    expect(JSON.stringify([stranger, member])).not.toContain('dentist')
  })
})

test('time off that comes back keeps its local time when the clocks change', async () => {
  await using world = await createWorld({ now: '2026-03-23T08:00:00Z' })
  const lunch = {
    startsAt: '2026-03-24T12:00',
    timeZone: 'Europe/Berlin',
    durationMin: 60,
    rule: 'FREQ=WEEKLY;BYDAY=TU',
  }
  await off(world, world.ada.id, lunch)
  for (const date of ['2026-03-24', '2026-03-31', '2026-04-07']) {
    const times = await timesWith(world, world.ada.id, date)
    expect({
      date,
      noon: times.includes('12:00'),
      half: times.includes('12:30'),
      after: times.includes('13:00'),
    }).toEqual({ date, noon: false, half: false, after: true })
  }
})

test('a room that is off is missing where the service needs it, all of its units', async () => {
  await using world = await createWorld()
  expect(timesOf(await slotsOn(world, { service: 'treatment' }))).toContain('10:00')
  await off(world, world.rooms.id, MORNING, 'resources')
  const times = timesOf(await slotsOn(world, { service: 'treatment' }))
  expect(times).not.toContain('10:00')
  expect(times).toContain('13:00')
})

test('time off and bookings together leave what neither takes', async () => {
  await using world = await createWorld()
  await booked(world, { provider: world.ada.id, start: at('13:00') })
  await off(world, world.ada.id, { ...MORNING, rule: 'FREQ=WEEKLY' })
  const times = await timesWith(world, world.ada.id)
  expect(times).not.toContain('13:00')
  expect(times[0]).toBe('12:00')
  expect(await timesWith(world, world.ada.id, NEXT_TUESDAY)).not.toContain('10:00')
})
