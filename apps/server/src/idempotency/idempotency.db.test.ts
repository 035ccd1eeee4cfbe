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
  await using world = await createWorld({ now: '2026-03-02T20:00:00Z' })
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

test.each(['short', 'x'.repeat(201), 'with blank'])('a key that is none is refused: %j', async (text) => {
  await using world = await createWorld()
  const before = await fingerprint(world)
  const answer = await post(world, '/bookings', bookingOf(), { 'idempotency-key': text })
  expect(answer).toMatchObject({ status: 400, code: 'request.invalid' })
  expect(await fingerprint(world)).toBe(before)
})

const DAY_MS = 24 * 3_600_000

test('two organizations have nothing of each other to fear: a key is answered by the one that gave the answer', async () => {
  await using world = await createWorld()
  const other = { ...world, slug: (await world.addBusiness('other')).slug }
  const headers = await world.signIn('owner', (await world.addBusiness('third')).organizationId)
  const first = await post(world, '/bookings', bookingOf())
  const second = await post(other, '/bookings', bookingOf())
  expect(JSON.parse(second.text).booking.id).not.toBe(JSON.parse(first.text).booking.id)
  expect(await post(world, '/bookings', bookingOf())).toEqual(first)
  expect(await post(other, '/bookings', bookingOf())).toEqual(second)
  expect(await post(world, '/providers', { name: 'Cleo' }, headers)).toMatchObject({ status: 403 })
})

test('an answer is of whoever got it: somebody else with the same key and body is refused', async () => {
  await using world = await createWorld()
  expect((await post(world, '/providers', { name: 'Cleo' }, await world.signIn('owner'))).status).toBe(201)
  const manager = await world.signIn('manager')
  expect(await post(world, '/providers', { name: 'Cleo' }, manager)).toMatchObject({ code: 'idempotency.key_reused' })
  expect(await world.sql(`select 1 from provider where name = 'Cleo'`)).toHaveLength(1)
})

describe.each(POSTS)('the answer to POST %s', (path, bodiesOf, status) => {
  test('is committed with the work: another process gives it again, and waits for it while it is made', async () => {
    await using world = await createWorld()
    const headers = await world.signIn('owner')
    const other = { ...world, ...(await world.addInstance()) }
    const [body] = bodiesOf(world)
    const together = await Promise.all([world, other, world, other].map((at) => post(at, path, body, headers)))
    expect(together.map((answer) => answer.status)).toEqual(Array(4).fill(status))
    const third = { ...world, ...(await world.addInstance()) }
    const before = await fingerprint(world)
    expect(new Set([...together, await post(third, path, body, headers)].map(({ text }) => text)).size).toBe(1)
    expect(await fingerprint(world)).toBe(before)
  })

  test('is that of the first request for a day; then the key is a new one, though nobody has swept', async () => {
    await using world = await createWorld()
    const headers = await world.signIn('owner')
    const [body, other] = bodiesOf(world)
    const first = await post(world, path, body, headers)
    world.clock.advance(DAY_MS - 1)
    expect(await post(world, path, body, headers)).toEqual(first)
    expect(await post(world, path, other, headers)).toMatchObject({ status: 422 })
    world.clock.advance(1)
    const afresh = await Promise.all([1, 2].map(() => post(world, path, laterOf(other), headers)))
    expect(afresh.map((answer) => answer.status)).toEqual([status, status])
    expect(afresh[1]).toEqual(afresh[0])
    expect(afresh[0]).not.toEqual(first)
    const kept = await world.sql('select 1 from idempotency_key')
    expect(kept).toHaveLength(1)
  })
})

/** The same, where it names a time, on a day that is still to come. */
const laterOf = (body: object) => ('start' in body ? { ...body, start: '2026-03-05T10:00:00+01:00' } : body)

test('a work that fails leaves the key free, whatever had been done until then', async () => {
  await using world = await createWorld()
  const headers = await world.signIn('owner')
  await world.sql(`alter table audit_event add constraint fails check (action <> 'provider.created') not valid`)
  const before = await fingerprint(world)
  expect((await post(world, '/providers', { name: 'Cleo' }, headers)).status).toBe(500)
  expect(await fingerprint(world)).toBe(before)
  await world.sql('alter table audit_event drop constraint fails')
  expect((await post(world, '/providers', { name: 'Cleo' }, headers)).status).toBe(201)
})

test('answers that have expired are swept, and no others', async () => {
  await using world = await createWorld()
  await post(world, '/bookings', bookingOf())
  world.clock.advance(DAY_MS - 1)
  expect(await sweepAnswers(world, world.organizationId)).toBe(0)
  world.clock.advance(1)
  expect(await sweepAnswers(world, world.organizationId)).toBe(1)
  expect(await world.sql('select 1 from idempotency_key')).toEqual([])
})
