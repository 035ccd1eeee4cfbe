import { describe, expect, test } from 'vitest'
import { at, booked, expectOfferedIsBookable, openOffice, outcomeOf, person } from '../../test/office.ts'
import { slotsOn, timesOf, TUESDAY } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'

const consultation = { service: 'consultation' }

async function worldWith(rules: object): Promise<World> {
  const world = await createWorld()
  await (await openOffice(world)).patchService(world.consultation.id, rules)
  return world
}

describe('starts', () => {
  test('stand so far behind the beginning of the hours as the service says', async () => {
    await using world = await worldWith({ stepMin: 60, stepOffsetMin: 15 })
    const listed = await expectOfferedIsBookable(world, consultation)
    expect(listed).toEqual(['09:15', '10:15', '11:15', '12:15', '13:15', '14:15', '15:15', '16:15'])
  })

  test('are counted from midnight where the service says so, however odd the hours', async () => {
    await using world = await worldWith({ stepMin: 40, stepFrom: 'midnight' })
    await world.sql('update schedule_window set start_min = 550, end_min = 770')
    // 14 times 40 minutes after midnight is the first that the hours from 9:10 to 12:50 have.
    const listed = await expectOfferedIsBookable(world, { ...consultation, stepMin: 10 })
    expect(listed).toEqual(['09:20', '10:00', '10:40', '11:20', '12:00'])
  })

  test('are counted from midnight plus the offset', async () => {
    await using world = await worldWith({ stepMin: 90, stepOffsetMin: 45, stepFrom: 'midnight' })
    expect(await expectOfferedIsBookable(world, consultation)).toEqual(['09:45', '11:15', '12:45', '14:15', '15:45'])
  })

  test('of people with other hours are their own', async () => {
    await using world = await createWorld()
    const office = await openOffice(world)
    const weekly = [{ weekday: 2, startMin: 560, endMin: 660 }]
    const eve = await office.addProvider('Eve', { scheduleId: await office.addSchedule({ weekly }) })
    await office.patchService(world.consultation.id, { stepMin: 60, providers: [world.ada.id, eve] })
    const eves = await expectOfferedIsBookable(world, { ...consultation, provider: eve, stepMin: 10 })
    expect(eves).toEqual(['09:20', '10:20'])
    const both = await expectOfferedIsBookable(world, { ...consultation, stepMin: 10 })
    expect(both.slice(0, 4)).toEqual(['09:00', '09:20', '10:00', '10:20'])
  })

  test('of a service with hours of its own are counted from the later beginning', async () => {
    await using world = await createWorld()
    const office = await openOffice(world)
    const scheduleId = await office.addSchedule({ weekly: [{ weekday: 2, startMin: 610, endMin: 700 }] })
    await office.patchService(world.consultation.id, { scheduleId })
    const listed = await expectOfferedIsBookable(world, { ...consultation, stepMin: 10 })
    expect(listed).toEqual(['10:10', '10:40', '11:10'])
  })
})

describe('packed starts', () => {
  test('are those that leave the least gaps that are of no use', async () => {
    await using world = await worldWith({ stepMin: 15, usefulGapMin: 30 })
    await booked(world, { provider: world.ada.id, start: at('11:00') })
    const listed = await expectOfferedIsBookable(world, { ...consultation, provider: world.ada.id })
    // A quarter of an hour before or after somebody else is of no use.
    const wasteful = ['09:15', '10:15', '11:45', '16:15']
    expect(listed.filter((time) => wasteful.includes(time))).toEqual([])
    expect(listed).toEqual(expect.arrayContaining(['09:00', '09:30', '09:45', '10:00', '10:30', '11:30', '16:30']))
  })

  test('are found anew after every booking, and whoever waits too long is told why', async () => {
    await using world = await worldWith({ stepMin: 15, usefulGapMin: 30 })
    await booked(world, { provider: world.ada.id, start: at('10:00') })
    const before = timesOf(await slotsOn(world, { query: `&provider=${world.ada.id}` }))
    expect(before.filter((time) => time < '10:00')).toEqual(['09:00', '09:30'])
    const refused = await outcomeOf(world, { provider: world.ada.id, start: at('09:15') })
    expect(refused).toBe('409 booking.slot_refused: This time is not offered. Choose one of the free times nearby.')
    await booked(world, { provider: world.ada.id, start: at('09:30') })
    const after = await expectOfferedIsBookable(world, { ...consultation, provider: world.ada.id })
    expect(after.filter((time) => time < '10:00')).toEqual(['09:00'])
  })

  test('move on as time passes, in a list of a part of the day too', async () => {
    await using world = await worldWith({ stepMin: 15, usefulGapMin: 45 })
    // The start at 10:00 leaves fifty minutes, which are of use; the one at 10:45 wastes five, the others more.
    await world.sql('update schedule_window set start_min = 600, end_min = 680')
    const later = async () => {
      const query = 'from=2026-03-03T09:30:00Z&to=2026-03-03T12:00:00Z'
      const url = `/api/v1/organizations/${world.slug}/services/consultation/slots?${query}`
      const { days } = (await world.inject({ url })).json<{ days: { slots: { start: string }[] }[] }>()
      return timesOf(days.flatMap(({ slots }) => slots))
    }
    world.clock.set(`${TUESDAY}T07:00:00Z`)
    const early = await later()
    world.clock.set(`${TUESDAY}T09:20:00Z`)
    expect({ early, late: await later() }).toEqual({ early: [], late: ['10:45'] })
    expect(await outcomeOf(world, { start: at('10:45') })).toBe('booked')
  })
})

describe('the first of the day', () => {
  test('is the only start of each day, until it is taken', async () => {
    await using world = await worldWith({ firstOfDay: true })
    await (
      await openOffice(world)
    ).needs(world.consultation.id, [{ lengthMin: null, requirements: [person(world.ada.id)] }])
    expect(await expectOfferedIsBookable(world, consultation)).toEqual(['09:00'])
    await booked(world, { start: at('09:00') })
    expect(await expectOfferedIsBookable(world, consultation)).toEqual(['09:30'])
    expect(timesOf(await slotsOn(world, { date: '2026-03-04' }))).toEqual(['09:00'])
  })

  test('moves on as time passes, in a list of a part of the day too', async () => {
    await using world = await worldWith({ firstOfDay: true })
    const noon = async () => {
      const query = 'from=2026-03-03T11:00:00Z&to=2026-03-03T12:00:00Z'
      const url = `/api/v1/organizations/${world.slug}/services/consultation/slots?${query}`
      return (await world.inject({ url })).json().days.length
    }
    world.clock.set(`${TUESDAY}T07:00:00Z`)
    expect(await noon()).toBe(0)
    world.clock.set(`${TUESDAY}T10:45:00Z`)
    expect(await noon()).toBe(1)
    expect(await outcomeOf(world, { start: at('12:00') })).toBe('booked')
  })

  test('of packed starts is the first of those', async () => {
    await using world = await worldWith({ firstOfDay: true, stepMin: 15, usefulGapMin: 45 })
    await booked(world, { provider: world.ada.id, start: at('09:00') })
    const listed = await expectOfferedIsBookable(world, { ...consultation, provider: world.ada.id })
    expect(listed).toEqual(['09:30'])
  })
})
