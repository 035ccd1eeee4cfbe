import { describe, expect, test } from 'vitest'
import { at, booked, byLink, openOffice, person, timesEvery } from '../../test/office.ts'
import { book, slotsOn, TUESDAY } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'

type Share = { weight?: number; priority?: number }

/** The consultation by turns, shared out between Ada and Ben. */
async function byTurns(world: World, shares: { ada?: Share; ben?: Share; fairDays?: number } = {}) {
  const office = await openOffice(world)
  const { ada = {}, ben = {}, fairDays = 30 } = shares
  const subjects = [
    { id: world.ada.id, ...ada },
    { id: world.ben.id, ...ben },
  ]
  await office.needs(world.consultation.id, [
    { lengthMin: null, requirements: [{ ...person(...subjects), assign: 'by_turn', fairDays }] },
  ])
  return office
}

/** Who serves, when people come one after the other. */
async function servedBy(world: World, starts: string[]): Promise<string> {
  const names: string[] = []
  for (const [index, start] of starts.entries()) {
    const { body } = await book(world, { start, customer: { name: 'C', email: `c${index}@example.com` } })
    names.push(String(body.booking?.provider.name ?? body.code).slice(0, 1))
  }
  return names.join('')
}

const onTuesday = (count: number) =>
  timesEvery(30, '09:00', '17:00')
    .slice(0, count)
    .map((time) => at(time))

/** The days after Tuesday, at nine. */
const atNine = (count: number) =>
  ['2026-03-04', '2026-03-05', '2026-03-06', '2026-03-09', '2026-03-10', '2026-03-11', '2026-03-12', '2026-03-13']
    .slice(0, count)
    .map((date) => at('09:00', date))

describe('turns', () => {
  test('go round', async () => {
    await using world = await createWorld()
    await byTurns(world)
    expect(await servedBy(world, onTuesday(8))).toBe('ABABABAB')
  })

  test('go by weight: who has two thirds of it gets two thirds of it', async () => {
    await using world = await createWorld()
    await byTurns(world, { ada: { weight: 2 } })
    const served = await servedBy(world, [...onTuesday(10), ...atNine(8)])
    expect(served.replaceAll('B', '')).toHaveLength(12)
    expect(served.replaceAll('A', '')).toHaveLength(6)
    for (let at = 0; at < served.length; at += 3) expect(served.slice(at, at + 3)).toMatch(/^(?:AAB|ABA|BAA)$/)
  })

  test('go to the highest priority as long as they are free', async () => {
    await using world = await createWorld()
    await byTurns(world, { ben: { priority: 5 } })
    expect(await servedBy(world, [...onTuesday(3), ...onTuesday(3), ...onTuesday(1)])).toBe('BBBAAAb')
  })

  test('count what everybody has to do, of other services too, but no holds and nothing cancelled', async () => {
    await using world = await createWorld()
    await byTurns(world)
    const cancelled = await booked(world, { service: 'treatment', provider: world.ben.id, start: at('15:00') })
    await byLink(world, cancelled, 'DELETE')
    await booked(world, { service: 'treatment', provider: world.ada.id, start: at('15:00') })
    const url = `/api/v1/organizations/${world.slug}/holds`
    const payload = { service: 'treatment', provider: world.ben.id, start: at('16:00') }
    expect((await world.inject({ method: 'POST', url, payload })).statusCode).toBe(201)
    // Where both have as much to do, it is the turn of whoever's last work begins earlier.
    expect(await servedBy(world, onTuesday(4))).toBe('BBAB')
  })

  test('count so many days before and after, and forget what lies further away', async () => {
    await using world = await createWorld()
    await byTurns(world, { fairDays: 7 })
    for (const start of [at('09:00', '2026-03-16'), at('09:30', '2026-03-16')])
      await booked(world, { provider: world.ada.id, start })
    // Twelve days before, these do not count.
    expect(await servedBy(world, [at('09:00', '2026-03-04')])).toBe('A')
    // Five days before, they do.
    expect(await servedBy(world, [at('09:00', '2026-03-11'), at('09:30', '2026-03-11')])).toBe('BB')
  })

  test('are the same in every world', async () => {
    const runs: string[] = []
    for (let run = 0; run < 2; run++) {
      await using world = await createWorld()
      await byTurns(world, { ada: { weight: 3 }, ben: { weight: 2 } })
      runs.push(await servedBy(world, onTuesday(10)))
    }
    expect(runs[1]).toBe(runs[0])
  })

  test('are not for whoever is chosen, and listed are all who are free', async () => {
    await using world = await createWorld()
    await byTurns(world, { ben: { priority: 5 } })
    expect((await slotsOn(world))[0]?.providers).toEqual([world.ada.id, world.ben.id])
    const { body } = await book(world, { provider: world.ada.id, start: `${TUESDAY}T08:00:00Z` })
    expect(body.booking.provider.name).toBe('Ada')
  })

  test('do not change hands when a booking is moved and whoever serves it is free', async () => {
    await using world = await createWorld()
    await byTurns(world, { ben: { priority: 5 } })
    const booking = await booked(world, { provider: world.ada.id })
    const { body } = await byLink(world, booking, 'PATCH', { start: at('14:00') })
    expect(body.provider.name).toBe('Ada')
  })

  test('are found by two instances as by one', async () => {
    await using world = await createWorld()
    await byTurns(world)
    const other = { ...world, ...(await world.addInstance()) }
    const names: string[] = []
    for (const [index, start] of onTuesday(6).entries()) names.push(await servedBy(index % 2 ? other : world, [start]))
    expect(names.join('')).toBe('ABABAB')
  })
})
