import { expect, test, vi } from 'vitest'
import { logLines } from '../../test/log-lines.ts'
import { startMailServer } from '../../test/mail-server.ts'
import { book, slotsOn } from '../../test/requests.ts'
import { createWorld } from '../../test/world.ts'
import { startWorker } from '../jobs/start-worker.ts'
import { registry } from './metrics.ts'
import { serveMetrics } from './metrics-server.ts'

/** Every sample that is told, by its name and labels as they stand there. */
async function figures(): Promise<Map<string, number>> {
  const server = await serveMetrics(registry, { port: 0, host: '127.0.0.1' })
  const answer = await fetch(`http://127.0.0.1:${server.port}/metrics`)
  expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4')
  const text = await answer.text()
  await server.close()
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(samples.map((line) => [line.replace(/ \S+$/, ''), Number(/\S+$/.exec(line)?.[0])]))
}

/** How much the samples have grown while something was done. */
async function growth(names: string[], work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await figures()
  await work()
  const after = await figures()
  return Object.fromEntries(names.map((name) => [name, (after.get(name) ?? 0) - (before.get(name) ?? 0)]))
}

const PATIENCE = { timeout: 15_000, interval: 50 }
const SERVICES = 'method="GET",route="/api/v1/organizations/:organization/services"'

test('requests are counted by route and status, and timed by route', async () => {
  await using world = await createWorld()
  const names = [
    `slotkeeper_http_requests_total{${SERVICES},status="200"}`,
    `slotkeeper_http_requests_total{${SERVICES},status="404"}`,
    `slotkeeper_http_request_duration_seconds_count{${SERVICES}}`,
    'slotkeeper_http_requests_in_flight',
  ]
  const grown = await growth(names, async () => {
    for (const slug of [world.slug, world.slug, 'nobody'])
      await world.inject({ url: `/api/v1/organizations/${slug}/services` })
  })
  expect(Object.values(grown)).toEqual([2, 1, 3, 0])
})

test('what happens to bookings is counted once it is committed, and what was refused is not', async () => {
  await using world = await createWorld()
  const names = [
    'slotkeeper_bookings_made_total{state="confirmed",source="public"}',
    'slotkeeper_booking_lead_seconds_count',
    'slotkeeper_booked_value_minor_total{currency="EUR"}',
    'slotkeeper_changes_total{action="booking.created"}',
    'slotkeeper_changes_total{action="booking.cancelled"}',
    'slotkeeper_idempotent_requests_total{outcome="first"}',
    'slotkeeper_idempotent_requests_total{outcome="repeated"}',
    'slotkeeper_idempotent_requests_total{outcome="refused"}',
  ]
  const grown = await growth(names, async () => {
    const key = { 'idempotency-key': 'the-first-booking' }
    const { body } = await book(world, { provider: world.ada.id }, key)
    await book(world, { provider: world.ada.id }, key)
    await book(world, { provider: world.ben.id }, key)
    expect((await book(world, { provider: world.ada.id })).status).toBe(409)
    const { id } = body.booking
    await world.inject({ method: 'DELETE', url: `/api/v1/bookings/${id}?token=${body.token}` })
  })
  expect(Object.values(grown)).toEqual([1, 1, 5000, 1, 1, 1, 1, 1])
})

test('answers from memory are told from those that were computed, and how much is kept', async () => {
  await using world = await createWorld()
  const outcomes = ['hit', 'miss'].map((outcome) => `slotkeeper_slot_answers_total{outcome="${outcome}"}`)
  const grown = await growth(outcomes, async () => {
    for (let count = 0; count < 3; count++) await slotsOn(world)
  })
  expect(Object.values(grown)).toEqual([2, 1])
  expect((await figures()).get('slotkeeper_availability_answer_characters')).toBeGreaterThan(100)
  expect((await figures()).get('slotkeeper_availability_services')).toBe(1)
})

test('the queue, its jobs, the messages, the pools and the runtime are told by a worker', async () => {
  await using world = await createWorld()
  await using server = await startMailServer()
  await book(world, { provider: world.ada.id })
  const sent = 'slotkeeper_messages_total{kind="booking.confirmation",state="sent"}'
  const done = 'slotkeeper_job_duration_seconds_count{kind="messages.deliver",outcome="done"}'
  const grown = await growth([sent, done], async () => {
    const mail = { ...world.config.mail, server: '127.0.0.1', port: server.port }
    const worker = await startWorker({ ...world.config, mail, metricsPort: 0 }, logLines())
    await using stack = new AsyncDisposableStack()
    stack.defer(worker.close)
    await vi.waitFor(() => expect(server.received).toHaveLength(2), PATIENCE)
    await vi.waitFor(async () => expect((await figures()).get(done)).toBeGreaterThan(0), PATIENCE)
    await world.sql(
      `insert into graphile_worker._private_jobs (task_id, payload, attempts, max_attempts)
       select id, '{}', 3, 3 from graphile_worker._private_tasks where identifier = 'messages.deliver'`,
    )
    const told = await figures()
    expect(told.get('slotkeeper_queue_failed_jobs{kind="messages.deliver"}')).toBe(1)
    expect(told.get('slotkeeper_queue_ready_jobs{kind="audit.seal"}')).toBe(0)
    expect(told.get('slotkeeper_queue_oldest_seconds{kind="messages.deliver"}')).toBe(0)
    expect(told.get('slotkeeper_job_last_done_timestamp_seconds{kind="messages.deliver"}')).toBeGreaterThan(1e9)
    expect(told.get('slotkeeper_pool_connections_max{pool="worker"}')).toBe(20)
    expect(told.get('slotkeeper_event_loop_utilization_ratio')).toBeGreaterThan(0)
    expect([...told.keys()]).toEqual(
      expect.arrayContaining(['nodejs_eventloop_lag_p99_seconds', 'nodejs_heap_size_used_bytes']),
    )
  })
  expect(grown).toEqual({ [sent]: 2, [done]: 1 })
})

test('no label names an organization or a person', async () => {
  await using world = await createWorld()
  await book(world)
  await slotsOn(world)
  const told = [...(await figures()).keys()].join('\n')
  for (const name of [world.organizationId, world.slug, 'grace', world.ada.id]) expect(told).not.toContain(name)
})
