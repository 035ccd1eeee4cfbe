import { expect, test } from 'vitest'
import { runMain, settingsFor, told } from '../../test/run-command.ts'
import { createWorld, type World } from '../../test/world.ts'
import { beginMaintenance, endMaintenance, readMaintenance } from './maintenance.service.ts'

/** After this long, all processes know. */
const KNOWN_MS = 1_000

const businessOf = (world: World) => `/api/v1/organizations/${world.slug}`

test('while the installation is closed, the API answers 503, says why, and when to come again', async () => {
  await using world = await createWorld()
  expect((await world.inject({ url: businessOf(world) })).statusCode).toBe(200)
  await beginMaintenance(world, { reason: 'We move.', minutes: 20 })
  world.clock.advance(KNOWN_MS)
  const answer = await world.inject({ url: businessOf(world) })
  expect(answer.headers).toMatchObject({
    'content-type': expect.stringContaining('application/problem+json'),
    'retry-after': '1199',
    'x-content-type-options': 'nosniff',
  })
  expect(answer.json()).toMatchObject({ status: 503, code: 'server.maintenance', detail: 'We move.' })
})

test('nobody does anything then: not with a session, not by a key, not where nothing is', async () => {
  await using world = await createWorld()
  const headers = await world.signIn('owner')
  await beginMaintenance(world, { reason: undefined, minutes: undefined })
  world.clock.advance(KNOWN_MS)
  const asked = [
    { url: '/api/v1/me', headers },
    { url: `${businessOf(world)}/holds`, method: 'POST', payload: {} },
    { url: '/api/auth/sign-in/email', method: 'POST', payload: {} },
    { url: '/api/openapi.json' },
    { url: '/api/nothing' },
  ] as const
  for (const request of asked) {
    const { statusCode, headers: told } = await world.inject(request)
    expect({ url: request.url, statusCode, again: told['retry-after'] }).toEqual({
      ...{ url: request.url, statusCode: 503, again: '300' },
    })
  }
})

test('the health of the process stays up and says so: visitors are still to be sent to it', async () => {
  await using world = await createWorld()
  await beginMaintenance(world, { reason: undefined, minutes: undefined })
  for (const url of ['/health', '/health/ready']) {
    const answer = await world.inject({ url })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({ status: 'ok', maintenance: true })
  }
})

test('every process knows when it begins and ends, and asks the database no more than once a second', async () => {
  await using world = await createWorld()
  const other = await world.addInstance()
  const statuses = async () => {
    const answers = await Promise.all([world, other].map((one) => one.inject({ url: businessOf(world) })))
    return answers.map(({ statusCode }) => statusCode)
  }
  expect(await statuses()).toEqual([200, 200])
  await beginMaintenance(world, { reason: undefined, minutes: undefined })
  world.clock.advance(KNOWN_MS - 1)
  expect(await statuses()).toEqual([200, 200])
  world.clock.advance(1)
  expect(await statuses()).toEqual([503, 503])
  expect(await endMaintenance(world)).toBe(true)
  world.clock.advance(KNOWN_MS)
  expect(await statuses()).toEqual([200, 200])
})

test('a database that says nothing of it changes nothing', async () => {
  await using world = await createWorld()
  await beginMaintenance(world, { reason: undefined, minutes: undefined })
  expect((await world.inject({ url: businessOf(world) })).statusCode).toBe(503)
  await world.sql('alter table maintenance rename to elsewhere')
  world.clock.advance(KNOWN_MS)
  expect((await world.inject({ url: businessOf(world) })).statusCode).toBe(503)
})

test('closed again, it is closed since when it was, with what is said now', async () => {
  await using world = await createWorld()
  await beginMaintenance(world, { reason: 'One.', minutes: 5 })
  const beganMs = world.clock.nowMs()
  world.clock.advance(60_000)
  await beginMaintenance(world, { reason: 'Two.', minutes: undefined })
  expect(await readMaintenance(world)).toEqual({ reason: 'Two.', beganMs, expectedEndMs: undefined })
})

test('the commands close, tell, and open', async () => {
  await using world = await createWorld()
  const env = settingsFor(world.config.databaseUrl)
  expect(await runMain(['maintenance', 'status'], env)).toMatchObject({ code: 0, out: 'Open to visitors.\n' })
  expect(await runMain(['maintenance', 'on', '--reason', 'We move.', '--minutes', '20'], env)).toMatchObject({
    code: 0,
  })
  const status = told<{ closed: boolean; reason: string }>(await runMain(['maintenance', 'status', '--json'], env))
  expect(status).toMatchObject({ closed: true, reason: 'We move.', expectedEnd: expect.stringMatching(/Z$/) })
  expect(told(await runMain(['maintenance', 'off', '--json'], env))).toEqual({ closed: false, wasClosed: true })
  expect(told(await runMain(['maintenance', 'off', '--json'], env))).toEqual({ closed: false, wasClosed: false })
  expect(await runMain(['maintenance', 'on', '--minutes', 'soon'], env)).toMatchObject({ code: 2 })
})
