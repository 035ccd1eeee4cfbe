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
import { book, slotsOn, timesOf } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'

const service = 'course'

/** A course for three that needs one of two rooms, by Ada or Ben. */
async function inRooms(world: World) {
  const office = await openOffice(world)
  await office.needs(world.course.id, [
    { lengthMin: null, requirements: [person(world.ada.id, world.ben.id), thing(world.rooms.id)] },
  ])
  return office
}

const customer = (index: number) => ({ customer: { name: 'C', email: `c${index}@example.com` } })

describe('a course that needs a room', () => {
  test('claims its host and one unit of the room once, however many come', async () => {
    await using world = await createWorld()
    await inRooms(world)
    for (let index = 0; index < 3; index++) await booked(world, { service, ...customer(index) })
    expect(await claimsIn(world)).toEqual(['Ada 10:00-11:00 +0 +0', 'Room 1 10:00-11:00 +0 +0'])
    await booked(world, { service, ...customer(3) })
    expect(await claimsIn(world)).toEqual([
      'Ada 10:00-11:00 +0 +0',
      'Ben 10:00-11:00 +0 +0',
      'Room 1 10:00-11:00 +0 +0',
      'Room 2 10:00-11:00 +0 +0',
    ])
    expect((await slotsOn(world, { service })).find(({ start }) => start === at('10:00'))?.seatsLeft).toBe(2)
  })

  test('cannot begin while all rooms are in use, but one that has begun can be joined', async () => {
    await using world = await createWorld()
    const office = await inRooms(world)
    await office.patchResource(world.rooms.id, { quantity: 1 })
    await booked(world, { service })
    const seat = (await slotsOn(world, { service })).find(({ start }) => start === at('10:00'))
    expect(seat).toMatchObject({ seatsLeft: 2, providers: [world.ada.id] })
    expect(await outcomeOf(world, { service, provider: world.ben.id })).toContain('slot_taken')
    expect(await outcomeOf(world, { service, seats: 2, ...customer(1) })).toBe('booked')
    expect(await outcomeOf(world, { service, ...customer(2) })).toContain('slot_taken')
    const listed = await expectOfferedIsBookable(world, { service, stepMin: 30 })
    expect(listed).toEqual(['09:00', '11:00', '12:00', '13:00', '14:00', '15:00', '16:00'])
  })

  test('frees its room when the last one leaves, and not before', async () => {
    await using world = await createWorld()
    await inRooms(world)
    const first = await booked(world, { service, ...customer(0) })
    const second = await booked(world, { service, ...customer(1) })
    await byLink(world, first, 'DELETE')
    expect(await claimsIn(world)).toHaveLength(2)
    await byLink(world, second, 'PATCH', { start: at('12:00') })
    expect(await claimsIn(world)).toEqual(['Ada 12:00-13:00 +0 +0', 'Room 1 12:00-13:00 +0 +0'])
    await byLink(world, second, 'DELETE')
    expect(await claimsIn(world)).toEqual([])
  })

  test('has one session and no seat too many when many come at once through two instances', async () => {
    await using world = await createWorld()
    const office = await inRooms(world)
    await office.patchResource(world.rooms.id, { quantity: 1 })
    const other = { ...world, ...(await world.addInstance()) }
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        outcomeOf(index % 2 === 0 ? world : other, { service, ...customer(index) }),
      ),
    )
    expect(outcomes.filter((outcome) => outcome === 'booked')).toHaveLength(3)
    expect(await claimsIn(world)).toHaveLength(2)
  })
})

describe('a course that two people give together', () => {
  async function together(world: World) {
    const office = await openOffice(world)
    const cleo = await office.addProvider('Cleo')
    await office.needs(world.course.id, [
      { lengthMin: null, requirements: [{ ...person(world.ada.id, world.ben.id), count: 2 }, person(cleo)] },
    ])
    return { office, cleo }
  }

  test('is joined with whichever of them people ask for', async () => {
    await using world = await createWorld()
    const { cleo } = await together(world)
    const { body } = await book(world, { service, provider: world.ben.id, ...customer(0) })
    expect(body.booking.provider.name).toBe('Ben')
    expect(await claimsIn(world)).toHaveLength(3)
    expect(await outcomeOf(world, { service, provider: world.ada.id, ...customer(1) })).toBe('booked')
    expect(await outcomeOf(world, { service, provider: cleo, ...customer(2) })).toBe('booked')
    expect(await outcomeOf(world, { service, ...customer(3) })).toContain('slot_taken')
    expect(await world.sql('select 1 from group_session')).toHaveLength(1)
    expect(await claimsIn(world)).toHaveLength(3)
  })

  test('is joined by those who asked for nobody when its host is not the first of the list', async () => {
    await using world = await createWorld()
    await together(world)
    await booked(world, { service, provider: world.ben.id, ...customer(0) })
    expect(await outcomeOf(world, { service, ...customer(1) })).toBe('booked')
    expect(await expectOfferedIsBookable(world, { service, stepMin: 30 })).toContain('10:00')
  })

  test('is joined by an override, too', async () => {
    await using world = await createWorld()
    await together(world)
    await booked(world, { service, provider: world.ben.id, ...customer(0) })
    const headers = await world.signIn('manager')
    const { status } = await book(world, { service, override: true, ...customer(1) }, headers)
    expect(status).toBe(201)
    expect(await world.sql('select 1 from group_session')).toHaveLength(1)
  })

  test('is not the session of somebody else for those who choose one of a second requirement', async () => {
    await using world = await createWorld()
    const { office, cleo } = await together(world)
    const dan = await office.addProvider('Dan')
    await office.needs(world.course.id, [
      { lengthMin: null, requirements: [person(world.ada.id, world.ben.id), person(cleo, dan)] },
    ])
    await booked(world, { service, ...customer(0) })
    expect(await outcomeOf(world, { service, provider: dan, ...customer(1) })).toBe('booked')
    expect(await claimsIn(world)).toEqual([
      'Ada 10:00-11:00 +0 +0',
      'Ben 10:00-11:00 +0 +0',
      'Cleo 10:00-11:00 +0 +0',
      'Dan 10:00-11:00 +0 +0',
    ])
  })
})

describe('a course whose host serves it no longer', () => {
  test('takes nobody else, and its times are those of the others', async () => {
    await using world = await createWorld()
    const office = await inRooms(world)
    await booked(world, { service, provider: world.ada.id, ...customer(0) })
    await office.needs(world.course.id, [
      { lengthMin: null, requirements: [person(world.ben.id), thing(world.rooms.id)] },
    ])
    expect(timesOf(await slotsOn(world, { service }))).toContain('10:00')
    const { body } = await book(world, { service, ...customer(1) })
    expect(body.booking.provider.name).toBe('Ben')
    expect(await claimsIn(world)).toHaveLength(4)
  })
})
