import { describe, expect, test } from 'vitest'
import { at, booked, byLink, openOffice, outcomeOf, timesEvery } from '../../test/office.ts'
import { book, slotsOn, TUESDAY } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'

const ONE_A_DAY = { per: 'day', maxCount: 1 }
const customer = (name: string) => ({ name, email: `${name}@example.com` })

async function limited(rules: { ofService?: object[]; ofAda?: object[] }): Promise<World> {
  const world = await createWorld()
  const office = await openOffice(world)
  if (rules.ofService) await office.patchService(world.consultation.id, { limits: rules.ofService })
  if (rules.ofAda) await office.patchProvider(world.ada.id, { limits: rules.ofAda })
  return world
}

const countOf = (outcomes: string[]) => outcomes.filter((outcome) => outcome === 'booked').length

describe('those who race for the last that a limit allows', () => {
  test.each([1, 3])('of a service get %i in all, whoever serves them, through whichever instance', async (maxCount) => {
    await using world = await limited({ ofService: [{ ...ONE_A_DAY, maxCount, of: 'service' }] })
    const other = { ...world, ...(await world.addInstance()) }
    const starts = timesEvery(60, '09:00', '17:00')
    const outcomes = await Promise.all(
      starts.map((time, index) =>
        outcomeOf(index % 2 === 0 ? world : other, {
          start: at(time),
          provider: index % 3 === 0 ? world.ada.id : world.ben.id,
          customer: customer(`c${index}`),
        }),
      ),
    )
    expect(countOf(outcomes)).toBe(maxCount)
    expect(await world.sql('select 1 from booking')).toHaveLength(maxCount)
    expect(outcomes.filter((outcome) => !/^booked|^409 booking\.slot_taken/.test(outcome))).toEqual([])
  })

  test('of a provider get one in all, of different services', async () => {
    await using world = await limited({ ofAda: [ONE_A_DAY] })
    const outcomes = await Promise.all(
      timesEvery(60, '09:00', '17:00').map((time, index) =>
        outcomeOf(world, {
          start: at(time),
          provider: world.ada.id,
          service: index % 2 === 0 ? 'consultation' : 'treatment',
          customer: customer(`c${index}`),
        }),
      ),
    )
    expect(countOf(outcomes)).toBe(1)
    expect(await world.sql('select 1 from booking')).toHaveLength(1)
  })

  test('of a customer get one in all, however their address is written', async () => {
    await using world = await limited({ ofService: [{ ...ONE_A_DAY, of: 'customer' }] })
    const outcomes = await Promise.all(
      timesEvery(60, '09:00', '17:00').map((time, index) =>
        outcomeOf(world, {
          start: at(time),
          provider: index % 2 === 0 ? world.ada.id : world.ben.id,
          customer: { name: 'Grace', email: index % 3 === 0 ? 'grace@example.com' : 'GRACE@example.com' },
        }),
      ),
    )
    expect(countOf(outcomes)).toBe(1)
  })

  test('with holds, or by moving what is booked on other days, get no more either', async () => {
    await using world = await limited({ ofService: [{ ...ONE_A_DAY, of: 'service' }] })
    const bookings = await Promise.all(
      ['2026-03-04', '2026-03-05', '2026-03-06'].map((date, index) =>
        booked(world, { start: at('10:00', date), customer: customer(`c${index}`) }),
      ),
    )
    const url = `/api/v1/organizations/${world.slug}/holds`
    const hold = (time: string) =>
      world.inject({ method: 'POST', url, payload: { service: 'consultation', start: at(time) } })
    const moves = await Promise.all([
      ...bookings.map(async (booking, index) => {
        const start = at(timesEvery(60, '09:00')[index] ?? '')
        return (await byLink(world, booking, 'PATCH', { start })).status === 200
      }),
      ...['13:00', '14:00', '15:00'].map(async (time) => (await hold(time)).statusCode === 201),
    ])
    expect(moves.filter(Boolean)).toHaveLength(1)
  })
})

describe('with two instances, what one has written closes and opens days on the list of the other at once', () => {
  test.each([
    ['of the service', { ofService: [{ ...ONE_A_DAY, of: 'service' }] }, ''],
    ['of a provider', { ofAda: [ONE_A_DAY] }, 'ada'],
  ])('by a limit %s', async (_whose, rules, whom) => {
    await using world = await limited(rules)
    const other = { ...world, ...(await world.addInstance()) }
    const provider = whom === 'ada' ? { provider: world.ada.id } : {}
    const query = whom === 'ada' ? `&provider=${world.ada.id}` : ''
    const isOpen = async (instance: World, date = TUESDAY) => (await slotsOn(instance, { date, query })).length > 0
    expect([await isOpen(world), await isOpen(other)]).toEqual([true, true])
    const { body } = await book(other, provider)
    expect([await isOpen(world), await isOpen(other)]).toEqual([false, false])
    const booking = { id: body.booking.id, token: body.token }
    await byLink(other, booking, 'PATCH', { start: at('10:00', '2026-03-04') })
    expect([await isOpen(world), await isOpen(world, '2026-03-04')]).toEqual([true, false])
    await byLink(world, booking, 'DELETE')
    expect([await isOpen(other), await isOpen(other, '2026-03-04')]).toEqual([true, true])
  })

  test('also when who had served it serves it no longer', async () => {
    await using world = await limited({ ofService: [{ ...ONE_A_DAY, of: 'service' }] })
    const other = { ...world, ...(await world.addInstance()) }
    const booking = await booked(world, { provider: world.ada.id })
    await (await openOffice(world)).patchService(world.consultation.id, { providers: [world.ben.id] })
    expect([await slotsOn(world), await slotsOn(other)]).toEqual([[], []])
    await byLink(world, booking, 'DELETE')
    expect(await slotsOn(world)).not.toEqual([])
    expect(await slotsOn(other)).not.toEqual([])
  })
})
