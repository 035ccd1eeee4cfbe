import type { InjectOptions } from 'fastify'
import { expect, test, vi } from 'vitest'
import { doEverything, PHONE, PRIVATE } from '../../test/everything.ts'
import { logLines } from '../../test/log-lines.ts'
import { startMailServer } from '../../test/mail-server.ts'
import { addApiKey, openOffice } from '../../test/office.ts'
import { book, bookingOf } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'
import { startWorker } from '../jobs/start-worker.ts'

const PATIENCE = { timeout: 30_000, interval: 100 }
const MAIL_PASSWORD = 'the-password-of-the-mail-server'

/** Asks, and notes on the way whatever lets somebody in. */
function noting(world: World, secrets: Set<string>) {
  return async (request: InjectOptions) => {
    const { url, headers = {} } = request
    const token = new URL(typeof url === 'string' ? url : '', 'http://localhost').searchParams.get('token')
    for (const cookie of String(headers['cookie'] ?? '').split('; ')) secrets.add(cookie.split('=')[1] ?? '')
    const answer = await world.inject(request)
    const told = [...answer.body.matchAll(/"(?:token|key)":"([^"]{20,})"/g)].map(([, secret = '']) => secret)
    for (const secret of [token ?? '', ...told]) secrets.add(secret)
    return answer
  }
}

/** Makes whatever the request writes fail, with an error of the database in which the whole row stands. */
async function whileNothingCanBeKept<Answer>(world: World, ask: () => Promise<Answer>): Promise<Answer> {
  const tables = ['booking', 'customer', 'message', 'audit_event', 'wish']
  for (const table of tables) await world.sql(`alter table ${table} add constraint full_disk check (false) not valid`)
  const answer = await ask()
  for (const table of tables) await world.sql(`alter table ${table} drop constraint full_disk`)
  return answer
}

const WRONG_PASSWORD = 'not the password of anybody'

/** What no sample says: answers to questions and a phone number, a key, a password that is wrong. */
async function sayMore(world: World, ask: ReturnType<typeof noting>, secrets: Set<string>): Promise<void> {
  const office = await openOffice(world)
  const questions = [{ id: 'why', label: 'Why?', kind: 'text', required: true }]
  const service = await office.addService('asking', { durationsMin: [30], providers: [world.ben.id], questions })
  const person = { name: PRIVATE, email: `asked-${PRIVATE}@example.com`, phone: PHONE, timeZone: 'Europe/Athens' }
  const payload = { ...bookingOf({ service, customer: person }), answers: { why: PRIVATE } }
  const bookings = `/api/v1/organizations/${world.slug}/bookings`
  expect((await ask({ method: 'POST', url: bookings, payload })).statusCode).toBe(201)
  const { headers } = await addApiKey(world, office.headers)
  secrets.add(headers.authorization)
  expect((await ask({ url: bookings, headers })).statusCode).toBe(200)
  expect((await ask({ url: bookings, headers: { authorization: `Bearer sk_${PRIVATE}` } })).statusCode).toBe(401)
  const signIn = { email: `${PRIVATE}@example.com`, password: WRONG_PASSWORD }
  const origin = { origin: world.config.publicUrl }
  const refused = await ask({ method: 'POST', url: '/api/auth/sign-in/email', headers: origin, payload: signIn })
  expect(refused.statusCode).toBe(401)
  secrets.add(WRONG_PASSWORD)
}

async function sendAll(world: World, log: ReturnType<typeof logLines>, port: number): Promise<void> {
  const mail = { ...world.config.mail, server: '127.0.0.1', port, username: 'somebody', password: MAIL_PASSWORD }
  const worker = await startWorker({ ...world.config, mail }, log)
  const untried = () => world.sql(`select 1 from message where state = 'queued' and attempts = 0`)
  await vi.waitFor(async () => expect(await untried()).toEqual([]), PATIENCE)
  await worker.close()
}

test(
  'no person, secret or address gets into a log, whatever is done, fails or cannot be sent',
  { timeout: 180_000 },
  async () => {
    const log = logLines()
    await using world = await createWorld({ log, env: { LOG_LEVEL: 'debug' } })
    const secrets = new Set([world.config.secretKey, world.config.databaseUrl, MAIL_PASSWORD, 'correct horse battery'])
    const ask = noting(world, secrets)
    await doEverything(world, { ask })
    await sayMore(world, ask, secrets)
    const statuses = new Set<number>()
    const isExpected = (status: number) => statuses.add(status).size > 0
    await using other = await createWorld({ log, env: { LOG_LEVEL: 'debug' } })
    const askOther = noting(other, secrets)
    const failing = (request: InjectOptions) => whileNothingCanBeKept(other, () => askOther(request))
    await doEverything(other, { ask: failing, isExpected })
    expect(statuses).toContain(500)

    await using refusing = await startMailServer({
      onAuth: (auth, _session, done) => done(null, { user: auth.username }),
      onRcptTo: ({ address }, _session, done) =>
        done(Object.assign(new Error(`${PRIVATE} <${address}> has left`), { responseCode: 550 })),
    })
    await sendAll(world, log, refusing.port)
    await book(world, { customer: { name: PRIVATE, email: `late-${PRIVATE}@example.com` } })
    await using unwilling = await startMailServer({
      onAuth: (auth, _session, done) => done(new Error(`${auth.username} ${auth.password} is unknown`)),
    })
    await sendAll(world, log, unwilling.port)

    const text = log.text()
    expect(log.lines().length).toBeGreaterThan(200)
    expect([...new Set(log.lines().map(({ message }) => message))]).toEqual(
      expect.arrayContaining(['request', 'request failed', 'job', 'job failed and is tried again']),
    )
    secrets.delete('')
    expect(secrets.size).toBeGreaterThan(20)
    for (const secret of secrets) expect({ found: text.includes(secret), secret }).toMatchObject({ found: false })
    for (const word of [PRIVATE, PHONE, 'hopper', 'example.com', 'edith', 'token=', 'password', 'cookie'])
      expect(log.lines().filter((line) => JSON.stringify(line).toLowerCase().includes(word.toLowerCase()))).toEqual([])
  },
)

test('a request is one line, by the pattern of its route, with its id, how it ended and whose it was', async () => {
  const log = logLines()
  await using world = await createWorld({ log, env: { LOG_LEVEL: 'info' } })
  const answer = await world.inject({ url: `/api/v1/organizations/${world.slug}/services?limit=3` })
  await world.inject({ url: '/health' })
  await world.inject({ url: '/api/v1/organizations/%zz' })
  await world.inject({ url: '/api/nowhere/at-all' })
  expect(log.lines()).toMatchObject([
    {
      ...{ level: 'info', message: 'request', service: 'slotkeeper', process: 'web', environment: 'production' },
      ...{ method: 'GET', route: '/api/v1/organizations/:organization/services', status: 200 },
      ...{ requestId: answer.headers['x-request-id'], organizationId: world.organizationId },
      ...{ durationMs: expect.any(Number), time: expect.stringMatching(/^\d{4}-.*Z$/) },
    },
    { level: 'info', route: 'none', status: 400 },
    { level: 'info', route: '/api/*', status: 404 },
  ])
})

test('a request that we failed is one line, too, with where it failed', async () => {
  const log = logLines()
  await using world = await createWorld({ log, env: { LOG_LEVEL: 'warning' } })
  await world.sql('alter table service rename to hidden_away')
  await world.inject({ url: `/api/v1/organizations/${world.slug}/services` })
  const line = { level: 'error', message: 'request failed', status: 500, organizationId: world.organizationId }
  expect(log.lines()).toMatchObject([
    {
      ...line,
      err: { code: '42P01', message: 'relation "service" does not exist', stack: expect.stringMatching(/^at /) },
    },
  ])
})

test('a job is one line with its id, kind, attempt, duration and outcome', async () => {
  await using world = await createWorld({ env: { LOG_LEVEL: 'info' } })
  const log = logLines()
  await using server = await startMailServer()
  await book(world)
  const worker = await startWorker(
    { ...world.config, mail: { ...world.config.mail, server: '127.0.0.1', port: server.port } },
    log,
  )
  await using stack = new AsyncDisposableStack()
  stack.defer(worker.close)
  const told = () => log.lines().filter(({ kind }) => kind === 'messages.deliver')
  await vi.waitFor(() => expect(told()).toHaveLength(1), PATIENCE)
  expect(told()).toMatchObject([
    {
      ...{ level: 'info', message: 'job', process: 'worker', organizationId: world.organizationId },
      ...{ jobId: expect.anything(), attempt: 1, durationMs: expect.any(Number), outcome: 'done' },
    },
  ])
})
