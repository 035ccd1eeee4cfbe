import type { InjectOptions } from 'fastify'
import { describe, expect, test } from 'vitest'
import { fingerprint, TUESDAY } from '../../test/requests.ts'
import { createWorld, sharedWorld } from '../../test/world.ts'

const BOOKINGS = '/api/v1/organizations/practice/bookings'

/** A POST to where bookings are made, with this text as its body. */
const posted = (payload: string | undefined, type?: string): InjectOptions => ({
  method: 'POST',
  url: BOOKINGS,
  ...(payload !== undefined && { payload }),
  headers: { ...(type !== undefined && { 'content-type': type }) },
})

describe('whatever is refused is refused as problem+json with a stable code, and changes nothing', () => {
  const shared = sharedWorld()
  const cases: [string, InjectOptions, [status: number, code: string]][] = [
    ['an address of the API where nothing is', { url: '/api/v1/nothing' }, [404, 'route.not_found']],
    ['a method that an address does not take', { method: 'PUT', url: BOOKINGS }, [404, 'route.not_found']],
    ['an address outside of the API', { url: '/nothing' }, [404, 'route.not_found']],
    ['an address that cannot be decoded', { url: '/api/v1/organizations/%zz' }, [400, 'request.invalid']],
    ['an address with an endless part', { url: `${BOOKINGS}/${'x'.repeat(300)}` }, [404, 'route.not_found']],
    ['a slug that nobody could have', { url: '/api/v1/organizations/No%20Body' }, [404, 'organization.not_found']],
    ['a slug with a zero', { url: '/api/v1/organizations/a%00b' }, [404, 'organization.not_found']],
    ['JSON that is none', posted('{"service":', 'application/json'), [400, 'request.invalid']],
    ['a body that says JSON and is empty', posted(undefined, 'application/json'), [400, 'request.invalid']],
    ['no body', posted(undefined), [400, 'request.invalid']],
    ['a list for a body', posted('[]', 'application/json'), [400, 'request.invalid']],
    ['a body that is null', posted('null', 'application/json'), [400, 'request.invalid']],
    ['a body nested endlessly', posted('['.repeat(100_000), 'application/json'), [400, 'request.invalid']],
    ['a body out to change all objects', posted('{"__proto__":{"a":1}}', 'application/json'), [400, 'request.invalid']],
    ['a body of XML', posted('<a/>', 'application/xml'), [415, 'request.unsupported']],
    ['a body of plain text', posted('a=b', 'text/plain'), [415, 'request.unsupported']],
    ['a form', posted('a=b', 'application/x-www-form-urlencoded'), [415, 'request.unsupported']],
  ]
  test.each(cases)('%s', async (_name, request, [status, code]) => {
    const world = shared()
    const before = await fingerprint(world)
    const answer = await world.inject(request)
    expect({ status: answer.statusCode, code: answer.json().code }).toEqual({ status, code })
    expect(answer.headers['content-type']).toBe('application/problem+json')
    expect(answer.json()).toMatchObject({
      type: `/problems/${code}`,
      status,
      requestId: answer.headers['x-request-id'],
    })
    expect(answer.json().title.length).toBeGreaterThan(10)
    expect(await fingerprint(world)).toBe(before)
  })

  test('a failure of our own tells nobody how', async () => {
    await using world = await createWorld()
    await world.sql('alter table service rename to hidden_away')
    const answer = await world.inject({ url: `/api/v1/organizations/${world.slug}/services` })
    expect({ status: answer.statusCode, code: answer.json().code }).toEqual({ status: 500, code: 'server.failed' })
    expect(answer.body).not.toMatch(/relation|select|service/)
  })
})

describe('every answer of the API', () => {
  const shared = sharedWorld()

  test('has an id of its own, which visitors cannot choose', async () => {
    const world = shared()
    const headers = { 'x-request-id': 'mine' }
    const answers = await Promise.all([1, 2].map(() => world.inject({ url: '/api/v1/nothing', headers })))
    const ids = answers.map((answer) => answer.headers['x-request-id'])
    expect(ids).not.toContain('mine')
    expect(new Set(ids).size).toBe(2)
  })

  test.each(['/api/v1/organizations/practice', '/api/v1/nothing', '/api/auth/get-session', '/api/openapi.json'])(
    'cannot be taken for anything but data: %s',
    async (url) => {
      expect((await shared().inject({ url })).headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'x-frame-options': 'DENY',
        'cache-control': 'no-store',
      })
    },
  )

  test('asks for https from then on, where people come by https, and only there', async () => {
    await using plain = await createWorld()
    expect((await plain.inject({ url: '/health' })).headers['strict-transport-security']).toBeUndefined()
    await using secure = await createWorld({ env: { PUBLIC_URL: 'https://book.example.com' } })
    expect((await secure.inject({ url: '/health' })).headers['strict-transport-security']).toBe('max-age=31536000')
  })
})

describe('requests are limited', () => {
  const url = '/api/v1/organizations/practice'

  test('by visitor, and every answer says how many are left', async () => {
    await using world = await createWorld({ rateLimit: 'on' })
    const first = await world.inject({ url })
    expect(first.headers).toMatchObject({ 'x-ratelimit-limit': '600', 'x-ratelimit-remaining': '599' })
    for (let count = 1; count < 600; count++) await world.inject({ url })
    const refused = await world.inject({ url })
    expect({ status: refused.statusCode, code: refused.json().code }).toEqual({ status: 429, code: 'rate.limited' })
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect((await world.inject({ url, remoteAddress: '192.0.2.7' })).statusCode).toBe(200)
    expect((await world.inject({ url: '/health/ready' })).statusCode).toBe(200)
  })

  test('and who connects directly cannot pass for somebody else', async () => {
    await using world = await createWorld({ rateLimit: 'on' })
    const left = async (address: string) =>
      Number((await world.inject({ url, headers: { 'x-forwarded-for': address } })).headers['x-ratelimit-remaining'])
    expect([await left('192.0.2.1'), await left('192.0.2.2')]).toEqual([599, 598])
  })

  test('and behind one proxy, the visitor is who the proxy says', async () => {
    await using world = await createWorld({ rateLimit: 'on', env: { TRUST_PROXY: '1' } })
    const left = async (addresses: string) =>
      Number((await world.inject({ url, headers: { 'x-forwarded-for': addresses } })).headers['x-ratelimit-remaining'])
    expect([await left('192.0.2.1'), await left('192.0.2.2')]).toEqual([599, 599])
    // What stands before it was written by the visitor.
    expect(await left('203.0.113.9, 192.0.2.1')).toBe(598)
  })
})

test('health says how the process and the database are, and readiness ends when the database is gone', async () => {
  await using world = await createWorld()
  const ready = await world.inject({ url: '/health/ready' })
  expect({ status: ready.statusCode, body: ready.json() }).toEqual({
    status: 200,
    body: { status: 'ok', checks: { database: 'ok', process: 'ok' } },
  })
  await world.sql('alter table organization_slug rename to hidden_away')
  expect((await world.inject({ url: '/health/ready' })).statusCode).toBe(503)
  expect((await world.inject({ url: '/health' })).statusCode).toBe(200)
})

test('the public operations answer without an account', async () => {
  await using world = await createWorld()
  const of = async (path: string) => {
    const answer = await world.inject({ url: `/api/v1/organizations/${world.slug}${path}` })
    return { status: answer.statusCode, body: answer.json() }
  }
  expect(await of('')).toMatchObject({ status: 200, body: { slug: 'practice', timeZone: 'Europe/Berlin' } })
  const services = await of('/services')
  expect(services.body.items.map(({ slug }: { slug: string }) => slug).sort()).toEqual([
    'consultation',
    'course',
    'treatment',
  ])
  expect(await of('/services/consultation')).toMatchObject({ status: 200, body: { id: world.consultation.id } })
  expect(await of(`/services/${world.consultation.id}`)).toMatchObject({ status: 200, body: { slug: 'consultation' } })
  const slots = await of(`/services/course/slots?from=${TUESDAY}&to=${TUESDAY}`)
  expect(slots.body.days).toHaveLength(1)
  expect(slots.body.days[0].slots[0]).toEqual({
    start: `${TUESDAY}T09:00:00+01:00`,
    end: `${TUESDAY}T10:00:00+01:00`,
    providers: [world.ada.id],
    seatsLeft: 3,
  })
})
