import { expect, test } from 'vitest'
import { missingIn, saysForWhom, untriedIn } from './docs.ts'

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

test('a command that the server does not have is named', () => {
  expect(
    missingIn('`npm run slotkeeper -- explode` and node apps/server/src/main.ts doctor', '.', ['slotkeeper']),
  ).toEqual(['the server has no command explode'])
})

test('a shell fence for operators is run or says why not, in lists as well', () => {
  const text = [
    '```sh run exit="1" prints="failed"\nfalse\n```',
    '  ```sh not-run="needs the platform"\n  heroku ps\n  ```',
    '```json\n{}\n```',
  ]
  expect(untriedIn(text.join('\n\n'))).toEqual([])
})

test.each([
  'sh',
  'bash',
  'sh not-run',
  'sh not-run=""',
  'sh run not-run="both"',
  'sh run exit="x"',
  'console runs',
  '',
])('a fence that begins with ```%s is refused', (opening) => {
  expect(untriedIn(`text\n\n\`\`\`${opening}\ntrue\n\`\`\``)).toEqual([expect.stringMatching(/^line 3: /)])
})

test('a page says for whom it is right below its heading', () => {
  expect(saysForWhom('# Scaling\n\n_For operators._ More.')).toBe(true)
  expect(saysForWhom('# Scaling\n\nMuch of it.\n\n_For operators._')).toBe(false)
})
