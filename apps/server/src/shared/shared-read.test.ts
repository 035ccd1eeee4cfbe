import { expect, test } from 'vitest'
import { SharedRead } from './shared-read.ts'

/** A read that ends when a test says so. */
function controlled() {
  const running: PromiseWithResolvers<number>[] = []
  const shared = new SharedRead(() => {
    const read = Promise.withResolvers<number>()
    running.push(read)
    return read.promise
  })
  return { shared, running }
}

test('nobody gets an answer from before they asked, however many share one', async () => {
  const { shared, running } = controlled()
  const first = shared.get()
  const later = [shared.get(), shared.get(), shared.get()]
  expect(running).toHaveLength(1)
  running[0]?.resolve(1)
  expect(await first).toBe(1)
  await new Promise(setImmediate)
  expect(running).toHaveLength(2)
  running[1]?.resolve(2)
  expect(await Promise.all(later)).toEqual([2, 2, 2])
})

test('a read that fails, fails for those who shared it; the next begins anew', async () => {
  const { shared, running } = controlled()
  const first = shared.get()
  const second = shared.get()
  running[0]?.reject(new Error('away'))
  await expect(first).rejects.toThrow('away')
  await new Promise(setImmediate)
  running[1]?.resolve(2)
  expect(await second).toBe(2)
  const third = shared.get()
  running[2]?.resolve(3)
  expect(await third).toBe(3)
})
