import { setImmediate } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { book, bookingOf, slotsOn, timesOf, TUESDAY } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'

type Instance = Pick<World, 'inject'>

/** The local times at which Ada is free, as an instance tells them. */
const adasTimes = async (world: World, instance: Instance) =>
  timesOf(await slotsOn({ ...world, ...instance }, { query: `&provider=${world.ada.id}` }))

describe('with two instances over one database, what one has written the other reads at once', () => {
  test('a booking, a move and a cancellation', async () => {
    await using world = await createWorld()
    const other = await world.addInstance()
    expect(await adasTimes(world, other)).toContain('10:00')
    const { body } = await book(world, { provider: world.ada.id })
    expect(await adasTimes(world, other)).not.toContain('10:00')
    const url = `/api/v1/bookings/${body.booking.id}?token=${body.token}`
    await other.inject({ method: 'PATCH', url, payload: { start: `${TUESDAY}T11:00:00+01:00` } })
    const moved = await adasTimes(world, world)
    expect([moved.includes('10:00'), moved.includes('11:00')]).toEqual([true, false])
    await world.inject({ method: 'DELETE', url })
    expect(await adasTimes(world, other)).toContain('11:00')
  })

  test('a hold, its release, and its end without anybody doing anything', async () => {
    await using world = await createWorld()
    const other = await world.addInstance()
    await adasTimes(world, other)
    const { start } = bookingOf()
    const url = `/api/v1/organizations/${world.slug}/holds`
    const payload = { service: 'consultation', start, provider: world.ada.id }
    const { id } = (await world.inject({ method: 'POST', url, payload })).json()
    expect(await adasTimes(world, other)).not.toContain('10:00')
    await other.inject({ method: 'DELETE', url: `${url}/${id}` })
    expect(await adasTimes(world, world)).toContain('10:00')
    await world.inject({ method: 'POST', url, payload })
    expect(await adasTimes(world, other)).not.toContain('10:00')
    world.clock.advance(5 * 60_000 + 1)
    expect(await adasTimes(world, other)).toContain('10:00')
  })

  test('new hours, another provider, and a service that is offered no longer', async () => {
    await using world = await createWorld()
    const other = await world.addInstance()
    const headers = await world.signIn('owner')
    const change = (method: 'PATCH' | 'DELETE', path: string, payload?: object) =>
      world.inject({ method, url: `/api/v1/organizations/${world.slug}${path}`, headers, ...(payload && { payload }) })
    expect(await adasTimes(world, other)).toContain('10:00')
    const [schedule] = await world.sql<{ id: string }>('select id from schedule')
    await change('PATCH', `/schedules/${schedule?.id ?? ''}`, { weekly: [{ weekday: 2, startMin: 660, endMin: 720 }] })
    expect(await adasTimes(world, other)).toEqual(['11:00', '11:30'])
    await change('PATCH', `/services/${world.consultation.id}`, { providers: [world.ben.id] })
    expect(await adasTimes(world, other)).toEqual([])
    await change('DELETE', `/services/${world.consultation.id}`)
    const url = `/api/v1/organizations/${world.slug}/services/consultation/slots?from=${TUESDAY}&to=${TUESDAY}`
    expect((await other.inject({ url })).json().code).toBe('service.not_found')
  })

  test('under load: no answer has a time that was taken before it was asked for', async () => {
    await using world = await createWorld()
    const other = await world.addInstance()
    const taken = new Set<string>()
    const wrong: string[] = []
    let reads = 0
    let booking = true
    const read = async (instance: Instance) => {
      while (booking) {
        const before = [...taken]
        const listed = await adasTimes(world, instance)
        wrong.push(...listed.filter((time) => before.includes(time)))
        reads += 1
      }
    }
    const readers = [world, other, world, other].map(read)
    for (const time of await adasTimes(world, world)) {
      const { status } = await book(world, { provider: world.ada.id, start: `${TUESDAY}T${time}:00+01:00` })
      if (status === 201) taken.add(time)
    }
    booking = false
    await Promise.all(readers)
    expect(wrong).toEqual([])
    expect(taken.size).toBe(16)
    expect(reads).toBeGreaterThan(16)
    expect(await adasTimes(world, other)).toEqual([])
  })
})

test('whatever is listed is accepted, and what is not listed is refused, minute by minute', async () => {
  await using world = await createWorld()
  for (const start of ['09:30', '13:00']) await book(world, { start: `${TUESDAY}T${start}:00+01:00`, duration: 60 })
  const listed = timesOf(await slotsOn(world, { query: `&provider=${world.ada.id}` }))
  const url = `/api/v1/organizations/${world.slug}/holds`
  for (let minute = 8 * 60; minute < 18 * 60; minute += 15) {
    const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
    const payload = { service: 'consultation', start: `${TUESDAY}T${time}:00+01:00`, provider: world.ada.id }
    const answer = await world.inject({ method: 'POST', url, payload })
    expect({ time, taken: answer.statusCode === 201 }).toEqual({ time, taken: listed.includes(time) })
    if (answer.statusCode === 201) await world.inject({ method: 'DELETE', url: `${url}/${answer.json().id}` })
  }
})

test('free times that cannot be read are told as a failure to whoever asked, and end no process', async () => {
  await using world = await createWorld()
  const unheard = vi.fn()
  process.once('unhandledRejection', unheard)
  await world.sql('alter table claim rename to hidden_away')
  const url = `/api/v1/organizations/${world.slug}/services/consultation/slots?from=${TUESDAY}&to=${TUESDAY}`
  expect((await world.inject({ url })).statusCode).toBe(500)
  await setImmediate()
  process.off('unhandledRejection', unheard)
  expect(unheard).not.toHaveBeenCalled()
  await world.sql('alter table hidden_away rename to claim')
  expect((await world.inject({ url })).statusCode).toBe(200)
})
