import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { runMain, settingsFor, told } from '../../test/run-command.ts'
import { copyTemplate, createWorld } from '../../test/world.ts'
import { createSignUpLinks } from '../auth/sign-up-link.ts'

let url = ''
let drop = () => Promise.resolve()

beforeAll(async () => {
  const database = await copyTemplate(inject('postgresUrl'))
  url = database.url
  drop = database.drop
})
afterAll(() => drop())

test('missing settings end a command with 1 and their names', async () => {
  const { code, err } = await runMain(['migrate', 'status'])
  expect(code).toBe(1)
  expect(err).toContain('DATABASE_URL is missing')
})

test('migrate status says with its exit code whether a migration waits', async () => {
  const env = settingsFor(url)
  expect(await runMain(['migrate', 'status'], env)).toMatchObject({ code: 0 })
  const { takenBack } = told<{ takenBack: string[] }>(await runMain(['migrate', 'down', '1', '--json'], env))
  const waiting = await runMain(['migrate', 'status', '--json'], env)
  expect(waiting.code).toBe(1)
  expect(told(waiting)).toMatchObject({ waiting: takenBack })
  expect(told(await runMain(['migrate', 'up', '--json'], env))).toEqual({ applied: takenBack })
  expect(await runMain(['migrate', 'down', 'everything'], env)).toMatchObject({ code: 2 })
})

test('seed fills an empty staging with a password of its own, once, and never a production', async () => {
  const { url: own, drop: dropOwn } = await copyTemplate(inject('postgresUrl'))
  try {
    const staging = settingsFor(own, { ENVIRONMENT: 'staging', PUBLIC_URL: 'https://staging.example.com' })
    const production = await runMain(['seed'], { ...staging, ENVIRONMENT: 'production' })
    expect(production).toMatchObject({ code: 1, err: expect.stringContaining('This is a production') })
    const first = await runMain(['seed', '--json'], staging)
    expect(told(first)).toMatchObject({ page: 'https://staging.example.com/demo', email: expect.stringContaining('@') })
    const again = await runMain(['seed'], staging)
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('has a business already') })
  } finally {
    await dropOwn()
  }
})

test('an unsafe production does not start, and says why', async () => {
  const env = settingsFor(url, { ENVIRONMENT: 'production', RATE_LIMIT: 'off' })
  for (const command of ['web', 'worker']) {
    const { code, err } = await runMain([command], env)
    expect(code).toBe(1)
    expect(err).toContain('rate-limit-off: RATE_LIMIT is off')
  }
  const owner = await runMain(['worker'], { ...env, RATE_LIMIT: 'on' })
  expect(owner).toMatchObject({ code: 1, err: expect.stringContaining('database-owner: the user slotkeeper') })
})

test('retention tells every kind, what removes it, and ends with 1 when something stays too long', async () => {
  await using world = await createWorld()
  const env = settingsFor(world.config.databaseUrl)
  const { code, out } = await runMain(['retention'], env)
  expect(code).toBe(0)
  expect(out).toMatch(/audit trail +7 years +\S+ +job retention.sweep/)
  await world.signIn('owner')
  await world.sql(
    `update auth.session set "createdAt" = now() - interval '1 year', "updatedAt" = now() - interval '1 year'`,
  )
  const late = await runMain(['retention', '--json'], env)
  expect(late.code).toBe(1)
  expect(told<{ kind: string; overdue: boolean }[]>(late).find(({ overdue }) => overdue)?.kind).toBe('sessions')
})

test('sign-up-link makes a link for one address, good for seven days, and for nothing that is no address', async () => {
  const env = settingsFor('postgres://127.0.0.1:1/none')
  const { url, end } = told<{ url: string; end: string }>(
    await runMain(['sign-up-link', 'ada@example.com', '--json'], env),
  )
  const links = createSignUpLinks({
    ...{ secretKey: env['SECRET_KEY'] ?? '', secretKeyPrevious: undefined, publicUrl: 'http://localhost:5000' },
  })
  const { searchParams } = new URL(url)
  const sent = { email: searchParams.get('email') ?? '', token: searchParams.get('token') ?? '' }
  expect(sent.email).toBe('ada@example.com')
  const endMs = Date.parse(end)
  expect([links.allows(sent, endMs - 1), links.allows(sent, endMs)]).toEqual([true, false])
  expect((await runMain(['sign-up-link', 'ada'], env)).code).toBe(2)
})

test('rotate-secret makes another key every time, long enough to be taken', async () => {
  const keys = await Promise.all(
    [1, 2].map(async () => told<{ key: string }>(await runMain(['rotate-secret', '--json'])).key),
  )
  expect(new Set(keys).size).toBe(2)
  expect(Math.min(...keys.map(({ length }) => length))).toBeGreaterThanOrEqual(32)
})

test('health asks the web process on PORT', async () => {
  await using world = await createWorld()
  const { address } = await world.listen()
  const { port } = new URL(address)
  const ready = await runMain(['health', '--json'], { PORT: port })
  expect(ready.code).toBe(0)
  expect(told(ready)).toMatchObject({ ready: true, answer: { status: 'ok' } })
})

test('health ends with 1 when nobody answers', async () => {
  expect(await runMain(['health'], { PORT: '1' })).toMatchObject({ code: 1, out: expect.stringContaining('not ready') })
})
