import { expect, test } from 'vitest'
import { book } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'
import { createSignUpLinks } from './sign-up-link.ts'

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
