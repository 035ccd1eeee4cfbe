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
  const state = { answer: 250 }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, done) => {
      done(state.answer === 250 ? null : Object.assign(new Error('Not now'), { responseCode: state.answer }))
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
  const deps = { db: world.db, clock: world.clock, mailer, links: createLinkSigner(config.secretKey), config }
  const { organizationId } = world
  return {
    deps,
    deliver: (bookingId: string) => deliverMessages(deps, { organizationId, bookingIds: [bookingId] }),
    [Symbol.dispose]: () => mailer.close(),
  }
}

const ledger = (world: World) =>
  world.sql<{ id: string; audience: string; state: string; attempts: number; last_error: string | null }>(
    'select id, audience, state, attempts, last_error from message order by created_at, id',
  )

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
})
