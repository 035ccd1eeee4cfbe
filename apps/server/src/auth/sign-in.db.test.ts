import { describe, expect, test } from 'vitest'
import { createWorld, sharedWorld, type World } from '../../test/world.ts'

const GRACE = { name: 'Grace', email: 'grace@example.com', password: 'a long enough password' }

async function ask(world: World, path: string, payload?: object, headers: Record<string, string> = {}) {
  const method = payload ? 'POST' : 'GET'
  const answer = await world.inject({
    ...{ method, url: `/api/auth/${path}` },
    ...(payload && { payload }),
    headers: { ...(payload && { origin: world.config.publicUrl }), ...headers },
  })
  const cookie = answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  return { status: answer.statusCode, cookies: answer.cookies, cookie, body: answer.body }
}

const me = async (world: World, cookie: string) => {
  const answer = await world.inject({ url: '/api/v1/me', headers: { cookie } })
  return { status: answer.statusCode, body: answer.json() }
}

describe('signing up and in', () => {
  test('gives a session that says who one is, until one signs out', async () => {
    await using world = await createWorld()
    const up = await ask(world, 'sign-up/email', GRACE)
    expect(up.status).toBe(200)
    expect(await me(world, up.cookie)).toMatchObject({ status: 200, body: { email: GRACE.email, memberships: [] } })
    const { status, cookie } = await ask(world, 'sign-in/email', GRACE)
    expect(status).toBe(200)
    expect((await me(world, cookie)).status).toBe(200)
    await ask(world, 'sign-out', {}, { cookie })
    expect(await me(world, cookie)).toMatchObject({ status: 401, body: { code: 'auth.required' } })
    // The other session is another one.
    expect((await me(world, up.cookie)).status).toBe(200)
  })

  test('with the wrong password, or an address nobody has, is refused alike', async () => {
    await using world = await createWorld()
    await ask(world, 'sign-up/email', GRACE)
    const wrong = await ask(world, 'sign-in/email', { ...GRACE, password: 'another long password' })
    const nobody = await ask(world, 'sign-in/email', { ...GRACE, email: 'nobody@example.com' })
    expect(wrong).toMatchObject({ status: 401, cookies: [] })
    expect(nobody).toEqual(wrong)
  })

  test('takes a password of ten characters at least, and keeps none', async () => {
    await using world = await createWorld()
    expect((await ask(world, 'sign-up/email', { ...GRACE, password: 'too short' })).status).toBe(400)
    await ask(world, 'sign-up/email', GRACE)
    const [account] = await world.sql<{ password: string }>('select password from auth.account')
    expect(account?.password).toMatch(/^argon2id\$/)
    expect(account?.password).not.toContain(GRACE.password)
  })

  test('counts an address once, however it is spelt', async () => {
    await using world = await createWorld()
    await ask(world, 'sign-up/email', GRACE)
    await ask(world, 'sign-up/email', { ...GRACE, email: 'GRACE@Example.com' })
    expect(await world.sql('select email from auth."user"')).toEqual([{ email: 'grace@example.com' }])
    expect((await ask(world, 'sign-in/email', { ...GRACE, email: 'GRACE@example.com' })).status).toBe(200)
  })

  test('is limited where limits are on', async () => {
    await using world = await createWorld({ rateLimit: 'on' })
    await ask(world, 'sign-up/email', GRACE)
    const tries = []
    for (let count = 0; count < 12; count++)
      tries.push((await ask(world, 'sign-in/email', { ...GRACE, password: `wrong password ${count}` })).status)
    expect(tries.slice(0, 5)).toEqual([401, 401, 401, 401, 401])
    expect(tries.at(-1)).toBe(429)
  })

  test('reaches nothing else of the library that does it', async () => {
    await using world = await createWorld()
    for (const path of [
      'list-sessions',
      'update-user',
      'delete-user',
      'change-password',
      'ok',
      'error',
      'reset-password',
    ]) {
      expect((await ask(world, path)).status).toBe(404)
      expect((await ask(world, path, {})).status).toBe(404)
    }
  })
})

describe('the session cookie', () => {
  test('is not for scripts, nor for other sites', async () => {
    await using world = await createWorld()
    const { cookies } = await ask(world, 'sign-up/email', GRACE)
    const [cookie] = cookies
    expect(cookie).toMatchObject({ name: 'slotkeeper.session_token', httpOnly: true, sameSite: 'Lax', path: '/' })
    expect(cookie?.secure).toBeUndefined()
  })

  test('is for https only where people come by https, and lets in all the same', async () => {
    await using world = await createWorld({ env: { PUBLIC_URL: 'https://book.example.com' } })
    const { cookies, cookie } = await ask(world, 'sign-up/email', GRACE)
    expect(cookies[0]).toMatchObject({ name: '__Secure-slotkeeper.session_token', secure: true, httpOnly: true })
    expect((await me(world, cookie)).status).toBe(200)
  })

  test('that was changed by one character lets nobody in', async () => {
    await using world = await createWorld()
    const { cookie } = await ask(world, 'sign-up/email', GRACE)
    const at = cookie.indexOf('=') + 3
    const changed = cookie.slice(0, at) + (cookie[at] === 'a' ? 'b' : 'a') + cookie.slice(at + 1)
    expect((await me(world, changed)).status).toBe(401)
    const [session] = await world.sql<{ token: string }>('select token from auth.session')
    expect((await me(world, `slotkeeper.session_token=${session?.token ?? ''}`)).status).toBe(401)
  })
})

describe('requests of other sites', () => {
  const shared = sharedWorld()
  const other = { origin: 'https://evil.example' }

  test.each([other, { origin: 'null' }, { origin: 'http://localhost.evil.example' }, { origin: 'nonsense' }])(
    'cannot act in the name of who is signed in: %j',
    async (headers) => {
      const world = shared()
      const session = await world.signIn('owner')
      const url = `/api/v1/organizations/${world.slug}`
      for (const request of [
        { method: 'POST', url: `${url}/providers`, payload: { name: 'X' } },
        { method: 'PATCH', url, payload: { name: 'X' } },
        { method: 'DELETE', url: `${url}/services/${world.course.id}` },
      ] as const) {
        const answer = await world.inject({ ...request, headers: { ...session, ...headers } })
        expect({ status: answer.statusCode, code: answer.json().code }).toEqual({
          status: 403,
          code: 'auth.origin_refused',
        })
      }
      expect(await world.sql('select 1 from provider')).toHaveLength(2)
    },
  )

  test('cannot sign anybody out, nor in', async () => {
    const world = shared()
    const { cookie } = await world.signIn('viewer')
    expect((await ask(world, 'sign-out', {}, { cookie, ...other })).status).toBe(403)
    expect((await me(world, cookie)).status).toBe(200)
    expect((await ask(world, 'sign-in/email', GRACE, { cookie, ...other })).status).toBe(403)
  })

  test('our own pages can', async () => {
    const world = shared()
    const headers = { ...(await world.signIn('owner')), origin: world.config.publicUrl }
    const url = `/api/v1/organizations/${world.slug}/locations`
    const answer = await world.inject({ method: 'POST', url, headers, payload: { kind: 'phone', name: 'Phone' } })
    expect(answer.statusCode).toBe(201)
  })
})

test('who cannot be recognized while sessions cannot be read is asked to try again', async () => {
  await using world = await createWorld()
  const headers = await world.signIn('owner')
  await world.sql('alter table auth.session rename to hidden_away')
  const answer = await world.inject({ url: `/api/v1/organizations/${world.slug}/schedules`, headers })
  expect({ status: answer.statusCode, code: answer.json().code }).toEqual({ status: 503, code: 'server.busy' })
})
