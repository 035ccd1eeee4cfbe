import { expect, test } from 'vitest'
import { missingIn } from './docs.ts'

test('links, programs and scripts that exist are fine', () => {
  const text =
    'See [this](../README.md#try-it), `npm run check`, node apps/server/src/main.ts, [web](https://example.com)'
  expect(missingIn(text, 'docs', ['check'])).toEqual([])
})

test('what does not exist is named', () => {
  const text = '![picture](images/none.png) `npm run nothing` and node apps/server/src/main-none.ts'
  expect(missingIn(text, 'docs', ['check'])).toEqual([
    'docs/images/none.png does not exist',
    'apps/server/src/main-none.ts does not exist',
    'there is no npm script nothing',
  ])
})
