import { createServer } from 'node:net'
import { expect, test, vi } from 'vitest'
import { startMailServer } from '../../test/mail-server.ts'
import { book, TUESDAY } from '../../test/requests.ts'
import { createWorld } from '../../test/world.ts'
import { startWorker } from './start-worker.ts'

const PATIENCE = { timeout: 15_000, interval: 100 }

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return typeof address === 'object' && address ? address.port : expect.unreachable('It listens on a port')
}

test('the worker tries again by itself once the mail server is back, and the ledger says what was wrong meanwhile', async () => {
  await using world = await createWorld()
  const port = await freePort()
  const worker = await startWorker({ ...world.config, mail: { ...world.config.mail, server: '127.0.0.1', port } })
  await using stack = new AsyncDisposableStack()
  stack.defer(worker.close)
  const ledger = () => world.sql<{ state: string; last_error: string | null }>('select state, last_error from message')
  const { body } = await book(world, { provider: world.ada.id })
  expect(body.booking.state).toBe('confirmed')
  await vi.waitFor(async () => {
    expect((await ledger()).map(({ last_error }) => last_error)).toEqual(
      Array(2).fill(expect.stringContaining('ECONNREFUSED')),
    )
  }, PATIENCE)
  await using receiver = await startMailServer({}, port)
  await vi.waitFor(async () => {
    expect(await ledger()).toEqual(Array(2).fill({ state: 'sent', last_error: null }))
  }, PATIENCE)
  expect(receiver.received).toHaveLength(2)
})

test('a worker that is asked to end leaves no job behind that it has done', async () => {
  await using world = await createWorld()
  const port = await freePort()
  await using receiver = await startMailServer({}, port)
  for (let round = 1; round <= 5; round++) {
    const worker = await startWorker({ ...world.config, mail: { ...world.config.mail, server: '127.0.0.1', port } })
    const start = `${TUESDAY}T${String(9 + round).padStart(2, '0')}:00:00+01:00`
    expect((await book(world, { start, provider: world.ada.id })).status).toBe(201)
    await vi.waitFor(() => expect(receiver.received).toHaveLength(2 * round), { timeout: 15_000, interval: 1 })
    await worker.close()
    expect(
      await world.sql('select id, locked_by from graphile_worker._private_jobs where locked_by is not null'),
    ).toEqual([])
  }
})

test('a queue that could not say what became of its jobs takes them up again', async () => {
  await using world = await createWorld()
  const port = await freePort()
  await using receiver = await startMailServer({}, port)
  const worker = await startWorker({ ...world.config, mail: { ...world.config.mail, server: '127.0.0.1', port } })
  await using stack = new AsyncDisposableStack()
  stack.defer(worker.close)
  await world.sql(
    `create function public.refuse() returns trigger language plpgsql as $$ begin raise 'the disk is full'; end $$`,
  )
  await world.sql(
    'create trigger refuse before delete on graphile_worker._private_jobs for each row execute function public.refuse()',
  )
  expect((await book(world, { provider: world.ada.id })).status).toBe(201)
  await vi.waitFor(() => expect(receiver.received).toHaveLength(2), PATIENCE)
  await world.sql('drop trigger refuse on graphile_worker._private_jobs')
  const jobs = () => world.sql(`select locked_by from graphile_worker._private_jobs where run_at <= now()`)
  await vi.waitFor(async () => expect(await jobs()).toEqual([]), PATIENCE)
})
