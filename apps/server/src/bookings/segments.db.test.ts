import { describe, expect, test } from 'vitest'
import {
  at,
  booked,
  byLink,
  claimsIn,
  expectOfferedIsBookable,
  openOffice,
  outcomeOf,
  person,
  thing,
} from '../../test/office.ts'
import { book, fingerprint, slotsOn, timesOf } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'

const service = 'treatment'

/** Twenty minutes with Cleo in room A or B, then forty with Ada and the laser; five minutes before and ten after. */
async function clinic(world: World) {
  const office = await openOffice(world)
  const cleo = await office.addProvider('Cleo')
  const roomA = await office.addResource('Room A', { cleanUpMin: 10 })
  const roomB = await office.addResource('Room B')
  const laser = await office.addResource('Laser', { setUpMin: 15, cleanUpMin: 5 })
  await office.patchService(world.treatment.id, { bufferBeforeMin: 5, bufferAfterMin: 10, stepMin: 15 })
  await office.needs(world.treatment.id, [
    { lengthMin: 20, requirements: [person(cleo), thing(roomA, roomB)] },
    { lengthMin: 40, requirements: [person(world.ada.id, world.ben.id), thing(laser)] },
  ])
  return { office, cleo, roomA, roomB, laser }
}

const AT_TEN = [
  'Cleo 09:55-10:20 +5 +0',
  'Room A 09:55-10:30 +5 +10',
  'Laser 10:05-11:10 +15 +10',
  'Ada 10:20-11:10 +0 +10',
]

describe('an appointment in two segments', () => {
  test('claims everybody and everything for their own part, with its margins', async () => {
    await using world = await createWorld()
    await clinic(world)
    const { body } = await book(world, { service })
    expect(body.booking).toMatchObject({ start: '2026-03-03T09:00:00Z', end: '2026-03-03T10:00:00Z' })
    expect(body.booking.provider.name).toBe('Cleo')
    expect(await claimsIn(world, body.booking.id)).toEqual(AT_TEN)
  })

  test('is offered when all of it is free, minute by minute, and overlaps others where it can', async () => {
    await using world = await createWorld()
    await clinic(world)
    await booked(world, { service })
    const listed = await expectOfferedIsBookable(world, { service, stepMin: 5, from: '09:00', to: '12:30' })
    // The laser is taken from 10:05 to 11:10, with its own set-up before: the next one starts at 11:15 with 11:10 + 15 - 20.
    expect(listed.slice(0, 3)).toEqual(['11:15', '11:30', '11:45'])
    expect(timesOf(await slotsOn(world, { service, query: `&provider=${world.ben.id}` }))[0]).toBe('11:15')
    // Cleo is free in the second half.
    expect(timesOf(await slotsOn(world, { service: 'consultation' }))).toContain('10:30')
  })

  test('lasts as long as its segments together, whoever asks for what', async () => {
    await using world = await createWorld()
    await clinic(world)
    const slot = (await slotsOn(world, { service })).find(({ start }) => start === at('10:00'))
    expect(slot?.end).toBe(at('11:00'))
    expect((await book(world, { service, duration: 30 })).status).toBe(400)
    expect((await book(world, { service, duration: 60 })).status).toBe(201)
  })

  test('lets people choose who serves in any segment', async () => {
    await using world = await createWorld()
    const { cleo } = await clinic(world)
    const { id } = await booked(world, { service, provider: world.ben.id })
    expect(await claimsIn(world, id)).toEqual([...AT_TEN.slice(0, 3), 'Ben 10:20-11:10 +0 +10'])
    expect(await outcomeOf(world, { service, provider: cleo, start: at('11:30') })).toBe('booked')
  })

  test('with a pause in between leaves it to others', async () => {
    await using world = await createWorld()
    const { office } = await clinic(world)
    await office.patchService(world.treatment.id, { bufferBeforeMin: 0, bufferAfterMin: 0 })
    await office.needs(world.treatment.id, [
      { lengthMin: 15, requirements: [person(world.ada.id)] },
      { lengthMin: 30, requirements: [] },
      { lengthMin: 15, requirements: [person(world.ada.id)] },
    ])
    const { id } = await booked(world, { service })
    expect(await claimsIn(world, id)).toEqual(['Ada 10:00-10:15 +0 +0', 'Ada 10:45-11:00 +0 +0'])
    await office.patchService(world.consultation.id, { stepMin: 15 })
    expect(await outcomeOf(world, { provider: world.ada.id, start: at('10:15') })).toBe('booked')
    await expectOfferedIsBookable(world, { service, stepMin: 15 })
  })

  test('by the same person, one after the other, is one claim', async () => {
    await using world = await createWorld()
    const { office, roomA } = await clinic(world)
    await office.needs(world.treatment.id, [
      { lengthMin: 20, requirements: [person(world.ada.id), thing(roomA)] },
      { lengthMin: 40, requirements: [person(world.ada.id, world.ben.id), thing(roomA)] },
    ])
    const { id } = await booked(world, { service })
    expect(await claimsIn(world, id)).toEqual(['Ada 09:55-11:10 +5 +10', 'Room A 09:55-11:10 +5 +10'])
    const busy = { provider: world.ada.id, start: at('10:00') }
    expect(await outcomeOf(world, busy)).toContain('slot_taken')
    await expectOfferedIsBookable(world, { service, stepMin: 15 })
  })
})

describe('holds, moves, cancellations and overrides of segments', () => {
  test('a hold claims all parts and becomes the booking of them', async () => {
    await using world = await createWorld()
    await clinic(world)
    const url = `/api/v1/organizations/${world.slug}/holds`
    const answer = await world.inject({ method: 'POST', url, payload: { service, start: at('10:00') } })
    const { id: hold, end } = answer.json<{ id: string; end: string }>()
    expect(end).toBe('2026-03-03T10:00:00Z')
    expect(await claimsIn(world, hold)).toEqual(AT_TEN)
    expect(await outcomeOf(world, { service })).toContain('slot_taken')
    const { id } = await booked(world, { service, hold })
    expect(await claimsIn(world)).toEqual(AT_TEN)
    expect(await claimsIn(world, id)).toEqual(AT_TEN)
  })

  test('a hold that was released, or has expired, leaves nothing', async () => {
    await using world = await createWorld()
    await clinic(world)
    const url = `/api/v1/organizations/${world.slug}/holds`
    const payload = { service, start: at('10:00') }
    const { id } = (await world.inject({ method: 'POST', url, payload })).json<{ id: string }>()
    expect((await world.inject({ method: 'DELETE', url: `${url}/${id}` })).statusCode).toBe(204)
    expect(await claimsIn(world)).toEqual([])
    await world.inject({ method: 'POST', url, payload })
    world.clock.advance(5 * 60_000 + 1)
    expect(timesOf(await slotsOn(world, { service }))).toContain('10:00')
    expect(await outcomeOf(world, { service })).toBe('booked')
    expect(await claimsIn(world)).toEqual(AT_TEN)
  })

  test('a move frees and claims all parts, and may overlap its own', async () => {
    await using world = await createWorld()
    await clinic(world)
    const booking = await booked(world, { service })
    const query = `&rescheduling=${booking.id}&token=${booking.token}`
    expect(timesOf(await slotsOn(world, { service, query }))).toContain('10:15')
    const { status, body } = await byLink(world, booking, 'PATCH', { start: at('10:15') })
    expect({ status, end: body.end }).toEqual({ status: 200, end: '2026-03-03T10:15:00Z' })
    expect(await claimsIn(world)).toEqual([
      'Cleo 10:10-10:35 +5 +0',
      'Room A 10:10-10:45 +5 +10',
      'Laser 10:20-11:25 +15 +10',
      'Ada 10:35-11:25 +0 +10',
    ])
    expect((await byLink(world, booking, 'DELETE')).status).toBe(200)
    expect(await claimsIn(world)).toEqual([])
    expect(timesOf(await slotsOn(world, { service }))).toContain('10:00')
  })

  test('a move to a time at which one part is taken changes nothing', async () => {
    await using world = await createWorld()
    const { office, laser } = await clinic(world)
    await office.needs(world.consultation.id, [{ lengthMin: null, requirements: [person(world.ben.id), thing(laser)] }])
    await booked(world, { start: at('14:00') })
    const booking = await booked(world, { service })
    const before = await fingerprint(world)
    expect((await byLink(world, booking, 'PATCH', { start: at('13:30') })).body.code).toBe('booking.slot_taken')
    expect(await fingerprint(world)).toBe(before)
  })

  test('an override claims all parts at a time that is not offered, of those who are free', async () => {
    await using world = await createWorld()
    await clinic(world)
    const headers = await world.signIn('manager')
    const early = { service, override: true, start: at('07:07') }
    const { status, body } = await book(world, early, headers)
    expect(status).toBe(201)
    expect(await claimsIn(world, body.booking.id)).toEqual([
      'Cleo 07:02-07:27 +5 +0',
      'Room A 07:02-07:37 +5 +10',
      'Laser 07:12-08:17 +15 +10',
      'Ada 07:27-08:17 +0 +10',
    ])
    const again = await book(world, early, headers)
    expect({ status: again.status, code: again.body.code }).toEqual({ status: 409, code: 'booking.slot_taken' })
    expect(await claimsIn(world)).toHaveLength(4)
  })

  test.each(['2026-03-02T23:45:00Z', '2026-03-03T22:59:30.500Z', '2026-03-01T10:00:00Z'])(
    'an override is possible at night, within a minute and in the past: %s',
    async (start) => {
      await using world = await createWorld()
      await clinic(world)
      const headers = await world.signIn('manager')
      expect((await book(world, { service, override: true, start }, headers)).status).toBe(201)
      expect((await book(world, { service, override: true, start }, headers)).body.code).toBe('booking.slot_taken')
      expect(await claimsIn(world)).toHaveLength(4)
    },
  )

  test('an override moves all parts', async () => {
    await using world = await createWorld()
    await clinic(world)
    const { id } = await booked(world, { service, provider: world.ben.id })
    const headers = await world.signIn('manager')
    const url = `/api/v1/organizations/${world.slug}/bookings/${id}`
    const payload = { start: at('18:00'), override: true }
    expect((await world.inject({ method: 'PATCH', url, headers, payload })).statusCode).toBe(200)
    expect((await claimsIn(world)).map((line) => line.replace(/ \+.*$/, ''))).toEqual([
      'Cleo 17:55-18:20',
      'Room A 17:55-18:30',
      'Laser 18:05-19:10',
      'Ada 18:20-19:10',
    ])
  })

  test('an override takes the room and the person that are free, not those that are listed first', async () => {
    await using world = await createWorld()
    const { office, roomA } = await clinic(world)
    await office.needs(world.consultation.id, [{ lengthMin: null, requirements: [person(world.ada.id), thing(roomA)] }])
    await office.patchService(world.treatment.id, { noticeMin: 100_000 })
    await booked(world, { start: at('10:00') })
    const headers = await world.signIn('manager')
    const { status, body } = await book(world, { service, override: true, start: at('09:45') }, headers)
    expect(status).toBe(201)
    expect(await claimsIn(world, body.booking.id)).toEqual(
      [
        'Room B 09:40-10:05 +5 +0',
        'Cleo 09:40-10:05 +5 +0',
        'Laser 09:50-10:55 +15 +10',
        'Ben 10:05-10:55 +0 +10',
      ].sort((a, b) => a.slice(-12).localeCompare(b.slice(-12)) || a.localeCompare(b)),
    )
  })
})

describe('a race for parts that overlap', () => {
  test('has one winner, and the others claim nothing', async () => {
    await using world = await createWorld()
    const { office, laser } = await clinic(world)
    await office.needs(world.consultation.id, [{ lengthMin: null, requirements: [person(world.ben.id), thing(laser)] }])
    const other = { ...world, ...(await world.addInstance()) }
    const wishes = [
      { service },
      { service, start: at('10:15') },
      { service: 'consultation', start: at('10:30') },
      { service, provider: world.ada.id },
      { service, start: at('09:45') },
    ]
    const outcomes = await Promise.all(
      wishes.map((wish, index) =>
        outcomeOf(index % 2 === 0 ? world : other, {
          ...wish,
          customer: { name: 'C', email: `c${index}@example.com` },
        }),
      ),
    )
    expect(outcomes.filter((outcome) => outcome === 'booked')).toHaveLength(1)
    expect(outcomes.filter((outcome) => !/^booked|slot_taken/.test(outcome))).toEqual([])
    const [{ owners } = { owners: 0 }] = await world.sql<{ owners: number }>(
      'select count(distinct booking_id)::int as owners from claim',
    )
    expect(owners).toBe(1)
  })
})
