import { expect, test } from 'vitest'
import { book, bookingOf, TUESDAY } from '../../test/requests.ts'
import { createLinkSigner } from '../shared/link-token.ts'
import { createWorld, type World } from '../../test/world.ts'
import { sealAudit, verifyAudit } from '../audit/audit.service.ts'
import { MailRefused, type Mailer } from '../notifications/mailer.ts'
import { deliverMessages } from '../notifications/notifications.service.ts'
import { actionsOn, callerOf } from '../services/caller.fixture.ts'

/** Stands in everything that is known of the person. */
const PRIVATE = 'Xanthippe'
const PHONE = '+30 700 123 456 789'
const EMAIL = `${PRIVATE.toLowerCase()}@example.com`
const KEY = { 'idempotency-key': 'booked-by-the-person' }

const request = {
  ...{ service: 'consultation', start: `${TUESDAY}T10:00:00+01:00` },
  customer: { name: PRIVATE, email: EMAIL, phone: PHONE, timeZone: 'Europe/Athens', locale: 'el' },
  attendees: [{ name: PRIVATE, email: `with-${EMAIL}` }],
  answers: { why: PRIVATE },
}

/** A customer with a past appointment, one that was cancelled with a reason, and notes. */
async function pastCustomer(world: World) {
  const admin = await callerOf(world, 'admin')
  await world.sql(
    `update service set questions = '[{"id": "why", "label": "Why?", "kind": "text", "required": false}]' where id = $1`,
    [world.consultation.id],
  )
  const kept = await book(world, request, KEY)
  const cancelled = await book(world, { ...request, start: `${TUESDAY}T11:00:00+01:00` })
  expect([kept.status, cancelled.status]).toEqual([201, 201])
  await admin('DELETE', `/bookings/${cancelled.body.booking.id}?reason=${PRIVATE}`)
  const wish = await world.inject({
    method: 'POST',
    url: `/api/v1/organizations/${world.slug}/wishes`,
    headers: { 'idempotency-key': 'waits-for-a-time' },
    payload: {
      service: 'consultation',
      from: '2026-03-05',
      until: '2026-03-06',
      customer: { ...request.customer, phone: undefined },
    },
  })
  expect(wish.statusCode).toBe(201)
  const [customer] = (await admin('GET', `/customers?q=${PRIVATE}`)).body.items
  await admin('PATCH', `/customers/${customer.id}`, { notes: PRIVATE })
  return {
    admin,
    id: customer.id as string,
    bookingId: kept.body.booking.id as string,
    token: kept.body.token as string,
  }
}

/** The tables in which something of the person stands. */
async function tablesWith(world: World, ...texts: string[]): Promise<string[]> {
  const tables = await world.sql<{ name: string }>(
    `select oid::regclass::text as name from pg_class where relkind in ('r', 'p') and not relispartition
       and relnamespace in (select oid from pg_namespace where nspname in ('public', 'graphile_worker'))`,
  )
  const found: string[] = []
  for (const { name } of tables) {
    const rows = await world.sql(`select 1 from ${name} t where to_jsonb(t)::text ilike any($1) limit 1`, [
      texts.map((text) => `%${text}%`),
    ])
    if (rows.length > 0) found.push(name)
  }
  return found.sort()
}

const AFTER = '2026-03-04T08:00:00Z'

test('nothing of an erased customer is left in any table; the appointments are, and the trail holds', async () => {
  await using world = await createWorld()
  const { admin, id, bookingId, token } = await pastCustomer(world)
  expect(await tablesWith(world, PRIVATE, PHONE)).toEqual(['booking', 'customer', 'idempotency_key', 'message', 'wish'])
  await world.sql(`update message set last_error = $1, state = 'failed' where kind = 'booking.cancelled'`, [EMAIL])
  await sealAudit(world, world.organizationId)
  world.clock.set(AFTER)

  const erased = await admin('POST', `/customers/${id}/erase`)
  expect(erased).toMatchObject({
    status: 200,
    body: {
      name: '—',
      phone: null,
      notes: '',
      timeZone: 'Europe/Berlin',
      locale: 'en',
      bookingCount: 2,
      erasedAt: AFTER,
    },
  })
  expect(erased.body.email).toMatch(/\.invalid$/)
  expect(await tablesWith(world, PRIVATE, PHONE, 'Athens')).toEqual([])

  const booking = await admin('GET', `/bookings/${bookingId}`)
  expect(booking).toMatchObject({
    status: 200,
    body: { customer: { name: '—' }, start: `${TUESDAY}T09:00:00Z`, answers: {}, attendees: [] },
  })
  expect((await world.inject({ url: `/api/v1/bookings/${bookingId}?token=${token}` })).statusCode).toBe(403)
  expect((await admin('GET', '/customers')).body.items).toEqual([])

  const [event] = await world.sql<{ detail: object }>(`select detail from audit_event where action = 'customer.erased'`)
  expect(event?.detail).toEqual({ bookings: 2, messages: 7 })
  await sealAudit(world, world.organizationId)
  expect(await verifyAudit(world, world.organizationId)).toMatchObject({ ok: true, unsealed: 0 })
})

test('erasing again changes nothing, many times at once neither', async () => {
  await using world = await createWorld()
  const { admin, id } = await pastCustomer(world)
  world.clock.set(AFTER)
  const first = await Promise.all(Array.from({ length: 5 }, () => admin('POST', `/customers/${id}/erase`)))
  world.clock.advance(60_000)
  const later = await admin('POST', `/customers/${id}/erase`)
  for (const answer of first) expect(answer).toEqual(later)
  expect(later).toMatchObject({ status: 200, body: { erasedAt: AFTER } })
  expect(await actionsOn(world, id)).toEqual(['customer.updated', 'customer.erased'])
})

test('a customer with appointments to come is not erased, and told how many; cancelled, they are', async () => {
  await using world = await createWorld()
  const { admin, id, bookingId } = await pastCustomer(world)
  const refused = await admin('POST', `/customers/${id}/erase`)
  expect(refused).toMatchObject({ status: 409, body: { code: 'customer.has_bookings' } })
  expect(refused.body.detail).toContain('an appointment to come')
  // Under way is to come, too: until it ends.
  world.clock.set(`${TUESDAY}T09:29:59Z`)
  expect((await admin('POST', `/customers/${id}/erase`)).status).toBe(409)
  expect(await actionsOn(world, id)).toEqual(['customer.updated'])
  world.clock.set('2026-03-02T09:00:00Z')
  await admin('DELETE', `/bookings/${bookingId}`)
  expect((await admin('POST', `/customers/${id}/erase`)).status).toBe(200)
})

test('what is queued for an erased customer is never sent, and nothing can be sent again', async () => {
  await using world = await createWorld()
  const { admin, id, bookingId } = await pastCustomer(world)
  world.clock.set(AFTER)
  await admin('POST', `/customers/${id}/erase`)
  const { items } = (await admin('GET', `/messages?booking=${bookingId}`)).body
  expect(items).toMatchObject([
    { audience: 'provider', state: 'failed', erased: true, recipient: 'ada@example.com' },
    { audience: 'customer', state: 'failed', erased: true, recipient: 'nobody@erased.invalid', locale: 'und' },
  ])
  expect(await admin('POST', `/messages/${items[0].id}/resend`)).toMatchObject({
    status: 409,
    body: { code: 'message.erased' },
  })
})

test('a mail that is on its way while its customer is erased leaves no trace of how it went', async () => {
  await using world = await createWorld()
  const { admin, id, bookingId } = await pastCustomer(world)
  world.clock.set(AFTER)
  let erased: { status: number } | undefined
  const mailer: Mailer = {
    send: async ({ to }) => {
      erased ??= await admin('POST', `/customers/${id}/erase`)
      throw new MailRefused(`550 ${to.address} is unknown here`)
    },
    close: () => undefined,
  }
  const { db, clock, config, organizationId } = world
  const links = createLinkSigner(config.secretKey)
  const deps = { db, clock, config, mailer, links, decisions: links, wishLinks: links }
  await deliverMessages(deps, { organizationId, bookingIds: [bookingId] })
  expect(erased?.status).toBe(200)
  expect(await tablesWith(world, EMAIL)).toEqual([])
  expect(await world.sql(`select 1 from message where state <> 'failed'`)).toEqual([])
})

test('a booking request that comes again after its customer was erased is refused, and books nothing', async () => {
  await using world = await createWorld()
  const { admin, id } = await pastCustomer(world)
  world.clock.set('2026-03-03T07:00:00Z')
  await world.sql(`update booking set state = 'cancelled', cancelled_at = now(), cancelled_by = 'customer'
    where state = 'confirmed'`)
  expect((await admin('POST', `/customers/${id}/erase`)).status).toBe(200)
  world.clock.set('2026-03-03T07:30:00Z')
  const payload = bookingOf(request)
  const url = `/api/v1/organizations/${world.slug}/bookings`
  const again = await world.inject({ method: 'POST', url, headers: KEY, payload })
  expect({ status: again.statusCode, code: again.json().code }).toEqual({
    status: 410,
    code: 'idempotency.answer_erased',
  })
  expect(await tablesWith(world, PRIVATE)).toEqual([])
})

test('who was erased cannot be changed, and is somebody new when they come back', async () => {
  await using world = await createWorld()
  const { admin, id } = await pastCustomer(world)
  world.clock.set(AFTER)
  await admin('POST', `/customers/${id}/erase`)
  expect(await admin('PATCH', `/customers/${id}`, { notes: 'Again' })).toMatchObject({
    status: 409,
    body: { code: 'customer.erased' },
  })
  const back = await book(world, { ...request, start: '2026-03-05T10:00:00+01:00' })
  expect(back.status).toBe(201)
  const { items } = (await admin('GET', '/customers')).body
  expect(items).toMatchObject([{ name: PRIVATE, bookingCount: 1, erasedAt: null }])
  expect(items[0].id).not.toBe(id)
})

test('who books in the moment of being erased is either kept or somebody new, never half of both', async () => {
  await using world = await createWorld()
  const { admin, id } = await pastCustomer(world)
  world.clock.set(AFTER)
  const times = ['09', '10', '11', '12', '13', '14'].map((hour) => `2026-03-05T${hour}:00:00+01:00`)
  const [erased, ...booked] = await Promise.all([
    admin('POST', `/customers/${id}/erase`),
    ...times.map((start) => book(world, { ...request, start })),
  ])
  expect(booked.map(({ status }) => status)).toEqual(times.map(() => 201))
  const rows = await world.sql<{ customer_id: string; customer_name: string }>(
    `select customer_id, customer_name from booking where starts_at > $1`,
    [AFTER],
  )
  const names = rows.map(({ customer_id, customer_name }) => [customer_id === id, customer_name])
  if (erased.status === 200) expect(names).toEqual(times.map(() => [false, PRIVATE]))
  else expect({ status: erased.status, code: erased.body.code }).toEqual({ status: 409, code: 'customer.has_bookings' })
})

test('a customer of another organization is not found, and a manager may not erase', async () => {
  await using world = await createWorld()
  const { id } = await pastCustomer(world)
  world.clock.set(AFTER)
  const other = await world.addBusiness('other')
  const signIn: World['signIn'] = (role) => world.signIn(role, other.organizationId)
  const stranger = await callerOf({ ...world, ...other, signIn }, 'owner')
  expect(await stranger('POST', `/customers/${id}/erase`)).toMatchObject({ status: 404 })
  expect(await (await callerOf(world, 'manager'))('POST', `/customers/${id}/erase`)).toMatchObject({ status: 403 })
  expect(await tablesWith(world, PRIVATE)).toContain('customer')
})
