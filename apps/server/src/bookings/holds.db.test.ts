import { describe, expect, test } from 'vitest'
import { slotsOn, timesOf, TUESDAY } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'

const HOUR_MS = 3_600_000
const TEN = `${TUESDAY}T10:00:00+01:00`

describe('a hold', () => {
  const holdTen = async (world: World) => {
    const url = `/api/v1/organizations/${world.slug}/holds`
    const payload = { service: 'consultation', start: TEN, provider: world.ada.id }
    return (await world.inject({ method: 'POST', url, payload })).json<{ id: string; expiresAt: string }>()
  }
  const extend = async (world: World, id: string) => {
    const url = `/api/v1/organizations/${world.slug}/holds/${id}/extend`
    const answer = await world.inject({ method: 'POST', url })
    return { status: answer.statusCode, body: answer.json() }
  }

  test('is extended once, and keeps its time meanwhile', async () => {
    await using world = await createWorld()
    const held = await holdTen(world)
    const times = () => slotsOn(world, { query: `&provider=${world.ada.id}` }).then(timesOf)
    world.clock.advance(4 * 60_000)
    const { status, body } = await extend(world, held.id)
    expect({ status, longer: Date.parse(body.expiresAt) - Date.parse(held.expiresAt) }).toEqual({
      ...{ status: 200, longer: 4 * 60_000 },
    })
    world.clock.advance(2 * 60_000)
    expect(await times()).not.toContain('10:00')
    expect(await extend(world, held.id)).toMatchObject({ body: { code: 'hold.expired' } })
    world.clock.advance(3 * 60_000)
    expect(await times()).toContain('10:00')
  })

  test('that has run out is not brought back', async () => {
    await using world = await createWorld()
    const held = await holdTen(world)
    world.clock.advance(HOUR_MS)
    expect(await extend(world, held.id)).toMatchObject({ body: { code: 'hold.expired' } })
  })
})
