import { Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { addApiKey } from '../../test/office.ts'
import { bookingOf } from '../../test/requests.ts'
import { createWorld, sharedWorld, type World } from '../../test/world.ts'
import { sealAudit, verifyAudit } from '../audit/audit.service.ts'
import { createLogger } from '../observe/log.ts'
import { actionsOn, callerOf, fieldsOf } from '../services/caller.fixture.ts'
import { toInstantText } from '../shared/clock.ts'
import { keyText, readKeyText } from './key-text.ts'

const urlOf = (world: World, path: string) => `/api/v1/organizations/${world.slug}${path}`
const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

async function statusWith(world: World, headers: Record<string, string>, path = '/bookings') {
  return (await world.inject({ url: urlOf(world, path), headers })).statusCode
}

describe('an API key', () => {
  const shared = sharedWorld()

  test('is told once; what is kept of it opens nothing', async () => {
    const world = shared()
    const owner = await world.signIn('owner')
    const { id, key, hint } = await addApiKey(world, owner)
    const listed = (await world.inject({ url: urlOf(world, '/api-keys'), headers: owner })).body
    expect(listed).toContain(hint)
    expect(listed).not.toContain(key)
    const secret = readKeyText(key)?.secret ?? expect.unreachable('a key can be read')
    const [row] = await world.sql<{ row: string }>(`select to_jsonb(k)::text as row from api_key k where id = $1`, [id])
    for (const spelling of ['hex', 'base64', 'base64url'] as const)
      expect(row?.row).not.toContain(secret.toString(spelling))
  })

  test('is not told again when the request comes twice, nor kept with its answer', async () => {
    const world = shared()
    const owner = await callerOf(world, 'owner')
    const body = { name: 'Twice', scopes: ['read'], days: 1 }
    const again = { 'idempotency-key': 'make-a-key-once' }
    const first = await owner('POST', '/api-keys', body, again)
    const second = await owner('POST', '/api-keys', body, again)
    expect(first).toMatchObject({ status: 201, body: { key: expect.stringMatching(/^sk_/) } })
    const { key, ...view } = first.body
    expect(second).toEqual({ status: 201, body: view })
    const kept = await world.sql<{ body: object }>(`select body from idempotency_key where key = 'make-a-key-once'`)
    expect(JSON.stringify(kept)).not.toContain(key)
  })

  test.each([
    ['no scope', { scopes: [] }, 'scopes'],
    ['a scope that there is not', { scopes: ['members:write'] }, 'scopes'],
    ['a scope twice', { scopes: ['read', 'read'] }, 'scopes'],
    ['no name', { name: ' ' }, 'name'],
    ['no end', { days: undefined }, 'days'],
    ['an end in the past', { days: 0 }, 'days'],
    ['more than a year', { days: 366 }, 'days'],
  ])('is not made with %s', async (_what, changes, field) => {
    const owner = await callerOf(shared(), 'owner')
    const body = { name: 'Wrong', scopes: ['read'], days: 1, ...changes }
    const refused = await owner('POST', '/api-keys', body)
    expect({ status: refused.status, fields: fieldsOf(refused.body)[0]?.split('.')[0] }).toEqual({
      status: 400,
      fields: field,
    })
  })

  test('lets nobody in when a bit of it is another, and says no more than when there is no such key', async () => {
    const world = shared()
    const { key } = await addApiKey(world, await world.signIn('owner'))
    const claim = readKeyText(key) ?? expect.unreachable('a key can be read')
    const wrongSecret = Buffer.from(claim.secret)
    wrongSecret.writeUInt8(wrongSecret.readUInt8(31) ^ 1, 31)
    const other = await world.addBusiness('somewhere-else')
    const refused = []
    for (const wrong of [
      keyText({ ...claim, secret: wrongSecret }),
      keyText({ ...claim, id: world.ada.id }),
      keyText({ ...claim, organizationId: other.organizationId }),
      'sk_',
      'x',
      '',
    ]) {
      const answer = await world.inject({ url: urlOf(world, '/bookings'), headers: bearer(wrong) })
      refused.push({ status: answer.statusCode, code: answer.json().code, detail: answer.json().detail })
    }
    expect(new Set(refused.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(refused[0]).toMatchObject({ status: 401, code: 'auth.required' })
  })

  test('is asked for even where nobody needs one: a wrong key is never taken for none', async () => {
    const world = shared()
    expect(await statusWith(world, bearer('sk_wrong'), '/services')).toBe(401)
    expect(await statusWith(world, { authorization: 'Basic dTpw' }, '/services')).toBe(200)
  })

  test('counts more than a cookie that comes along, and is not asked for the page it comes from', async () => {
    const world = shared()
    const owner = await world.signIn('owner')
    const { headers } = await addApiKey(world, owner)
    expect(await statusWith(world, { ...owner, ...headers }, '/api-keys')).toBe(403)
    const payload = { name: 'Room 9' }
    const setup = await addApiKey(world, owner, { scopes: ['setup:write'] })
    const answer = await world.inject({
      ...{ method: 'POST', url: urlOf(world, '/resources'), payload },
      headers: { ...setup.headers, origin: 'https://elsewhere.example' },
    })
    expect(answer.statusCode).toBe(201)
  })

  test('opens nothing outside of the API', async () => {
    const world = shared()
    const { headers } = await addApiKey(world, await world.signIn('owner'))
    expect((await world.inject({ url: '/api/v1/me', headers })).statusCode).toBe(403)
    expect((await world.inject({ url: '/api/auth/get-session', headers })).body).toBe('null')
  })
})

test('an API key ends when it expires', async () => {
  await using world = await createWorld()
  const { headers } = await addApiKey(world, await world.signIn('owner'), { days: 1 })
  world.clock.advance(86_400_000 - 1)
  expect(await statusWith(world, headers)).toBe(200)
  world.clock.advance(1)
  expect(await statusWith(world, headers)).toBe(401)
})

test('an API key ends when it is revoked, in every process; many at once revoke it one time', async () => {
  await using world = await createWorld()
  const admin = await world.signIn('admin')
  const { id, headers } = await addApiKey(world, admin)
  const second = await world.addInstance()
  expect((await second.inject({ url: urlOf(world, '/bookings'), headers })).statusCode).toBe(200)
  const revoke = () => world.inject({ method: 'DELETE', url: urlOf(world, `/api-keys/${id}`), headers: admin })
  const answers = await Promise.all([revoke(), revoke(), revoke(), revoke()])
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([204, 204, 204, 204])
  expect((await second.inject({ url: urlOf(world, '/bookings'), headers })).statusCode).toBe(401)
  expect(await actionsOn(world, id)).toEqual(['api_key.created', 'api_key.revoked'])
})

test('an API key of another organization can be neither seen nor revoked', async () => {
  await using world = await createWorld()
  const other = await world.addBusiness('other')
  const theirs = await addApiKey(world, await world.signIn('owner', other.organizationId), { slug: other.slug })
  const owner = await callerOf(world, 'owner')
  expect((await owner('GET', '/api-keys')).body.items).toEqual([])
  expect(await owner('DELETE', `/api-keys/${theirs.id}`)).toMatchObject({
    status: 404,
    body: { code: 'api_key.not_found' },
  })
  const used = await world.inject({ url: '/api/v1/organizations/other/bookings', headers: theirs.headers })
  expect(used.statusCode).toBe(200)
})

test('the list tells when a key was last used, to the minute', async () => {
  await using world = await createWorld()
  const owner = await world.signIn('owner')
  const { headers } = await addApiKey(world, owner)
  const lastUse = async () =>
    (await world.inject({ url: urlOf(world, '/api-keys'), headers: owner })).json().items[0].lastUsedAt
  expect(await lastUse()).toBeNull()
  await Promise.all(Array.from({ length: 8 }, () => statusWith(world, headers)))
  const first = await lastUse()
  expect(first).toBe(toInstantText(world.clock.nowMs()))
  world.clock.advance(59_999)
  await statusWith(world, headers)
  expect(await lastUse()).toBe(first)
  world.clock.advance(1)
  await statusWith(world, headers)
  expect(await lastUse()).toBe(toInstantText(world.clock.nowMs()))
})

test('lists the newest first, page by page', async () => {
  await using world = await createWorld()
  const owner = await world.signIn('owner')
  for (const name of ['a', 'b', 'c']) {
    await addApiKey(world, owner, { name })
    world.clock.advance(1000)
  }
  const page = async (more: string) =>
    (await world.inject({ url: urlOf(world, `/api-keys?limit=2${more}`), headers: owner })).json()
  const first = await page('')
  const second = await page(`&cursor=${first.nextCursor}`)
  expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['c', 'b', 'a'])
  expect(second.nextCursor).toBeUndefined()
})

test('what a program does stands in the trail under its key, and the chain holds', async () => {
  await using world = await createWorld()
  const { id: keyId, headers } = await addApiKey(world, await world.signIn('owner'), { scopes: ['bookings:write'] })
  const payload = bookingOf({})
  const booked = await world.inject({ method: 'POST', url: urlOf(world, '/bookings'), headers, payload })
  const { id } = booked.json<{ booking: { id: string } }>().booking
  const cancelled = await world.inject({ method: 'DELETE', url: urlOf(world, `/bookings/${id}`), headers })
  expect([booked.statusCode, cancelled.statusCode]).toEqual([201, 200])
  const [row] = await world.sql('select source, cancelled_by from booking where id = $1', [id])
  expect(row).toEqual({ source: 'member', cancelled_by: 'member' })
  const events = await world.sql(
    'select action, actor_kind, actor_id from audit_event where entity_id = $1 order by id',
    [id],
  )
  expect(events).toEqual([
    { action: 'booking.created', actor_kind: 'key', actor_id: keyId },
    { action: 'booking.cancelled', actor_kind: 'key', actor_id: keyId },
  ])
  await sealAudit(world, world.organizationId)
  expect(await verifyAudit(world, world.organizationId)).toMatchObject({ ok: true })
})

test('an Idempotency-Key is that of one API key: another one with the same request is refused', async () => {
  await using world = await createWorld()
  const owner = await world.signIn('owner')
  const send = async (key: { headers: { authorization: string } }) =>
    world.inject({
      ...{ method: 'POST', url: urlOf(world, '/locations'), payload: { kind: 'phone', name: 'Phone' } },
      headers: { ...key.headers, 'idempotency-key': 'the-same-for-both' },
    })
  const [one, two] = [
    await addApiKey(world, owner, { scopes: ['setup:write'] }),
    await addApiKey(world, owner, { scopes: ['setup:write'] }),
  ]
  const [first, again, other] = [await send(one), await send(one), await send(two)]
  expect([first.statusCode, again.statusCode, other.statusCode]).toEqual([201, 201, 422])
  expect(again.json()).toEqual(first.json())
})

test('a key has a limit of its own, from wherever its requests come', async () => {
  await using world = await createWorld({ rateLimit: 'on' })
  const owner = await world.signIn('owner')
  const [busy, idle] = [await addApiKey(world, owner), await addApiKey(world, owner)]
  const ask = (key: { headers: { authorization: string } }, from: number) =>
    world.inject({ url: urlOf(world, '/locations'), headers: key.headers, remoteAddress: `192.0.2.${from}` })
  for (let count = 0; count < 600; count++) await ask(busy, count % 3)
  const refused = await ask(busy, 9)
  expect({ status: refused.statusCode, code: refused.json().code }).toEqual({ status: 429, code: 'rate.limited' })
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  expect((await ask(idle, 9)).statusCode).toBe(200)
})

test('no key and no cookie is ever in the log', () => {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString())
      done()
    },
  })
  const headers = { authorization: 'Bearer sk_secret', cookie: 'session=secret', 'set-cookie': 'session=secret' }
  const logger = createLogger('web', { logLevel: 'debug', environment: 'production' }, stream)
  logger.info({ headers, req: { headers }, res: { headers }, err: Object.assign(new Error('x'), { headers }) }, 'all')
  expect(lines.join('')).toContain('[secret]')
  expect(lines.join('')).not.toMatch(/sk_secret|session=secret/)
})
