import { describe, expect, test } from 'vitest'
import { book } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'
import type { Mail } from '../notifications/mailer.ts'
import { createSignUpLinks } from './sign-up-link.ts'
import { answerSignUp } from './sign-up.service.ts'

const ADA = { name: 'Ada', email: 'ada@example.com', password: 'a long enough password' }

async function signUp(world: World, person: object) {
  const headers = { origin: world.config.publicUrl }
  const answer = await world.inject({ method: 'POST', url: '/api/auth/sign-up/email', headers, payload: person })
  return { status: answer.statusCode, body: answer.json(), cookies: answer.cookies.length }
}

function tokenFor(world: World, email: string, minutes = 1): string {
  const url = createSignUpLinks(world.config).urlFor(email, world.clock.nowMs() + minutes * 60_000)
  return new URL(url).searchParams.get('token') ?? ''
}

const accounts = (world: World) => world.sql('select email from auth."user"')

test('without a link nobody makes an account unless it is said that everybody may', async () => {
  await using world = await createWorld({ env: { SIGN_UP: '' } })
  for (const person of [ADA, { ...ADA, token: '' }, { ...ADA, token: ['a'] }, { ...ADA, email: 7 }, {}, [ADA]])
    expect(await signUp(world, person)).toMatchObject({
      ...{ status: 403, cookies: 0 },
      body: { code: 'auth.sign_up_refused' },
    })
  expect(await accounts(world)).toEqual([])
})

test('with a link for the address one makes an account, is signed in, and sets a business up', async () => {
  await using world = await createWorld({ env: { SIGN_UP: 'invited' } })
  const headers = { origin: world.config.publicUrl }
  const payload = { ...ADA, token: tokenFor(world, ADA.email) }
  const made = await world.inject({ method: 'POST', url: '/api/auth/sign-up/email', headers, payload })
  expect(made.statusCode).toBe(200)
  const cookie = made.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const place = { slug: 'first', name: 'The first', timeZone: 'Europe/Berlin', locale: 'en', currency: 'EUR' }
  const business = {
    method: 'POST',
    url: '/api/v1/organizations',
    headers: { cookie, ...headers },
    payload: place,
  } as const
  expect((await world.inject(business)).statusCode).toBe(201)
})

test('a link is good once, for its address, until its end; who has no good one is not told whether there is an account', async () => {
  await using world = await createWorld({ env: { SIGN_UP: 'invited' } })
  const token = tokenFor(world, ADA.email)
  expect((await signUp(world, { ...ADA, email: 'eve@example.com', token })).status).toBe(403)
  expect((await signUp(world, { ...ADA, token })).status).toBe(200)
  expect((await signUp(world, { ...ADA, password: 'another long password', token })).status).toBe(422)
  world.clock.advance(60_000)
  const late = await signUp(world, { ...ADA, token })
  const unknown = await signUp(world, { ...ADA, email: 'eve@example.com', token })
  expect({ ...late.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' })
  expect(await accounts(world)).toEqual([{ email: ADA.email }])
})

test('customers book where nobody may sign up', async () => {
  await using world = await createWorld({ env: { SIGN_UP: 'invited' } })
  expect((await book(world)).status).toBe(201)
})

describe('where the mail decides who may', () => {
  const ask = async (world: World, payload: object, remoteAddress = '192.0.2.1') => {
    const request = { method: 'POST', url: '/api/auth/sign-up/ask', payload, remoteAddress } as const
    const { statusCode: status, body } = await world.inject(request)
    return { status, body }
  }
  type Payload = { id: string; email: string; locale: string }
  const queued = async (world: World) => {
    const jobs = await world.sql<{ payload: Payload }>(
      `select j.payload from graphile_worker._private_jobs j
       join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'sign-up.answer' order by j.id`,
    )
    return jobs.map(({ payload }) => payload)
  }
  /** What a worker writes to whoever asked. */
  const answersTo = async (world: World) => {
    const mails: Mail[] = []
    const mailer = { send: (mail: Mail) => Promise.resolve(void mails.push(mail)), close: () => undefined }
    for (const asked of await queued(world)) await answerSignUp({ ...world, mailer }, asked)
    return mails
  }
  const confirmed = { env: { SIGN_UP: 'confirmed' } }

  test('an address with an account and one without get the same answer, and each the mail that is for it', async () => {
    await using world = await createWorld(confirmed)
    await signUp(world, { ...ADA, token: tokenFor(world, ADA.email) })
    const known = await ask(world, { email: 'ADA@example.com', locale: 'de-AT' })
    expect(known).toEqual({ status: 202, body: '{}' })
    expect(await ask(world, { email: 'eve@example.com', locale: 'ar' })).toEqual(known)
    const [toAda, toEve] = await answersTo(world)
    expect(toAda).toMatchObject({ subject: 'Sie haben ein Konto bei localhost:5000', language: 'de' })
    expect(toAda?.text).toContain('http://localhost:5000/sign-in')
    expect(toAda?.text).not.toContain('token=')
    expect(toEve).toMatchObject({ to: { address: 'eve@example.com' }, language: 'ar' })
    expect(toEve?.text).toContain('http://localhost:5000/sign-up?email=eve%40example.com&token=')
    expect(await accounts(world)).toEqual([{ email: ADA.email }])
  })

  test('the link in the mail makes the account, for a day', async () => {
    await using world = await createWorld(confirmed)
    expect((await signUp(world, ADA)).status).toBe(403)
    await ask(world, { email: ADA.email })
    const [mail] = await answersTo(world)
    const link = /http\S+sign-up\S+/.exec(mail?.text ?? '')?.[0] ?? ''
    const person = { ...ADA, token: new URL(link).searchParams.get('token') }
    world.clock.advance(86_400_000)
    expect((await signUp(world, person)).status).toBe(403)
    world.clock.advance(-1)
    expect((await signUp(world, person)).status).toBe(200)
  })

  test('nobody is written to more than three times an hour, and nobody is told so', async () => {
    await using world = await createWorld({ ...confirmed, rateLimit: 'on' })
    for (const last of [1, 2, 3, 4, 5])
      expect(await ask(world, { email: ADA.email }, `192.0.2.${last}`)).toEqual({ status: 202, body: '{}' })
    expect(await queued(world)).toHaveLength(3)
    await ask(world, { email: 'eve@example.com' }, '192.0.2.6')
    expect(await queued(world)).toHaveLength(4)
  })

  test('one visitor has five mails a minute sent at most', async () => {
    await using world = await createWorld({ ...confirmed, rateLimit: 'on' })
    const statuses = []
    for (let count = 0; count < 6; count++)
      statuses.push((await ask(world, { email: `person${count}@example.com` })).status)
    expect(statuses).toEqual([202, 202, 202, 202, 202, 429])
  })

  test('what is no address is refused, and so is everybody where accounts are made by invitation', async () => {
    await using world = await createWorld(confirmed)
    for (const payload of [
      {},
      { email: 'nobody' },
      { email: ADA.email, role: 'owner' },
      { email: ADA.email, locale: 7 },
    ])
      expect((await ask(world, payload)).status).toBe(400)
    await using closed = await createWorld({ env: { SIGN_UP: 'invited' } })
    expect((await ask(closed, { email: ADA.email })).status).toBe(403)
    expect([...(await queued(world)), ...(await queued(closed))]).toEqual([])
  })
})
