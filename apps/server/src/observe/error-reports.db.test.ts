import { expect, test, vi } from 'vitest'
import { logLines } from '../../test/log-lines.ts'
import { book, bookingOf } from '../../test/requests.ts'
import { startReceiver, type Reported } from '../../test/sentry-receiver.ts'
import { createWorld, type World } from '../../test/world.ts'
import { startWorker } from '../jobs/start-worker.ts'
import { reportError, startErrorReports } from './error-reports.ts'
import { startTracing } from './start-tracing.ts'

const PATIENCE = { timeout: 15_000, interval: 50 }
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736'
const TRACEPARENT = `00-${TRACE_ID}-00f067aa0ba902b7-01`

const unexpected = (error: unknown) => expect.unreachable(String(error))

/** A world whose process reports its errors. */
async function reportingWorld(stack: AsyncDisposableStack) {
  const receiver = stack.use(await startReceiver())
  const tracing = { endpoint: undefined, headers: {}, ratio: 1 }
  const config = { sentryDsn: receiver.dsn, environment: 'staging', tracing } as const
  stack.defer((await startTracing(config, 'web', unexpected)).close)
  stack.defer((await startErrorReports(config, 'web', unexpected)).close)
  const log = logLines()
  const world = stack.use(await createWorld({ log, env: { LOG_LEVEL: 'info' } }))
  return { world, receiver, log }
}

/** What is expected of every report. */
const told = (what: string): Partial<Reported> => ({
  ...{ level: 'error', transaction: what, environment: 'staging' },
  release: expect.stringMatching(/^slotkeeper@\d+\.\d+\.\d+/) as string,
})

async function failWhenWriting(world: World, table: string): Promise<void> {
  await world.sql(`alter table ${table} add constraint full_disk check (false) not valid`)
}

test('a request that we failed is reported with its trace, and without whose it was', async () => {
  await using stack = new AsyncDisposableStack()
  const { world, receiver, log } = await reportingWorld(stack)
  await failWhenWriting(world, 'booking')
  const answer = await book(world, { provider: world.ada.id }, { traceparent: TRACEPARENT })
  expect(answer.status).toBe(500)
  await vi.waitFor(() => expect(receiver.errors).toHaveLength(1), PATIENCE)
  const [reported] = receiver.errors
  expect(reported).toMatchObject({
    ...told('POST /api/v1/organizations/:organization/bookings'),
    contexts: { trace: { trace_id: TRACE_ID } },
    tags: { process: 'web', organizationId: world.organizationId, requestId: answer.body.requestId },
    exception: { values: [{ type: 'error', value: expect.stringContaining('violates check constraint "full_disk"') }] },
  })
  expect(reported?.exception.values[0]?.stacktrace.frames.length).toBeGreaterThan(2)
  expect(log.lines()).toContainEqual(
    expect.objectContaining({ status: 500, traceId: TRACE_ID, spanId: reported?.contexts.trace.span_id }),
  )
  const { name, email } = bookingOf().customer
  for (const word of [name, email, 'Hopper', 'example.com', '127.0.0.1:5', 'cookie'])
    expect(receiver.raw()).not.toContain(word)
})

test('what was refused is no error of ours, and is not reported', async () => {
  await using stack = new AsyncDisposableStack()
  const { world, receiver } = await reportingWorld(stack)
  await book(world, { provider: world.ada.id })
  expect((await book(world, { provider: world.ada.id })).status).toBe(409)
  expect((await book(world, { service: 'nothing' })).status).toBe(404)
  await world.sql('alter table service rename to hidden_away')
  await world.inject({ url: `/api/v1/organizations/${world.slug}/services` })
  await vi.waitFor(() => expect(receiver.errors).toHaveLength(1), PATIENCE)
  expect(receiver.errors[0]?.transaction).toBe('GET /api/v1/organizations/:organization/services')
})

test('a job that fails is reported with the trace of the request that queued it, once until it is given up', async () => {
  await using stack = new AsyncDisposableStack()
  const { world, receiver } = await reportingWorld(stack)
  expect((await book(world, { provider: world.ada.id }, { traceparent: TRACEPARENT })).status).toBe(201)
  await failWhenWriting(world, 'message')
  await world.sql('update graphile_worker._private_jobs set max_attempts = 3')
  const log = logLines()
  const worker = await startWorker(
    { ...world.config, mail: { ...world.config.mail, server: '127.0.0.1', port: 1 } },
    log,
  )
  stack.defer(worker.close)
  const outcomes = () => log.lines().flatMap(({ kind, outcome }) => (kind === 'messages.deliver' ? [outcome] : []))
  const hurry = () => world.sql('update graphile_worker._private_jobs set run_at = now() where locked_at is null')
  for (const count of [1, 2, 3]) {
    await vi.waitFor(() => expect(outcomes()).toHaveLength(count), PATIENCE)
    await hurry()
  }
  await vi.waitFor(() => expect(receiver.errors).toHaveLength(2), PATIENCE)
  expect(outcomes()).toEqual(['again', 'again', 'failed'])
  for (const reported of receiver.errors)
    expect(reported).toMatchObject({
      ...told('job messages.deliver'),
      contexts: { trace: { trace_id: TRACE_ID } },
      tags: { organizationId: world.organizationId },
    })
  for (const word of ['Hopper', 'example.com']) expect(receiver.raw()).not.toContain(word)
})

test('a receiver that is away holds nobody up, and it is told', async () => {
  const config = { sentryDsn: 'http://public@127.0.0.1:1/42', environment: 'staging' } as const
  const onError = vi.fn()
  const reports = await startErrorReports(config, 'web', onError)
  for (let count = 0; count < 200; count++) reportError(new Error('It failed'), { what: 'GET /' })
  await reports.close()
  expect(onError).toHaveBeenCalled()
})
