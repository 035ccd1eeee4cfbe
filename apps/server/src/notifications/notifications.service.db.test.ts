import { SMTPServer } from 'smtp-server'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { book } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'
import { createLinkSigner } from '../shared/link-token.ts'
import { createMailer } from './mailer.ts'
import { deliverMessages, sweepMessages } from './notifications.service.ts'

type Received = { to: string; raw: string }

/** A mail server that keeps what it gets, and refuses as long as it is told to. */
async function startReceiver() {
  const received: Received[] = []
  const state = { answer: 250, refuses: /./ }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, done) => {
      done(
        state.answer === 250 || !state.refuses.test(address)
          ? null
          : Object.assign(new Error('Not now'), { responseCode: state.answer }),
      )
    },
    onData: (stream, session, done) => {
      void text(stream).then((raw) => {
        received.push({ to: session.envelope.rcptTo[0]?.address ?? '', raw })
        done()
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    ...{ received, state, port },
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

function deliveryOf(world: World, port: number) {
  const config = { ...world.config, mail: { ...world.config.mail, server: '127.0.0.1', port } }
  const mailer = createMailer(config)
  const deps = {
    db: world.db,
    clock: world.clock,
    mailer,
    links: createLinkSigner(config.secretKey),
    decisions: createLinkSigner(config.secretKey, 'booking decision'),
    wishLinks: createLinkSigner(config.secretKey, 'wish link'),
    config,
  }
  const { organizationId } = world
  return {
    deps,
    deliver: (bookingId: string) => deliverMessages(deps, { organizationId, bookingIds: [bookingId] }),
    deliverWish: (wishId: string) => deliverMessages(deps, { organizationId, bookingIds: [], wishIds: [wishId] }),
    [Symbol.dispose]: () => mailer.close(),
  }
}

const ledger = (world: World) =>
  world.sql<{ id: string; audience: string; state: string; attempts: number; last_error: string | null }>(
    'select id, audience, state, attempts, last_error from message order by created_at, id',
  )

const MAIL = { username: undefined, password: undefined, from: 'bookings@example.com' }

const tokenOf = (manageUrl: string) => new URL(manageUrl).searchParams.get('token') ?? ''

/** The invitation inside a mail, as it was written. */
function calendarIn(raw: string): string {
  const part = /text\/calendar[^]*?\r\n\r\n([^]*?)\r\n--/.exec(raw)
  const encoding = /content-transfer-encoding: (\S+)/i.exec(part?.[0] ?? '')?.[1]
  const body = part?.[1] ?? ''
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString()
  return body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
}

const headerOf = (raw: string, name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(raw)?.[1]?.trim()

describe('delivering what was queued', () => {
  test('customer and provider get their mail once, with the invitation, and the ledger says so', async () => {
    await using world = await createWorld()
    await using receiver = await startReceiver()
    using delivery = deliveryOf(world, receiver.port)
    const { body } = await book(world, { provider: world.ada.id })
    await delivery.deliver(body.booking.id)
    await delivery.deliver(body.booking.id)
    expect(receiver.received).toHaveLength(2)
    const rows = await ledger(world)
    expect(rows.map(({ state, attempts }) => [state, attempts])).toEqual([
      ['sent', 1],
      ['sent', 1],
    ])
    const ids = receiver.received.map(({ raw }) => headerOf(raw, 'Message-ID'))
    expect(new Set(ids)).toEqual(new Set(rows.map(({ id }) => `<${id}@localhost>`)))
    for (const { raw } of receiver.received) expect(raw).toMatch(/text\/calendar; charset=utf-8; method=REQUEST/)
  })

  test('who waits gets a mail with the link to the wish, and no invitation', async () => {
    await using world = await createWorld()
    await using receiver = await startReceiver()
    using delivery = deliveryOf(world, receiver.port)
    const answer = await world.inject({
      method: 'POST',
      url: `/api/v1/organizations/${world.slug}/wishes`,
      payload: {
        ...{ service: 'consultation', from: '2026-03-03', until: '2026-03-10', providers: [world.ben.id] },
        customer: { name: 'Grace\r\nBcc: eve@example.com', email: 'grace@example.com', locale: 'en-GB' },
      },
    })
    const { wish, url } = answer.json<{ wish: { id: string }; url: string }>()
    await delivery.deliverWish(wish.id)
    await delivery.deliverWish(wish.id)
    expect(receiver.received.map(({ to }) => to)).toEqual(['grace@example.com'])
    const [{ raw } = { raw: '' }] = receiver.received
    const plain = raw.replace(/=\r\n/g, '').replaceAll('=3D', '=')
    expect(plain).toContain(url)
    expect(plain).toMatch(/Days: 3.{1,40}10 March 2026/)
    expect(plain).toContain('With: Ben')
    expect(headerOf(raw, 'Subject')).toBe('On the list: Consultation')
    expect(headerOf(raw.split('\r\n\r\n')[0] ?? '', 'Bcc')).toBeUndefined()
    expect(raw).not.toContain('text/calendar')
    expect(await ledger(world)).toMatchObject([{ audience: 'customer', state: 'sent', attempts: 1 }])
  })

  test('news of a wish that lost their job get a new one', async () => {
    await using world = await createWorld()
    const customer = { name: 'Grace', email: 'grace@example.com' }
    const url = `/api/v1/organizations/${world.slug}/wishes`
    const payload = { service: 'consultation', from: '2026-03-03', until: '2026-03-03', customer }
    const { wish } = (await world.inject({ method: 'POST', url, payload })).json<{ wish: { id: string } }>()
    world.clock.advance(11 * 60_000)
    expect(await sweepMessages(world, world.organizationId)).toBe(0)
    await world.sql('delete from graphile_worker._private_jobs')
    expect(await sweepMessages(world, world.organizationId)).toBe(1)
    const [job] = await world.sql('select payload from graphile_worker._private_jobs')
    expect(job).toEqual({ payload: { organizationId: world.organizationId, bookingIds: [], wishIds: [wish.id] } })
  })

  test('what a mail server cannot take now stays queued with the reason, and goes out later under the same id', async () => {
    await using world = await createWorld()
    await using receiver = await startReceiver()
    using delivery = deliveryOf(world, receiver.port)
    const { body } = await book(world, { provider: world.ada.id })
    receiver.state.answer = 451
    await expect(delivery.deliver(body.booking.id)).rejects.toThrow('tried again')
    const waiting = await ledger(world)
    expect(waiting.map(({ state, attempts }) => [state, attempts])).toEqual([
      ['queued', 1],
      ['queued', 1],
    ])
    expect(waiting[0]?.last_error).toContain('Not now')
    receiver.state.answer = 250
    await delivery.deliver(body.booking.id)
    expect((await ledger(world)).map(({ state }) => state)).toEqual(['sent', 'sent'])
  })

  test('what a mail server will never take is failed at once, and can be sent again by a manager', async () => {
    await using world = await createWorld()
    await using receiver = await startReceiver()
    using delivery = deliveryOf(world, receiver.port)
    const { body } = await book(world, { provider: world.ada.id })
    receiver.state.answer = 550
    await delivery.deliver(body.booking.id)
    const [failed] = await ledger(world)
    expect(failed?.state).toBe('failed')
    receiver.state.answer = 250
    const headers = await world.signIn('manager')
    const url = `/api/v1/organizations/${world.slug}/messages/${failed?.id ?? ''}/resend`
    const answer = await world.inject({ method: 'POST', url, headers })
    expect([answer.statusCode, answer.json()]).toMatchObject([202, { state: 'queued', attempts: 0 }])
    await delivery.deliver(body.booking.id)
    expect((await ledger(world)).map(({ state }) => state).sort()).toEqual(['failed', 'sent'])
    expect(receiver.received).toHaveLength(1)
  })

  test('a mail server that cannot be reached changes nothing but the ledger', async () => {
    await using world = await createWorld()
    using delivery = deliveryOf(world, 1)
    const { body } = await book(world, { provider: world.ada.id })
    await expect(delivery.deliver(body.booking.id)).rejects.toThrow('tried again')
    expect((await ledger(world)).map(({ state }) => state)).toEqual(['queued', 'queued'])
  })

  test('later news do not overtake what a reader has not got yet, and hold up nobody else', async () => {
    await using world = await createWorld()
    await using receiver = await startReceiver()
    using delivery = deliveryOf(world, receiver.port)
    const { body } = await book(world, { provider: world.ada.id })
    const cancelled = await world.inject({
      method: 'DELETE',
      url: `/api/v1/bookings/${body.booking.id}?token=${tokenOf(body.manageUrl)}`,
    })
    expect(cancelled.statusCode).toBe(200)
    Object.assign(receiver.state, { answer: 451, refuses: /^grace@/ })
    await expect(delivery.deliver(body.booking.id)).rejects.toThrow('tried again')
    expect(receiver.received.map(({ to }) => to)).toEqual(['ada@example.com', 'ada@example.com'])
    receiver.state.answer = 250
    await delivery.deliver(body.booking.id)
    const mine = receiver.received.filter(({ to }) => to === 'grace@example.com').map(({ raw }) => calendarIn(raw))
    expect(mine.map((ics) => /^METHOD:(.*)$/m.exec(ics)?.[1]?.trim())).toEqual(['REQUEST', 'CANCEL'])
    const [first, second] = mine.map((ics) => Number(/^SEQUENCE:(\d+)/m.exec(ics)?.[1]))
    expect(second).toBeGreaterThan(first ?? Infinity)
    expect(new Set(mine.map((ics) => /^UID:(.*)$/m.exec(ics)?.[1])).size).toBe(1)
  })

  test('news of two processes whose clocks disagree come in the order in which they happened', async () => {
    await using world = await createWorld()
    await using receiver = await startReceiver()
    using delivery = deliveryOf(world, receiver.port)
    const { body } = await book(world, { provider: world.ada.id })
    const { id } = body.booking
    world.clock.advance(-90_000)
    await world.inject({ method: 'DELETE', url: `/api/v1/bookings/${id}?token=${body.token}` })
    await delivery.deliver(id)
    const methods = receiver.received
      .filter(({ to }) => to === 'grace@example.com')
      .map(({ raw }) => /METHOD:(\w+)/.exec(calendarIn(raw))?.[1])
    expect(methods).toEqual(['REQUEST', 'CANCEL'])
  })

  test('a message is given up after many attempts over hours, not after many in a moment', async () => {
    await using world = await createWorld()
    using delivery = deliveryOf(world, 1)
    const { body } = await book(world, { provider: world.ada.id })
    for (let attempt = 1; attempt <= 13; attempt += 1) await expect(delivery.deliver(body.booking.id)).rejects.toThrow()
    expect((await ledger(world)).map(({ state, attempts }) => [state, attempts])).toEqual([
      ['queued', 13],
      ['queued', 13],
    ])
    world.clock.advance(9 * 3_600_000)
    await delivery.deliver(body.booking.id)
    const rows = await ledger(world)
    expect(rows.map(({ state }) => state)).toEqual(['failed', 'failed'])
    expect(rows[0]?.last_error).toContain('ECONNREFUSED')
  })

  test('a line break in a name begins no header and adds no reader', async () => {
    await using receiver = await startReceiver()
    const mailer = createMailer({ mail: { ...MAIL, server: '127.0.0.1', port: receiver.port } })
    const evil = 'Grace\r\nBcc: all@example.com'
    await mailer.send({
      ...{ messageId: '<1@localhost>', fromName: evil, to: { name: evil, address: 'grace@example.com' } },
      ...{ subject: evil, html: '<p>Hello</p>', text: 'Hello', language: 'en' },
      invitation: { method: 'REQUEST', content: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR' },
    })
    mailer.close()
    expect(receiver.received.map(({ to }) => to)).toEqual(['grace@example.com'])
    expect(headerOf(receiver.received[0]?.raw ?? '', 'Bcc')).toBeUndefined()
  })

  test('two workers at the same time send each message once', async () => {
    await using world = await createWorld()
    await using receiver = await startReceiver()
    using delivery = deliveryOf(world, receiver.port)
    const { body } = await book(world, { provider: world.ada.id })
    await Promise.all([delivery.deliver(body.booking.id), delivery.deliver(body.booking.id)])
    expect(receiver.received).toHaveLength(2)
  })

  test('messages that lost their job get a new one; those that have one are left alone', async () => {
    await using world = await createWorld()
    using delivery = deliveryOf(world, 1)
    await book(world, { provider: world.ada.id })
    world.clock.set(new Date(Date.now() + 3_600_000).toISOString())
    expect(await sweepMessages(delivery.deps, world.organizationId)).toBe(0)
    await world.sql('delete from graphile_worker._private_jobs')
    expect(await sweepMessages(delivery.deps, world.organizationId)).toBe(1)
    const [count] = await world.sql<{ count: number }>(
      'select count(*)::int as count from graphile_worker._private_jobs',
    )
    expect(count?.count).toBe(1)
  })

  test('a job that a killed worker left locked is no job', async () => {
    await using world = await createWorld()
    using delivery = deliveryOf(world, 1)
    await book(world, { provider: world.ada.id })
    world.clock.advance(3_600_000)
    const lock = (since: string) =>
      world.sql(`update graphile_worker._private_jobs set locked_by = 'gone', locked_at = now() - interval '${since}'`)
    await lock('1 minute')
    expect(await sweepMessages(delivery.deps, world.organizationId)).toBe(0)
    await lock('11 minutes')
    expect(await sweepMessages(delivery.deps, world.organizationId)).toBe(1)
  })
})
