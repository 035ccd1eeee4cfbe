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
import { book, slotsOn, timesOf, TUESDAY } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'

const TAKEN = '409 booking.slot_taken: This time is taken. Choose one of the free times nearby.'
const IN_USE =
  '409 booking.slot_taken: What this service needs is in use at this time. Choose one of the free times nearby.'

async function withCleo(world: World) {
  const office = await openOffice(world)
  return { office, cleo: await office.addProvider('Cleo') }
}

describe('two of three people', () => {
  async function panel(world: World) {
    const { office, cleo } = await withCleo(world)
    const both = { ...person(world.ada.id, world.ben.id, cleo), count: 2 }
    await office.needs(world.consultation.id, [{ lengthMin: null, requirements: [both] }])
    return { office, cleo }
  }

  test('are both claimed, and the time is gone when one is left', async () => {
    await using world = await createWorld()
    const { cleo } = await panel(world)
    const { id } = await booked(world, {})
    expect(await claimsIn(world, id)).toEqual(['Ada 10:00-10:30 +0 +0', 'Ben 10:00-10:30 +0 +0'])
    expect(await outcomeOf(world, { provider: cleo })).toBe(TAKEN)
    const listed = await expectOfferedIsBookable(world, { service: 'consultation', stepMin: 30 })
    expect(listed).toHaveLength(15)
    expect(listed).not.toContain('10:00')
  })

  test('are found among those who are free', async () => {
    await using world = await createWorld()
    const { office, cleo } = await panel(world)
    await office.addService('solo', { durationsMin: [30], providers: [world.ada.id] })
    await booked(world, { service: 'solo' })
    const slot = (await slotsOn(world)).find(({ start }) => start === at('10:00'))
    expect(slot?.providers).toEqual([world.ben.id, cleo])
    const { id } = await booked(world, {})
    expect(await claimsIn(world, id)).toEqual(['Ben 10:00-10:30 +0 +0', 'Cleo 10:00-10:30 +0 +0'])
  })

  test('have whoever was chosen among them, who leads', async () => {
    await using world = await createWorld()
    const { cleo } = await panel(world)
    const { body } = await book(world, { provider: cleo })
    expect(body.booking.provider.name).toBe('Cleo')
    expect(await claimsIn(world)).toEqual(['Ada 10:00-10:30 +0 +0', 'Cleo 10:00-10:30 +0 +0'])
    expect(await outcomeOf(world, { provider: cleo })).toBe(TAKEN)
  })

  test('cannot be booked by two at once when they overlap, through whichever instance', async () => {
    await using world = await createWorld()
    await panel(world)
    const other = { ...world, ...(await world.addInstance()) }
    const outcomes = await Promise.all([world, other, world, other].map((instance) => outcomeOf(instance, {})))
    expect(outcomes.sort()).toEqual([TAKEN, TAKEN, TAKEN, 'booked'])
    expect(await claimsIn(world)).toHaveLength(2)
  })

  test('are no longer offered when only one of them works here', async () => {
    await using world = await createWorld()
    const { office, cleo } = await panel(world)
    await office.patchProvider(cleo, { active: false })
    expect(await slotsOn(world)).not.toEqual([])
    await office.patchProvider(world.ben.id, { active: false })
    expect(await slotsOn(world)).toEqual([])
    expect(await outcomeOf(world, {})).toBe('409 booking.slot_refused: Nobody offers this service at the moment.')
    const answer = await book(world, { override: true }, await world.signIn('manager'))
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 409, code: 'booking.slot_refused' })
    expect(await claimsIn(world)).toEqual([])
  })
})

describe('a person, a room and devices', () => {
  async function laser(world: World) {
    const office = await openOffice(world)
    const lasers = await office.addResource('Laser', { quantity: 3, setUpMin: 15, cleanUpMin: 5 })
    const requirements = [person(world.ada.id, world.ben.id), thing(world.rooms.id), { ...thing(lasers), count: 2 }]
    await office.needs(world.treatment.id, [{ lengthMin: null, requirements }])
    return { office, lasers }
  }

  test('are claimed together, each with the longer one of its own and the service’s margins', async () => {
    await using world = await createWorld()
    await laser(world)
    const { id } = await booked(world, { service: 'treatment' })
    expect(await claimsIn(world, id)).toEqual([
      'Laser 1 09:45-10:40 +15 +10',
      'Laser 2 09:45-10:40 +15 +10',
      'Ada 10:00-10:40 +0 +10',
      'Room 1 10:00-10:40 +0 +10',
    ])
  })

  test('are all free or the time is not, and a refusal leaves nothing behind', async () => {
    await using world = await createWorld()
    await laser(world)
    await booked(world, { service: 'treatment' })
    // Ben is free and so is a room, but only one laser.
    expect(await outcomeOf(world, { service: 'treatment' })).toBe(IN_USE)
    expect(await claimsIn(world)).toHaveLength(4)
    const listed = await expectOfferedIsBookable(world, { service: 'treatment' })
    expect(listed.slice(0, 3)).toEqual(['09:00', '11:00', '11:30'])
    expect(timesOf(await slotsOn(world))).toContain('10:00')
  })

  test('count every unit: a smaller appointment still gets the last one', async () => {
    await using world = await createWorld()
    const { office, lasers } = await laser(world)
    await office.needs(world.consultation.id, [
      { lengthMin: null, requirements: [person(world.ada.id, world.ben.id), thing(lasers)] },
    ])
    await booked(world, { service: 'treatment' })
    const { id } = await booked(world, {})
    expect(await claimsIn(world, id)).toEqual(['Laser 3 09:45-10:35 +15 +5', 'Ben 10:00-10:30 +0 +0'])
    expect(await outcomeOf(world, { start: at('10:30') })).toBe(IN_USE)
    expect(await outcomeOf(world, { start: at('11:00') })).toBe('booked')
  })

  test('keep to the hours of a thing', async () => {
    await using world = await createWorld()
    const { office, lasers } = await laser(world)
    const scheduleId = await office.addSchedule({ weekly: [{ weekday: 2, startMin: 600, endMin: 660 }] })
    await office.patchResource(lasers, { scheduleId })
    expect(await expectOfferedIsBookable(world, { service: 'treatment' })).toEqual(['10:00', '10:30'])
    await office.patchResource(lasers, { quantity: 1 })
    expect(await slotsOn(world, { service: 'treatment' })).toEqual([])
  })
})

describe('fixed and one of', () => {
  async function pair(world: World) {
    const { office, cleo } = await withCleo(world)
    const requirements = [person(world.ada.id), person(world.ben.id, cleo)]
    await office.needs(world.consultation.id, [{ lengthMin: null, requirements }])
    return { office, cleo }
  }

  test('takes the fixed one, and one of the others', async () => {
    await using world = await createWorld()
    const { office } = await pair(world)
    await office.addService('solo', { durationsMin: [30], providers: [world.ben.id] })
    await booked(world, { service: 'solo' })
    const { id } = await booked(world, {})
    expect(await claimsIn(world, id)).toEqual(['Ada 10:00-10:30 +0 +0', 'Cleo 10:00-10:30 +0 +0'])
    expect(await outcomeOf(world, {})).toBe(TAKEN)
  })

  test('lets people choose whom they want of the others, and lists when these are free', async () => {
    await using world = await createWorld()
    const { office, cleo } = await pair(world)
    await office.addService('solo', { durationsMin: [60], providers: [cleo] })
    await booked(world, { service: 'solo' })
    const probe = { service: 'consultation', stepMin: 30 }
    const listed = await expectOfferedIsBookable(world, { ...probe, provider: cleo })
    expect(listed.slice(0, 4)).toEqual(['09:00', '09:30', '11:00', '11:30'])
    expect(await expectOfferedIsBookable(world, probe)).toHaveLength(16)
    const { id } = await booked(world, { provider: cleo, start: at('11:00') })
    expect(await claimsIn(world, id)).toEqual(['Ada 11:00-11:30 +0 +0', 'Cleo 11:00-11:30 +0 +0'])
  })

  test('never lets one person be both', async () => {
    await using world = await createWorld()
    const { office } = await pair(world)
    const requirements = [person(world.ada.id, world.ben.id), person(world.ada.id)]
    await office.needs(world.consultation.id, [{ lengthMin: null, requirements }])
    const { id } = await booked(world, {})
    expect(await claimsIn(world, id)).toEqual(['Ada 10:00-10:30 +0 +0', 'Ben 10:00-10:30 +0 +0'])
    await office.addService('solo', { durationsMin: [30], providers: [world.ben.id] })
    await booked(world, { service: 'solo', start: at('11:00') })
    const listed = await expectOfferedIsBookable(world, { service: 'consultation', stepMin: 30 })
    expect(listed).not.toContain('11:00')
    // Whoever asks for the one who serves in any case gets every time.
    const query = `&provider=${world.ada.id}`
    expect(timesOf(await slotsOn(world, { query }))).toEqual(listed)
    expect(await outcomeOf(world, { provider: world.ada.id, start: at('13:00') })).toBe('booked')
  })
})

describe('moving and cancelling', () => {
  test('frees all that was claimed, and claims all of it anew', async () => {
    await using world = await createWorld()
    const office = await openOffice(world)
    const laser = await office.addResource('Laser')
    const requirements = [{ ...person(world.ada.id, world.ben.id), count: 2 }, thing(world.rooms.id), thing(laser)]
    await office.needs(world.treatment.id, [{ lengthMin: null, requirements }])
    const booking = await booked(world, { service: 'treatment' })
    const free = async () => timesOf(await slotsOn(world, { service: 'treatment' }))
    expect(await free()).not.toContain('10:00')
    expect((await byLink(world, booking, 'PATCH', { start: at('10:30') })).status).toBe(200)
    expect(await claimsIn(world)).toEqual([
      'Ada 10:30-11:10 +0 +10',
      'Ben 10:30-11:10 +0 +10',
      'Laser 10:30-11:10 +0 +10',
      'Room 1 10:30-11:10 +0 +10',
    ])
    expect((await free()).slice(0, 3)).toEqual(['09:00', '09:30', '11:30'])
    expect((await byLink(world, booking, 'DELETE')).status).toBe(200)
    expect(await claimsIn(world)).toEqual([])
    expect(await free()).toHaveLength(16)
    expect(await outcomeOf(world, { service: 'treatment', start: `${TUESDAY}T09:30:00Z` })).toBe('booked')
  })
})
