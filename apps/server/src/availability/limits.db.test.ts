import { describe, expect, test } from 'vitest'
import { at, booked, byLink, expectOfferedIsBookable, openOffice, outcomeOf } from '../../test/office.ts'
import { bookingOf, slotsOn, TUESDAY } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'

const WEDNESDAY = '2026-03-04'
const NEXT_MONDAY = '2026-03-09'
const NEXT_MONTH = '2026-04-01'
const DATES = [TUESDAY, WEDNESDAY, NEXT_MONDAY, NEXT_MONTH]
const TAKEN = '409 booking.slot_taken: This time is taken. Choose one of the free times nearby.'
const LIMIT =
  '409 booking.slot_refused: You have booked as often as is possible in this time. Choose one of the free times nearby.'

type Rule = { per: 'day' | 'week' | 'month'; maxCount?: number; maxMinutes?: number }

async function worldWith(limits: { ofAda?: Rule[]; ofService?: Rule[]; ofCustomer?: Rule[] }): Promise<World> {
  const world = await createWorld()
  const office = await openOffice(world)
  const { ofAda, ofService = [], ofCustomer = [] } = limits
  if (ofAda) await office.patchProvider(world.ada.id, { limits: ofAda })
  await office.patchService(world.consultation.id, {
    limits: [
      ...ofService.map((rule) => ({ ...rule, of: 'service' })),
      ...ofCustomer.map((rule) => ({ ...rule, of: 'customer' })),
    ],
  })
  return world
}

/** The dates on which something is free. */
async function openDates(world: World, query = ''): Promise<string[]> {
  const open = await Promise.all(DATES.map(async (date) => (await slotsOn(world, { date, query })).length > 0))
  return DATES.filter((_date, index) => open[index])
}

describe('a limit of whoever serves', () => {
  test.each([
    ['one a day', { per: 'day', maxCount: 1 }, [WEDNESDAY, NEXT_MONDAY, NEXT_MONTH]],
    ['one a week', { per: 'week', maxCount: 1 }, [NEXT_MONDAY, NEXT_MONTH]],
    ['one a month', { per: 'month', maxCount: 1 }, [NEXT_MONTH]],
    ['half an hour a day', { per: 'day', maxMinutes: 30 }, [WEDNESDAY, NEXT_MONDAY, NEXT_MONTH]],
    ['59 minutes a week', { per: 'week', maxMinutes: 59 }, [NEXT_MONDAY, NEXT_MONTH]],
  ] as const)('of %s closes the rest of it, for them alone', async (_what, rule, left) => {
    await using world = await worldWith({ ofAda: [rule] })
    expect(await openDates(world, `&provider=${world.ada.id}`)).toEqual(DATES)
    await booked(world, { provider: world.ada.id })
    expect(await openDates(world, `&provider=${world.ada.id}`)).toEqual(left)
    expect(await openDates(world)).toEqual(DATES)
    const probe = { service: 'consultation', provider: world.ada.id, stepMin: 60 }
    expect(await expectOfferedIsBookable(world, probe)).toEqual([])
    expect(await outcomeOf(world, { provider: world.ada.id, start: at('14:00') })).toContain('slot_taken')
    expect(await expectOfferedIsBookable(world, { service: 'consultation', stepMin: 60 })).not.toEqual([])
  })

  test('in minutes leaves room for what is short enough', async () => {
    await using world = await worldWith({ ofAda: [{ per: 'day', maxMinutes: 60 }] })
    await booked(world, { provider: world.ada.id })
    const provider = `&provider=${world.ada.id}`
    expect(await slotsOn(world, { query: `${provider}&duration=60` })).toEqual([])
    expect(await outcomeOf(world, { provider: world.ada.id, start: at('14:00'), duration: 60 })).toBe(TAKEN)
    expect(await slotsOn(world, { query: provider })).not.toEqual([])
    expect(await outcomeOf(world, { provider: world.ada.id, start: at('14:00') })).toBe('booked')
  })

  test('counts what they do of any service, without its buffers', async () => {
    await using world = await worldWith({ ofAda: [{ per: 'day', maxMinutes: 60 }] })
    await booked(world, { service: 'treatment', provider: world.ada.id })
    // 30 minutes and 10 of buffer.
    expect(await outcomeOf(world, { provider: world.ada.id, start: at('14:00') })).toBe('booked')
    expect(await outcomeOf(world, { provider: world.ada.id, start: at('15:00') })).toBe(TAKEN)
  })

  test('counts a course once, however many come, and its seats go on', async () => {
    await using world = await worldWith({ ofAda: [{ per: 'day', maxCount: 1 }] })
    await booked(world, { service: 'course' })
    expect(await outcomeOf(world, { service: 'course' })).toBe('booked')
    expect(await outcomeOf(world, { service: 'course', start: at('14:00') })).toBe(TAKEN)
    expect(await slotsOn(world, { service: 'course' })).toHaveLength(1)
  })
})

describe('a limit of the service', () => {
  test.each([
    ['two a day', { per: 'day', maxCount: 2 }, [WEDNESDAY, NEXT_MONDAY, NEXT_MONTH]],
    ['two a week', { per: 'week', maxCount: 2 }, [NEXT_MONDAY, NEXT_MONTH]],
    ['two a month', { per: 'month', maxCount: 2 }, [NEXT_MONTH]],
    ['an hour a month', { per: 'month', maxMinutes: 60 }, [NEXT_MONTH]],
  ] as const)('of %s closes the rest of it, whoever serves', async (_what, rule, left) => {
    await using world = await worldWith({ ofService: [rule] })
    await booked(world, { provider: world.ada.id })
    expect(await openDates(world)).toEqual(DATES)
    await booked(world, { provider: world.ben.id })
    expect(await openDates(world)).toEqual(left)
    expect(await expectOfferedIsBookable(world, { service: 'consultation', stepMin: 60 })).toEqual([])
    expect(await outcomeOf(world, { start: at('14:00') })).toContain('This time is taken.')
    expect(await outcomeOf(world, { service: 'treatment', start: at('14:00') })).toBe('booked')
  })

  test('of nothing offers nothing', async () => {
    await using world = await worldWith({ ofService: [{ per: 'day', maxCount: 0 }] })
    expect(await openDates(world)).toEqual([])
    expect(await outcomeOf(world, {})).toBe('409 booking.slot_taken: This time is taken.')
  })
})

describe('a limit of the customer', () => {
  const other = { name: 'Annie Easley', email: 'annie@example.com' }

  test('binds the same address however it is written, for that service, and nobody else', async () => {
    await using world = await worldWith({ ofCustomer: [{ per: 'week', maxCount: 1 }] })
    await booked(world, {})
    // Who asks is not known before they book: the list stays open.
    expect(await openDates(world)).toEqual(DATES)
    expect(await outcomeOf(world, { start: at('14:00', WEDNESDAY) })).toBe(LIMIT)
    const shouted = { ...other, email: 'GRACE@example.COM' }
    expect(await outcomeOf(world, { start: at('14:00'), customer: shouted })).toBe(LIMIT)
    expect(await outcomeOf(world, { start: at('14:00'), customer: other })).toBe('booked')
    expect(await outcomeOf(world, { start: at('14:00'), service: 'treatment' })).toBe('booked')
    expect(await outcomeOf(world, { start: at('14:00', NEXT_MONDAY) })).toBe('booked')
  })

  test('binds whoever has a hold, too, when they book it', async () => {
    await using world = await worldWith({ ofCustomer: [{ per: 'day', maxCount: 1 }] })
    await booked(world, {})
    const url = `/api/v1/organizations/${world.slug}/holds`
    const payload = { service: 'consultation', start: at('14:00') }
    const { id: hold } = (await world.inject({ method: 'POST', url, payload })).json<{ id: string }>()
    expect(await outcomeOf(world, { start: at('14:00'), hold })).toBe(LIMIT)
    expect(await outcomeOf(world, { start: at('14:00'), hold, customer: other })).toBe('booked')
  })
})

describe('what counts against a limit', () => {
  const limits = {
    ofAda: [{ per: 'day', maxCount: 1 }],
    ofService: [{ per: 'day', maxCount: 1 }],
    ofCustomer: [{ per: 'day', maxCount: 1 }],
  } satisfies Parameters<typeof worldWith>[0]

  test('is not the booking that is moved itself, but where it is afterwards', async () => {
    await using world = await worldWith(limits)
    const booking = await booked(world, { provider: world.ada.id })
    expect(await slotsOn(world)).toEqual([])
    const query = `&rescheduling=${booking.id}&token=${booking.token}`
    expect(await slotsOn(world, { query })).not.toEqual([])
    expect((await byLink(world, booking, 'PATCH', { start: at('14:00') })).status).toBe(200)
    expect((await byLink(world, booking, 'PATCH', { start: at('14:00', WEDNESDAY) })).status).toBe(200)
    expect(await openDates(world)).toEqual([TUESDAY, NEXT_MONDAY, NEXT_MONTH])
  })

  test('is where another one is: no booking is moved into a day that is full', async () => {
    await using world = await worldWith(limits)
    await booked(world, { start: at('09:00', WEDNESDAY) })
    const booking = await booked(world, {})
    const { status, body } = await byLink(world, booking, 'PATCH', { start: at('14:00', WEDNESDAY) })
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'booking.slot_refused' })
  })

  test('is no booking that was cancelled', async () => {
    await using world = await worldWith(limits)
    const booking = await booked(world, { provider: world.ada.id })
    expect(await slotsOn(world)).toEqual([])
    expect((await byLink(world, booking, 'DELETE')).status).toBe(200)
    expect(await outcomeOf(world, { provider: world.ada.id, start: at('14:00') })).toBe('booked')
  })

  test('is a hold, as long as it lasts, but not against its own booking', async () => {
    await using world = await worldWith(limits)
    const url = `/api/v1/organizations/${world.slug}/holds`
    const { start } = bookingOf()
    const payload = { service: 'consultation', start, provider: world.ada.id }
    const { id: hold } = (await world.inject({ method: 'POST', url, payload })).json<{ id: string }>()
    expect(await slotsOn(world)).toEqual([])
    expect(await outcomeOf(world, { start: at('14:00') })).toBe(TAKEN)
    expect(await outcomeOf(world, { start, hold, provider: world.ada.id })).toBe('booked')
    const tomorrow = { ...payload, start: at('10:00', WEDNESDAY) }
    await world.inject({ method: 'POST', url, payload: tomorrow })
    expect(await slotsOn(world, { date: WEDNESDAY })).toEqual([])
    world.clock.advance(5 * 60_000 + 1)
    expect(await slotsOn(world, { date: WEDNESDAY })).not.toEqual([])
    expect(await outcomeOf(world, { start: at('14:00', WEDNESDAY) })).toBe('booked')
  })
})
