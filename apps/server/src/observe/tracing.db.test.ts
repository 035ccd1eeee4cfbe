import { expect, inject, test, vi } from 'vitest'
import { logLines } from '../../test/log-lines.ts'
import { startMailServer } from '../../test/mail-server.ts'
import { book } from '../../test/requests.ts'
import { startCollector, type Span } from '../../test/trace-collector.ts'
import { createWorld, type World, type WorldOptions } from '../../test/world.ts'
import { startWorker } from '../jobs/start-worker.ts'
import { startTracing } from './start-tracing.ts'
import { contextOf, inSpan } from './tracing.ts'

const PATIENCE = { timeout: 15_000, interval: 50 }
/** As a browser or a gateway sends it: the example of the W3C's Trace Context. */
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736'
const TRACEPARENT = `00-${TRACE_ID}-00f067aa0ba902b7-01`

type Traced = {
  world: World
  collector: Awaited<ReturnType<typeof startCollector>>
  log: ReturnType<typeof logLines>
  /** all spans, once everything is sent */
  finish: () => Promise<Span[]>
}

/** A world whose process makes traces, from before its connections are opened. */
async function tracedWorld(stack: AsyncDisposableStack, options: WorldOptions = {}): Promise<Traced> {
  const collector = stack.use(await startCollector({ key: 'open' }))
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, LOG_LEVEL: 'info', ...options.env }
  const log = logLines()
  const settings = {
    tracing: { endpoint: collector.endpoint, headers: { 'api-key': 'open' }, ratio: 1 },
    sentryDsn: undefined,
  }
  const tracing = await startTracing({ ...settings, environment: 'staging' }, 'web', ignore)
  stack.defer(tracing.close)
  const world = stack.use(await createWorld({ ...options, env, log }))
  return { world, collector, log, finish: async () => (await tracing.close(), collector.spans) }
}

async function deliver(world: World): Promise<void> {
  await using server = await startMailServer()
  const mail = { ...world.config.mail, server: '127.0.0.1', port: server.port }
  const worker = await startWorker({ ...world.config, mail }, logLines())
  await vi.waitFor(() => expect(server.received).toHaveLength(2), PATIENCE)
  await worker.close()
}

const ignore = () => undefined

/** The names of a span and of those it is part of, from the outermost on. */
function pathOf(span: Span, spans: Span[]): string[] {
  const parent = spans.find(({ spanId }) => spanId === span.parentId)
  return [...(parent ? pathOf(parent, spans) : []), span.name]
}

test('a booking is one trace: from the request over SQL and the job to the mail, without a value', async () => {
  await using stack = new AsyncDisposableStack()
  const { world, collector, log, finish } = await tracedWorld(stack)
  expect((await book(world, { provider: world.ada.id }, { traceparent: TRACEPARENT })).status).toBe(201)
  await deliver(world)
  const spans = await finish()
  const mine = spans.filter(({ traceId }) => traceId === TRACE_ID)
  const paths = mine.map((span) => pathOf(span, mine).join(' > '))
  const request = 'POST /api/v1/organizations/:organization/bookings'
  expect(paths).toEqual(
    expect.arrayContaining([
      request,
      `${request} > sql batch`,
      `${request} > job messages.deliver`,
      `${request} > job messages.deliver > sql select`,
      `${request} > job messages.deliver > smtp send`,
      `${request} > job messages.deliver > sql update`,
    ]),
  )
  const [outer] = mine.filter(({ name }) => name === request)
  expect(outer).toMatchObject({
    ...{ service: 'slotkeeper-web', parentId: '00f067aa0ba902b7' },
    attributes: {
      ...{ 'http.route': '/api/v1/organizations/:organization/bookings', 'http.response.status_code': '201' },
      'slotkeeper.organization.id': world.organizationId,
    },
  })
  const writing = mine.find((span) => span.attributes['db.operation.name']?.includes('insert_bookings'))
  expect(writing?.attributes['db.query.text']).toContain('from jsonb_to_recordset($2::jsonb)')
  for (const value of ['grace', 'Hopper', 'ada@example.com', 'example.com'])
    expect(collector.raw()).not.toContain(value)
  expect(log.lines()).toContainEqual(expect.objectContaining({ message: 'request', traceId: TRACE_ID, status: 201 }))
})

test('bookings that are written together are one job, which names the traces of all of them', async () => {
  await using stack = new AsyncDisposableStack()
  const { world, finish } = await tracedWorld(stack)
  const times = ['10:00', '11:00', '12:00', '13:00']
  const answers = await Promise.all(
    times.map((time, index) =>
      book(world, {
        ...{ start: `2026-03-03T${time}:00+01:00`, provider: world.ada.id },
        customer: { name: 'Many', email: `many${index}@example.com` },
      }),
    ),
  )
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201])
  const payloads = await world.sql<{ payload: { bookingIds: string[]; traces: string[] } }>(
    'select payload from graphile_worker._private_jobs',
  )
  for (const { payload } of payloads) expect(payload.traces).toHaveLength(payload.bookingIds.length)
  const carried = payloads.flatMap(({ payload }) => payload.traces.map((trace) => trace.split('-')[1]))
  const requests = (await finish()).filter(({ name }) => name.startsWith('POST'))
  expect(carried.sort()).toEqual(requests.map(({ traceId }) => traceId).sort())
})

test('what a page asks of the API in this process belongs to the request for the page', async () => {
  await using stack = new AsyncDisposableStack()
  const { world, finish } = await tracedWorld(stack)
  // An injected request is sent where it is waited for.
  const asked = async () => await world.inject({ url: `/api/v1/organizations/${world.slug}/services` })
  await inSpan('page', { parent: contextOf(TRACEPARENT) }, asked)
  await asked()
  const traces = (await finish()).filter(({ name }) => name.startsWith('GET')).map(({ traceId }) => traceId)
  expect(traces).toEqual([TRACE_ID, expect.not.stringContaining(TRACE_ID)])
})

test('commands to Redis are part of the request that they are for', async () => {
  await using stack = new AsyncDisposableStack()
  const env = { REDIS_URL: inject('redisUrl') }
  const { world, finish } = await tracedWorld(stack, { rateLimit: 'on', env })
  await world.inject({ url: `/api/v1/organizations/${world.slug}`, headers: { traceparent: TRACEPARENT } })
  const spans = await finish()
  const commands = spans.filter(({ name, traceId }) => name.startsWith('redis ') && traceId === TRACE_ID)
  expect(commands.length).toBeGreaterThan(0)
  expect(pathOf(commands[0] ?? expect.unreachable(), spans)[0]).toBe('GET /api/v1/organizations/:organization')
})

test('a failure is noted with its span, without its words', async () => {
  await using stack = new AsyncDisposableStack()
  const { world, finish } = await tracedWorld(stack)
  await world.sql('alter table service rename to hidden_away')
  await world.inject({ url: `/api/v1/organizations/${world.slug}/services` })
  const failed = (await finish()).filter((span) => span.attributes['error.type'] === '42P01')
  expect(failed.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['sql select', 'GET /api/v1/organizations/:organization/services']),
  )
})

test('traces that the collector does not take are told of', async () => {
  await using collector = await startCollector({ key: 'another' })
  const tracing = { endpoint: collector.endpoint, headers: { 'api-key': 'open' }, ratio: 1 }
  const onError = vi.fn()
  const { close } = await startTracing({ tracing, sentryDsn: undefined, environment: 'staging' }, 'web', onError)
  await inSpan('page', {}, async () => undefined)
  await close()
  expect(onError).toHaveBeenCalledOnce()
})

test('without a collector nothing is made: no span, no id in the log, nothing in the jobs', async () => {
  const log = logLines()
  await using world = await createWorld({ log, env: { LOG_LEVEL: 'info' } })
  await book(world, {}, { traceparent: TRACEPARENT })
  const [job] = await world.sql<{ payload: object }>('select payload from graphile_worker._private_jobs')
  expect(Object.keys(job?.payload ?? {}).sort()).toEqual(['bookingIds', 'organizationId'])
  expect(log.lines()[0]).not.toHaveProperty('traceId')
})
