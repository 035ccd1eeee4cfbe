import { describe, expect, test } from 'vitest'
import { fingerprint, slotsOn } from '../../test/requests.ts'
import { createWorld, sharedWorld, type World } from '../../test/world.ts'
import { actionsOn, callerOf, configVersionOf, fieldsOf } from '../services/caller.fixture.ts'

const STUDIO = { slug: 'studio', name: 'Studio', timeZone: 'Asia/Tokyo', locale: 'ja', currency: 'JPY' }

async function create(world: World, body: object, headers: Record<string, string>) {
  const answer = await world.inject({ method: 'POST', url: '/api/v1/organizations', headers, payload: body })
  return { status: answer.statusCode, body: answer.json() }
}

describe('setting up an organization', () => {
  test('makes whoever is signed in its owner, and opens its address', async () => {
    await using world = await createWorld()
    const headers = await world.signIn('viewer')
    const { status, body } = await create(world, STUDIO, headers)
    expect(status).toBe(201)
    expect(body).toMatchObject({ ...STUDIO, description: '' })
    expect(await actionsOn(world, body.id)).toEqual(['organization.created'])
    const me = (await world.inject({ url: '/api/v1/me', headers })).json()
    expect(me.memberships).toContainEqual({ organization: 'studio', name: 'Studio', role: 'owner' })
    expect((await world.inject({ url: '/api/v1/organizations/studio' })).json()).toEqual(body)
  })

  test('takes somebody who is signed in, and an address that is free', async () => {
    await using world = await createWorld()
    expect(await create(world, STUDIO, {})).toMatchObject({ status: 401, body: { code: 'auth.required' } })
    const headers = await world.signIn('viewer')
    const before = await fingerprint(world)
    const taken = await create(world, { ...STUDIO, slug: world.slug }, headers)
    expect(taken).toMatchObject({ status: 409, body: { code: 'organization.slug_taken' } })
    expect(await fingerprint(world)).toBe(before)
  })

  test('twice with the same key makes one, also at the same moment', async () => {
    await using world = await createWorld()
    const headers = { ...(await world.signIn('viewer')), 'idempotency-key': 'a-key-of-its-own' }
    const answers = await Promise.all([1, 2, 3, 4].map(() => create(world, STUDIO, headers)))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    const other = await create(world, { ...STUDIO, name: 'Another' }, headers)
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency.key_reused' } })
    expect(await world.sql('select 1 from organization')).toHaveLength(2)
  })
})

describe('what an organization cannot be', () => {
  const shared = sharedWorld()
  test.each([
    ['an address of ours', { slug: 'api' }, 'slug'],
    ['an address with capitals', { slug: 'Studio' }, 'slug'],
    ['an address that ends in a hyphen', { slug: 'studio-' }, 'slug'],
    ['a zone nobody knows', { timeZone: 'Mars/Olympus' }, 'timeZone'],
    ['an offset for a zone', { timeZone: '+09:00' }, 'timeZone'],
    ['a language nobody knows', { locale: 'xx' }, 'locale'],
    ['what only looks like a language', { locale: 'ok-apply-6Dd-key' }, 'locale'],
    ['a currency nobody knows', { currency: 'XXQ' }, 'currency'],
    ['a name of blanks', { name: ' ' }, 'name'],
    ['a colour that is none', { accent: 'red' }, 'accent'],
  ])('%s', async (_what, changes, field) => {
    const world = shared()
    const headers = await world.signIn('viewer')
    const before = await fingerprint(world)
    const { status, body } = await create(world, { ...STUDIO, ...changes }, headers)
    expect({ status, fields: fieldsOf(body) }).toEqual({ status: 400, fields: [field] })
    expect(await fingerprint(world)).toBe(before)
  })
})

test('a change of the zone moves nothing but the days in which the window counts, and is told', async () => {
  await using world = await createWorld()
  const admin = await callerOf(world, 'admin')
  const before = { version: await configVersionOf(world), slots: await slotsOn(world, { query: '&timeZone=UTC' }) }
  const changed = await admin('PATCH', '', { timeZone: 'America/New_York', description: 'Moved' })
  expect(changed).toMatchObject({ status: 200, body: { timeZone: 'America/New_York', description: 'Moved' } })
  expect(await configVersionOf(world)).toBeGreaterThan(before.version)
  expect(await slotsOn(world, { query: '&timeZone=UTC' })).toEqual(before.slots)
  expect(await actionsOn(world, world.organizationId)).toEqual(['organization.updated'])
})
