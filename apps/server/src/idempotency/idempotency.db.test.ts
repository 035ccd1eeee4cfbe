import { describe, expect, test } from 'vitest'
import { bookingOf, fingerprint, TUESDAY } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'
import { sweepAnswers } from './idempotency.service.ts'

const key = { 'idempotency-key': 'a-key-of-its-own' }

async function post(world: World, path: string, payload: object, headers: Record<string, string> = {}) {
  const url = `/api/v1/organizations/${world.slug}${path}`
  const answer = await world.inject({ method: 'POST', url, payload, headers: { ...key, ...headers } })
  return { status: answer.statusCode, text: answer.body, code: answer.json().code }
}

/** Every POST that visitors and members have, and two bodies that each take by itself. */
const POSTS: [string, (world: World) => [object, object], number][] = [
  ['/bookings', (world) => [bookingOf({ provider: world.ada.id }), bookingOf({ provider: world.ben.id })], 201],
  ['/holds', (world) => [holdOf(world.ada.id), holdOf(world.ben.id)], 201],
  ['/services', (world) => [serviceOf(world, 'first'), serviceOf(world, 'second')], 201],
  ['/providers', () => [{ name: 'Cleo' }, { name: 'Dora' }], 201],
  ['/resources', () => [{ name: 'Chair' }, { name: 'Table' }], 201],
  ['/locations', () => [locationOf('Main street'), locationOf('Side street')], 201],
  ['/schedules', () => [scheduleOf('Early'), scheduleOf('Late')], 201],
]

const holdOf = (provider: string) => ({ service: 'consultation', start: `${TUESDAY}T10:00:00+01:00`, provider })
const serviceOf = (world: World, slug: string) => ({ slug, name: slug, durationsMin: [30], providers: [world.ada.id] })
const locationOf = (name: string) => ({ kind: 'address', name, detail: 'Berlin' })
const scheduleOf = (name: string) => ({ name, timeZone: 'Europe/Berlin', weekly: [], overrides: [] })

describe.each(POSTS)('sending POST %s again', (path, bodiesOf, status) => {
  test('with the same key and body gives the same answer, byte for byte, and makes nothing new', async () => {
    await using world = await createWorld()
    const headers = await world.signIn('owner')
    const [body] = bodiesOf(world)
    const first = await post(world, path, body, headers)
    expect(first).toMatchObject({ status })
    const before = await fingerprint(world)
    world.clock.advance(1000)
    expect(await post(world, path, body, headers)).toEqual(first)
    expect(await fingerprint(world)).toBe(before)
  })

  test('at the same moment gives all the same answer, and has its effect once', async () => {
    await using world = await createWorld()
    const headers = await world.signIn('owner')
    const [body] = bodiesOf(world)
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(world, path, body, headers)))
    expect(answers.map((answer) => answer.status)).toEqual(Array(8).fill(status))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
  })

  test('with another body is refused and changes nothing', async () => {
    await using world = await createWorld()
    const headers = await world.signIn('owner')
    const [body, other] = bodiesOf(world)
    await post(world, path, body, headers)
    const before = await fingerprint(world)
    expect(await post(world, path, other, headers)).toMatchObject({ status: 422, code: 'idempotency.key_reused' })
    expect(await fingerprint(world)).toBe(before)
  })
})

test('a booking is answered alike even when its time has passed meanwhile', async () => {
  await using world = await createWorld()
  const first = await post(world, '/bookings', bookingOf())
  world.clock.set(`${TUESDAY}T12:00:00Z`)
  expect(await post(world, '/bookings', bookingOf())).toEqual(first)
})

test('a refusal is not remembered: the same request may succeed later', async () => {
  await using world = await createWorld()
  const { body } = { body: bookingOf({ provider: world.ada.id }) }
  const held = await post(world, '/holds', holdOf(world.ada.id), { 'idempotency-key': 'another-key' })
  expect((await post(world, '/bookings', body)).code).toBe('booking.slot_taken')
  const { id } = JSON.parse(held.text)
  await world.inject({ method: 'DELETE', url: `/api/v1/organizations/${world.slug}/holds/${id}` })
  expect((await post(world, '/bookings', body)).status).toBe(201)
})

test('two organizations may use the same key', async () => {
  await using world = await createWorld()
  const other = await world.addBusiness('other')
  expect((await post(world, '/bookings', bookingOf())).status).toBe(201)
  expect((await post({ ...world, slug: other.slug }, '/bookings', bookingOf())).status).toBe(201)
})

test.each(['short', 'x'.repeat(201), 'with blank'])('a key that is none is refused: %j', async (text) => {
  await using world = await createWorld()
  const before = await fingerprint(world)
  const answer = await post(world, '/bookings', bookingOf(), { 'idempotency-key': text })
  expect(answer).toMatchObject({ status: 400, code: 'request.invalid' })
  expect(await fingerprint(world)).toBe(before)
})

test('answers are forgotten after a day', async () => {
  await using world = await createWorld()
  await post(world, '/bookings', bookingOf())
  await world.sql(`update idempotency_key set created_at = $1`, [new Date(world.clock.nowMs())])
  expect(await sweepAnswers(world, world.organizationId)).toBe(0)
  world.clock.advance(24 * 3_600_000 + 1)
  expect(await sweepAnswers(world, world.organizationId)).toBe(1)
})
