import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { addApiKey } from '../../test/office.ts'
import { book, TUESDAY } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'
import { withTenant } from '../db/tenant.ts'
import { sealAudit, verifyAudit } from './audit.service.ts'

/** Five events: three bookings, a move and a cancellation. */
async function someEvents(world: World): Promise<void> {
  const booked: string[] = []
  for (const hour of ['09', '10', '11']) {
    world.clock.advance(1000)
    const { body } = await book(world, { start: `${TUESDAY}T${hour}:00:00+01:00` })
    booked.push(`/api/v1/bookings/${body.booking.id}?token=${body.token}`)
  }
  const [first, second] = booked
  world.clock.advance(1000)
  await world.inject({ method: 'PATCH', url: first ?? '', payload: { start: `${TUESDAY}T12:00:00+01:00` } })
  world.clock.advance(1000)
  await world.inject({ method: 'DELETE', url: second ?? '' })
}

const seal = (world: World) => sealAudit(world, world.organizationId)
const verify = (world: World) => verifyAudit(world, world.organizationId)

describe('the trail', () => {
  test('tells every change of a member with who made it, newest first, page by page', async () => {
    await using world = await createWorld()
    const headers = await world.signIn('owner')
    const base = `/api/v1/organizations/${world.slug}`
    const changes = [
      ['PATCH', '', { name: 'Another name' }],
      ['POST', '/providers', { name: 'Cleo' }],
      ['POST', '/resources', { name: 'Chair' }],
      ['POST', '/locations', { kind: 'phone', name: 'Phone' }],
      ['POST', '/schedules', { name: 'Late', timeZone: 'Europe/Berlin', weekly: [] }],
      ['PATCH', `/services/${world.course.id}`, { name: 'Another course' }],
      ['DELETE', `/services/${world.course.id}`, undefined],
    ] as const
    for (const [method, path, payload] of changes) {
      world.clock.advance(1000)
      const answer = await world.inject({ method, url: base + path, headers, ...(payload && { payload }) })
      expect(answer.statusCode).toBeLessThan(300)
    }
    const [member] = await world.sql<{ id: string }>('select id from member')
    const told: { action: string; actorId: string; actorKind: string }[] = []
    let cursor = ''
    do {
      const page = (await world.inject({ url: `${base}/audit-events?limit=3${cursor}`, headers })).json()
      told.push(...page.items)
      cursor = page.nextCursor ? `&cursor=${page.nextCursor}` : ''
    } while (cursor !== '')
    expect(told.map(({ action }) => action)).toEqual([
      'service.archived',
      'service.updated',
      'schedule.created',
      'location.created',
      'resource.created',
      'provider.created',
      'schedule.created',
      'organization.updated',
    ])
    for (const { actorKind, actorId } of told)
      expect({ actorKind, actorId }).toEqual({ actorKind: 'member', actorId: member?.id })
  })

  test('names members and keys as they are called now, also who founded the organization, and nobody who came with a link', async () => {
    await using world = await createWorld()
    const headers = await world.signIn('owner')
    const founded = await world.inject({
      method: 'POST',
      url: '/api/v1/organizations',
      headers,
      payload: { slug: 'founded', name: 'Founded', timeZone: 'Europe/Berlin', locale: 'de', currency: 'EUR' },
    })
    expect(founded.statusCode).toBe(201)
    await book(world, { start: `${TUESDAY}T09:00:00+01:00` })
    const service = `/api/v1/organizations/${world.slug}/services/${world.course.id}`
    await world.inject({ method: 'PATCH', url: service, headers, payload: { name: 'Another course' } })
    const key = await addApiKey(world, headers, { scopes: ['setup:write'], name: 'Till' })
    const url = `/api/v1/organizations/${world.slug}/providers/${world.ada.id}`
    await world.inject({ method: 'PATCH', url, headers: key.headers, payload: { name: 'Ada the second' } })
    await world.sql(`update auth."user" set name = 'Olivia Renamed' where id = (select user_id from member limit 1)`)

    const eventsOf = async (slug: string): Promise<{ action: string; actorName: string | null }[]> =>
      (await world.inject({ url: `/api/v1/organizations/${slug}/audit-events`, headers })).json().items
    const names = async (slug: string) =>
      (await eventsOf(slug)).map(({ action, actorName }) => `${action} by ${actorName ?? 'nobody'}`)
    expect(await names('founded')).toContain('organization.created by Olivia Renamed')
    expect(await names(world.slug)).toEqual(
      expect.arrayContaining([
        'service.updated by Olivia Renamed',
        'provider.updated by Till',
        'booking.created by nobody',
      ]),
    )
  })

  test('tells nothing of a change that was refused', async () => {
    await using world = await createWorld()
    await book(world, { start: `${TUESDAY}T20:00:00+01:00` })
    expect(await world.sql('select 1 from audit_event')).toEqual([])
  })

  test('holds no address and no name of a customer', async () => {
    await using world = await createWorld()
    await someEvents(world)
    const headers = await world.signIn('owner')
    const [customer] = await world.sql<{ id: string }>('select id from customer')
    const url = `/api/v1/organizations/${world.slug}/customers/${customer?.id ?? ''}`
    await world.inject({ method: 'PATCH', url, headers, payload: { name: 'New Name', email: 'new@example.com' } })
    const events = JSON.stringify(await world.sql('select * from audit_event'))
    expect(events).toContain('customer.updated')
    expect(events).not.toMatch(/grace|hopper|new@example|New Name/i)
  })
})

describe('the seal', () => {
  test('chains every event once, in batches, and finds nothing to do afterwards', async () => {
    await using world = await createWorld()
    expect(await seal(world)).toBe(0)
    await someEvents(world)
    expect(await seal(world)).toBe(5)
    await book(world, { start: `${TUESDAY}T15:00:00+01:00` })
    expect(await seal(world)).toBe(1)
    expect(await seal(world)).toBe(0)
    expect(await verify(world)).toEqual({ ok: true, events: 6, stretches: [{ first: 1, last: 6 }], unsealed: 0 })
    expect(await world.sql('select position from audit_seal order by position')).toHaveLength(6)
  })

  test('is made once, however many make it at the same moment', async () => {
    await using world = await createWorld()
    await someEvents(world)
    const counts = await Promise.all(Array.from({ length: 6 }, () => seal(world)))
    expect(counts.sort()).toEqual([0, 0, 0, 0, 0, 5])
    expect(await verify(world)).toMatchObject({ ok: true, events: 5 })
  })

  test('of one organization says nothing of another', async () => {
    await using world = await createWorld()
    const other = await world.addBusiness('other')
    await someEvents(world)
    await book({ ...world, slug: other.slug })
    expect(await sealAudit(world, other.organizationId)).toBe(1)
    expect(await seal(world)).toBe(5)
    expect(await verifyAudit(world, other.organizationId)).toMatchObject({ ok: true, events: 1 })
  })

  const third = `(select event_id from audit_seal where position = 3)`
  test.each([
    ['what was done', `update audit_event set action = 'nothing' where id = ${third}`],
    ['what it was done to', `update audit_event set entity_id = gen_random_uuid() where id = ${third}`],
    ['who did it', `update audit_event set actor_kind = 'member' where id = ${third}`],
    ['when it was done', `update audit_event set at = at + interval '1 second' where id = ${third}`],
    ['its details', `update audit_event set detail = detail || '{"start": "another"}' where id = ${third}`],
    ['a hash', `update audit_seal set hash = decode(repeat('00', 32), 'hex') where position = 3`],
    ['that it happened', `delete from audit_event where id = ${third}`],
    ['what is sealed, taking it out', `delete from audit_seal where position = 3`],
  ])('tells where somebody with all rights has changed %s', async (_what, tampering) => {
    await using world = await createWorld()
    await someEvents(world)
    await seal(world)
    const [event] = await world.sql<{ id: string }>(`select event_id as id from audit_seal where position = 3`)
    const [next] = await world.sql<{ id: string }>(`select event_id as id from audit_seal where position = 4`)
    await world.sql(tampering)
    const firstBroken = tampering.startsWith('delete from audit_seal') ? next?.id : event?.id
    expect(await verify(world)).toMatchObject({ ok: false, events: 2, firstBroken })
  })

  test('tells that two events have changed places', async () => {
    await using world = await createWorld()
    await someEvents(world)
    await seal(world)
    await world.sql(`update audit_seal set position = 100 where position = 2`)
    await world.sql(`update audit_seal set position = 2 where position = 3`)
    await world.sql(`update audit_seal set position = 3 where position = 100`)
    expect(await verify(world)).toMatchObject({ ok: false, events: 1 })
  })

  test('tells that the beginning has gone', async () => {
    await using world = await createWorld()
    await someEvents(world)
    await seal(world)
    await world.sql(`delete from audit_event where id in (select event_id from audit_seal where position < 3)`)
    await world.sql(`delete from audit_seal where position < 3`)
    expect(await verify(world)).toMatchObject({ ok: false, events: 0 })
  })

  test('tells of events that nobody has sealed', async () => {
    await using world = await createWorld()
    await someEvents(world)
    expect(await verify(world)).toEqual({ ok: true, events: 0, stretches: [], unsealed: 5 })
  })

  test('takes up an event that was committed after later ones', async () => {
    await using world = await createWorld()
    await someEvents(world)
    await seal(world)
    world.clock.advance(-23 * 3_600_000)
    await book(world, { start: `${TUESDAY}T15:00:00+01:00` })
    expect(await seal(world)).toBe(1)
    expect(await verify(world)).toMatchObject({ ok: true, events: 6, unsealed: 0 })
  })

  test('can be made by the last release, which does not say when an event happened', async () => {
    await using world = await createWorld()
    await someEvents(world)
    await seal(world)
    await world.sql('create table kept as select organization_id, position, event_id, hash from audit_seal')
    await world.sql('grant select on kept to slotkeeper_app')
    await world.sql('delete from audit_seal')
    await withTenant(world.db, world.organizationId, (tx) =>
      sql`insert into audit_seal (organization_id, position, event_id, hash) select * from kept`.execute(tx),
    )
    expect(await verify(world)).toMatchObject({ ok: true, events: 5 })
  })
})
