import type { InjectOptions } from 'fastify'
import { describe, expect, test } from 'vitest'
import { slotsOn, timesOf, TUESDAY } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'
import { PLACES_MAX } from './holds.rules.ts'

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

  test('tells until when it is good, and whether it can be extended, until it is gone', async () => {
    await using world = await createWorld()
    const { id, expiresAt } = await holdTen(world)
    const look = async () => {
      const answer = await world.inject({ url: `/api/v1/organizations/${world.slug}/holds/${id}` })
      return { status: answer.statusCode, ...answer.json<object>() }
    }
    expect(await look()).toMatchObject({
      ...{ status: 200, expiresAt, canExtend: true, seats: 1, provider: world.ada.id, service: world.consultation.id },
    })
    await extend(world, id)
    expect(await look()).toMatchObject({ status: 200, canExtend: false })
    world.clock.advance(HOUR_MS)
    expect(await look()).toMatchObject({ status: 404, code: 'hold.not_found' })
  })
})

describe('the holds of strangers', () => {
  const hold = async (world: Pick<World, 'inject' | 'slug'>, time: string, changes: InjectOptions = {}) => {
    const url = `/api/v1/organizations/${world.slug}/holds`
    const payload = { service: 'consultation', start: `${TUESDAY}T${time}:00+01:00` }
    const answer = await world.inject({ method: 'POST', url, payload, remoteAddress: '192.0.2.7', ...changes })
    return { status: answer.statusCode, body: answer.json<{ id: string; code?: string }>() }
  }
  const HOURS = ['09', '10', '11', '13', '14', '15']
  const TIMES = HOURS.flatMap((hour) => [`${hour}:00`, `${hour}:30`]).slice(0, PLACES_MAX)

  test('are ten at most of one address, also when all are asked for at once', async () => {
    await using world = await createWorld({ rateLimit: 'on' })
    const answers = await Promise.all([...TIMES, ...TIMES].map((time) => hold(world, time)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(PLACES_MAX)
    for (const { status, body } of answers.filter((one) => one.status !== 201))
      expect({ status, code: body.code }).toEqual({ status: 429, code: 'hold.too_many' })
    const [counted] = await world.sql(`select count(*)::int as holds, count(distinct place)::int as places from hold`)
    expect(counted).toEqual({ holds: PLACES_MAX, places: PLACES_MAX })
  })

  test('make room when one is let go or runs out, and do not count elsewhere, nor for members', async () => {
    await using world = await createWorld({ rateLimit: 'on' })
    const other = await world.addBusiness('elsewhere')
    const held = []
    for (const time of TIMES) held.push(await hold(world, time))
    const more = () => hold(world, '15:30')
    expect(await more()).toMatchObject({ status: 429 })
    expect(await hold({ ...world, slug: other.slug }, '15:30')).toMatchObject({ status: 201 })
    expect(await hold(world, '15:30', { remoteAddress: '192.0.2.8' })).toMatchObject({ status: 201 })
    expect(await hold(world, '15:30', { headers: await world.signIn('provider') })).toMatchObject({ status: 201 })
    await world.inject({
      method: 'DELETE',
      url: `/api/v1/organizations/${world.slug}/holds/${held[0]?.body.id ?? ''}`,
    })
    expect(await hold(world, TIMES[0] ?? '')).toMatchObject({ status: 201 })
    expect(await hold(world, TIMES[0] ?? '')).toMatchObject({ status: 429 })
    world.clock.advance(HOUR_MS / 6)
    for (const time of TIMES) expect(await hold(world, time)).toMatchObject({ status: 201 })
  })
})
