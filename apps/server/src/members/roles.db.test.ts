import { describe, expect, test } from 'vitest'
import { book, fingerprint, TUESDAY } from '../../test/requests.ts'
import { createWorld, sharedWorld, type World } from '../../test/world.ts'
import { roleReaches, type Role } from '../shared/role.ts'

const ROLES: Role[] = ['viewer', 'provider', 'manager', 'admin', 'owner']
const NOTHING = '00000000-0000-7000-8000-000000000000'

/** What members do, from which role on, and what those are answered who may. */
const OPERATIONS = [
  ['GET', '/bookings', 'viewer', 200],
  ['GET', '/customers', 'viewer', 200],
  ['GET', '/messages', 'viewer', 200],
  ['GET', '/schedules', 'viewer', 200],
  ['PATCH', `/customers/${NOTHING}`, 'provider', 404, { notes: 'x' }],
  ['PATCH', `/bookings/${NOTHING}`, 'provider', 404, { start: `${TUESDAY}T12:00:00+01:00` }],
  ['DELETE', `/bookings/${NOTHING}`, 'provider', 404],
  ['POST', '/services', 'manager', 400, { slug: 'x', name: 'x', durationsMin: [30], providers: [NOTHING] }],
  ['PATCH', `/services/${NOTHING}`, 'manager', 404, { name: 'x' }],
  ['DELETE', `/services/${NOTHING}`, 'manager', 404],
  ['PATCH', `/providers/${NOTHING}`, 'manager', 404, { name: 'x' }],
  ['PATCH', `/resources/${NOTHING}`, 'manager', 404, { name: 'x' }],
  ['PATCH', `/locations/${NOTHING}`, 'manager', 404, { name: 'x' }],
  ['POST', '/schedules', 'manager', 400, { name: 'x', timeZone: 'Mars/Olympus', weekly: [] }],
  ['POST', `/messages/${NOTHING}/resend`, 'manager', 404],
  ['PATCH', '', 'admin', 400, { timeZone: 'Mars/Olympus' }],
  ['GET', '/audit-events', 'admin', 200],
] as const

describe('each role may what the roles below it may, and what is its own', () => {
  const shared = sharedWorld()

  async function statusOf(world: World, operation: (typeof OPERATIONS)[number], headers: Record<string, string>) {
    const [method, path, , , payload] = operation
    const url = `/api/v1/organizations/${world.slug}${path}`
    const answer = await world.inject({ method, url, headers, ...(payload && { payload }) })
    return answer.statusCode
  }

  test.each(ROLES)('%s', async (role) => {
    const world = shared()
    const headers = await world.signIn(role)
    for (const operation of OPERATIONS) {
      const [method, path, minimum, allowed] = operation
      const status = await statusOf(world, operation, headers)
      expect({ method, path, status }).toEqual({ method, path, status: roleReaches(role, minimum) ? allowed : 403 })
    }
  })

  test('nobody without a session, or with one that is forged', async () => {
    const world = shared()
    const before = await fingerprint(world)
    for (const headers of [{}, { cookie: 'slotkeeper.session_token=forged.forged' }]) {
      for (const operation of OPERATIONS) {
        expect(await statusOf(world, operation, headers as Record<string, string>)).toBe(401)
      }
    }
    expect(await fingerprint(world)).toBe(before)
  })

  test('not even the owner of another business', async () => {
    const world = shared()
    const other = await world.addBusiness('other')
    const headers = await world.signIn('owner', other.organizationId)
    const before = await fingerprint(world)
    for (const operation of OPERATIONS) expect(await statusOf(world, operation, headers)).toBe(403)
    expect(await fingerprint(world)).toBe(before)
  })
})

test('what belongs to another business is not there, under whichever address', async () => {
  await using world = await createWorld()
  const other = await world.addBusiness('other')
  const theirs = (await book({ ...world, slug: other.slug })).body.booking.id
  const [customer] = await world.sql<{ id: string }>('select id from customer')
  const [message] = await world.sql<{ id: string }>('select id from message')
  const headers = await world.signIn('owner')
  const before = await fingerprint(world)
  const requests = [
    ['GET', `/bookings/${theirs}`],
    ['PATCH', `/bookings/${theirs}`, { start: `${TUESDAY}T12:00:00+01:00` }],
    ['DELETE', `/bookings/${theirs}`],
    ['GET', `/customers/${customer?.id ?? ''}`],
    ['PATCH', `/customers/${customer?.id ?? ''}`, { notes: 'x' }],
    ['POST', `/messages/${message?.id ?? ''}/resend`],
    ['GET', `/services/${other.consultation.id}`],
    ['PATCH', `/services/${other.consultation.id}`, { name: 'x' }],
    ['PATCH', `/providers/${other.ada.id}`, { name: 'x' }],
    ['PATCH', `/resources/${other.rooms.id}`, { name: 'x' }],
  ] as const
  for (const [method, path, payload] of requests) {
    const url = `/api/v1/organizations/${world.slug}${path}`
    const answer = await world.inject({ method, url, headers, ...(payload && { payload }) })
    expect({ method, path, status: answer.statusCode }).toEqual({ method, path, status: 404 })
  }
  const pointing = { providers: [other.ada.id] }
  const url = `/api/v1/organizations/${world.slug}/services/${world.course.id}`
  expect((await world.inject({ method: 'PATCH', url, headers, payload: pointing })).statusCode).toBe(400)
  const list = await world.inject({ url: `/api/v1/organizations/${world.slug}/bookings`, headers })
  expect(list.json()).toEqual({ items: [] })
  expect(await fingerprint(world)).toBe(before)
})

test('who is signed in sees where they belong, each with the role there', async () => {
  await using world = await createWorld()
  const other = await world.addBusiness('other')
  const headers = await world.signIn('manager')
  await world.sql(
    `insert into member (organization_id, id, user_id, role) select $1, gen_random_uuid(), user_id, 'viewer' from member`,
    [other.organizationId],
  )
  const answer = await world.inject({ url: '/api/v1/me', headers })
  expect(answer.json().memberships).toEqual([
    { organization: 'other', name: 'The Practice', role: 'viewer' },
    { organization: 'practice', name: 'The Practice', role: 'manager' },
  ])
})

test('a role taken away is gone with the next request', async () => {
  await using world = await createWorld()
  const headers = await world.signIn('owner')
  const url = `/api/v1/organizations/${world.slug}/audit-events`
  expect((await world.inject({ url, headers })).statusCode).toBe(200)
  await world.sql(`update member set role = 'viewer'`)
  expect((await world.inject({ url, headers })).statusCode).toBe(403)
  await world.sql('delete from member')
  expect((await world.inject({ url: url.replace('audit-events', 'bookings'), headers })).statusCode).toBe(403)
})
