import { describe, expect, test } from 'vitest'
import { at, expectOfferedIsBookable, openOffice, outcomeOf } from '../../test/office.ts'
import { slotsOn, timesOf } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'
import { callerOf, fieldsOf } from '../services/caller.fixture.ts'

const consultation = { service: 'consultation', stepMin: 120 }
const WORKING_WEEK = ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05', '2026-03-06']
const TOO_FAR =
  '409 booking.slot_refused: This time is further ahead than can be booked now. Choose one of the free times nearby.'

async function worldWith(rules: object, now = '2026-03-02T08:00:00Z'): Promise<World> {
  const world = await createWorld({ now })
  await (await openOffice(world)).patchService(world.consultation.id, rules)
  return world
}

/** The dates from March the 2nd on, at most so many, that have free times. */
async function datesOf(world: World, to: string): Promise<string[]> {
  const url = `/api/v1/organizations/${world.slug}/services/consultation/slots?from=2026-03-02&to=${to}`
  return (await world.inject({ url })).json<{ days: { date: string }[] }>().days.map(({ date }) => date)
}

describe('the booking window', () => {
  test('of days ends with the last of them', async () => {
    await using world = await worldWith({ windowDays: 3 })
    expect(await datesOf(world, '2026-03-20')).toEqual(['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05'])
    expect(await expectOfferedIsBookable(world, { ...consultation, date: '2026-03-05' })).not.toEqual([])
    expect(await expectOfferedIsBookable(world, { ...consultation, date: '2026-03-06' })).toEqual([])
    expect(await outcomeOf(world, { start: at('10:00', '2026-03-06') })).toBe(TOO_FAR)
  })

  test('of business days counts the weekdays on which whoever leads works', async () => {
    await using world = await worldWith({ windowKind: 'business_days', windowDays: 6 })
    expect(await datesOf(world, '2026-03-20')).toEqual([...WORKING_WEEK, '2026-03-09', '2026-03-10'])
    expect(await expectOfferedIsBookable(world, { ...consultation, date: '2026-03-10' })).not.toEqual([])
    expect(await expectOfferedIsBookable(world, { ...consultation, date: '2026-03-11' })).toEqual([])
    expect(await outcomeOf(world, { start: at('10:00', '2026-03-11') })).toBe(TOO_FAR)
  })

  test('of business days counts those of the service, where it has hours of its own', async () => {
    await using world = await createWorld()
    const office = await openOffice(world)
    const weekly = [2, 4].map((weekday) => ({ weekday, startMin: 600, endMin: 720 }))
    const scheduleId = await office.addSchedule({ weekly })
    await office.patchService(world.consultation.id, { windowKind: 'business_days', windowDays: 3, scheduleId })
    expect(await datesOf(world, '2026-03-20')).toEqual(['2026-03-03', '2026-03-05', '2026-03-10'])
    expect(await expectOfferedIsBookable(world, { ...consultation, date: '2026-03-12' })).toEqual([])
  })

  test('of business days moves on at midnight, also in a list that is known already', async () => {
    await using world = await worldWith({ windowKind: 'business_days', windowDays: 1 }, '2026-03-06T22:50:00Z')
    expect(await datesOf(world, '2026-03-20')).toEqual(['2026-03-09'])
    world.clock.set('2026-03-08T23:10:00Z')
    expect(await datesOf(world, '2026-03-20')).toEqual(['2026-03-09', '2026-03-10'])
    expect(await expectOfferedIsBookable(world, { ...consultation, date: '2026-03-10' })).not.toEqual([])
  })

  test('of dates has both of them, and nothing before or after', async () => {
    await using world = await worldWith({ windowKind: 'range', windowFrom: '2026-03-05', windowTo: '2026-03-09' })
    expect(await datesOf(world, '2026-03-20')).toEqual(['2026-03-05', '2026-03-06', '2026-03-09'])
    for (const date of ['2026-03-04', '2026-03-10']) {
      expect(await expectOfferedIsBookable(world, { ...consultation, date })).toEqual([])
      expect(await outcomeOf(world, { start: at('10:00', date) })).toBe(TOO_FAR)
    }
    expect(await expectOfferedIsBookable(world, { ...consultation, date: '2026-03-09' })).not.toEqual([])
  })

  test('of dates can lie a year ahead, and ends when they are over', async () => {
    await using world = await worldWith({ windowKind: 'range', windowFrom: '2027-03-01', windowTo: '2027-03-02' })
    expect(timesOf(await slotsOn(world, { date: '2027-03-02' }))).toHaveLength(16)
    expect(await outcomeOf(world, { start: at('10:00', '2027-03-02') })).toBe('booked')
    world.clock.set('2027-03-03T08:00:00Z')
    expect(await slotsOn(world, { date: '2027-03-03' })).toEqual([])
    expect(await outcomeOf(world, { start: at('10:00', '2027-03-03') })).toBe(
      '409 booking.slot_refused: This time is further ahead than can be booked now.',
    )
  })
})

test.each([
  ['only one date', { windowKind: 'range', windowFrom: '2026-03-05' }, 'windowTo'],
  ['dates in disorder', { windowKind: 'range', windowFrom: '2026-03-05', windowTo: '2026-03-04' }, 'windowTo'],
  ['a date there is not', { windowKind: 'range', windowFrom: '2026-02-30', windowTo: '2026-03-04' }, 'windowFrom'],
  ['a month there is not', { windowKind: 'range', windowFrom: '2026-03-01', windowTo: '2026-13-04' }, 'windowTo'],
  ['a range of centuries', { windowKind: 'range', windowFrom: '2026-03-01', windowTo: '9999-12-31' }, 'windowTo'],
  ['a range in centuries', { windowKind: 'range', windowFrom: '9999-01-01', windowTo: '9999-12-31' }, 'windowFrom'],
  ['dates of a window of days', { windowFrom: '2026-03-01', windowTo: '2026-03-31' }, 'windowTo'],
  [
    'more than two years of dates',
    { windowKind: 'range', windowFrom: '2026-03-01', windowTo: '2028-03-02' },
    'windowTo',
  ],
])('a window with %s is refused, and nothing changes', async (_what, window, field) => {
  await using world = await createWorld()
  const owner = await callerOf(world, 'owner')
  const { status, body } = await owner('PATCH', `/services/${world.consultation.id}`, window)
  expect({ status, field: fieldsOf(body)[0] }).toEqual({ status: 400, field })
  expect(timesOf(await slotsOn(world))).toHaveLength(16)
})

test('a window of dates that is made longer by one of them is not made longer than two years', async () => {
  await using world = await worldWith({ windowKind: 'range', windowFrom: '2026-03-05', windowTo: '2026-03-09' })
  const owner = await callerOf(world, 'owner')
  const { status, body } = await owner('PATCH', `/services/${world.consultation.id}`, { windowTo: '2028-03-06' })
  expect({ status, fields: fieldsOf(body) }).toEqual({ status: 400, fields: ['windowTo'] })
  expect(await datesOf(world, '2026-03-20')).toEqual(['2026-03-05', '2026-03-06', '2026-03-09'])
})
