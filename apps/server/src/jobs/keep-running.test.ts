import { expect, test, vi } from 'vitest'
import { keepRunning } from './keep-running.ts'

/** Runners whose end the test decides, in the order in which they were started. */
function runners() {
  const started: { end: (reason?: Error) => void }[] = []
  const start = vi.fn(async () => {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>()
    started.push({ end: (reason) => (reason ? reject(reason) : resolve(undefined)) })
    return { promise, stop: async () => resolve(undefined) }
  })
  return { started, start }
}

const pauseMs = 1

test.each([
  ['in silence', undefined],
  ['with an error', new Error('the database is away')],
])('a runner that stopped by itself %s is followed by another, and it is told', async (_how, reason) => {
  const { started, start } = runners()
  const onTrouble = vi.fn()
  const kept = await keepRunning({ start, onTrouble, pauseMs })
  started[0]?.end(reason)
  await vi.waitFor(() => expect(started).toHaveLength(2))
  expect(onTrouble).toHaveBeenCalledExactlyOnceWith(reason ?? new Error('the queue stopped by itself'))
  await kept.stop()
  expect(started).toHaveLength(2)
})

test('one that cannot be started again yet is tried again', async () => {
  const { started, start } = runners()
  const onTrouble = vi.fn()
  const kept = await keepRunning({ start, onTrouble, pauseMs })
  start.mockRejectedValueOnce(new Error('the database is still away'))
  started[0]?.end()
  await vi.waitFor(() => expect(started).toHaveLength(2))
  expect(onTrouble).toHaveBeenLastCalledWith(new Error('the database is still away'))
  await kept.stop()
})

test('one that never started is an error, and whoever is asked to stop starts no other', async () => {
  const start = vi.fn(() => Promise.reject(new Error('there is no database')))
  await expect(keepRunning({ start, onTrouble: vi.fn(), pauseMs })).rejects.toThrow('there is no database')
  const other = runners()
  await (await keepRunning({ start: other.start, onTrouble: vi.fn(), pauseMs })).stop()
  expect(other.started).toHaveLength(1)
})
