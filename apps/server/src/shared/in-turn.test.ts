import { expect, test } from 'vitest'
import { inTurn } from './in-turn.ts'

test('the second begins when the first has ended, and has nothing to do with how', async () => {
  const turn = inTurn()
  const first = Promise.withResolvers<string>()
  const begun: string[] = []
  const one = turn(() => {
    begun.push('first')
    return first.promise
  })
  const two = turn(async () => {
    begun.push('second')
    return 'done'
  })
  await Promise.resolve()
  await Promise.resolve()
  expect(begun).toEqual(['first'])
  first.reject(new Error('It failed'))
  await expect(one).rejects.toThrow('It failed')
  expect(await two).toBe('done')
  expect(begun).toEqual(['first', 'second'])
})
