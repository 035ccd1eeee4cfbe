import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { draw } from './picture.ts'
import { SCENES, sceneOf } from './scenes.ts'

const home = join(import.meta.dirname, '..')
const names = Object.keys(SCENES)

test.each(names)('the picture %s shows what the engine finds: else run `npm run pictures` in the package', (name) => {
  expect(readFileSync(join(home, 'docs', `${name}.svg`), 'utf8')).toBe(draw(sceneOf(name)))
})

test('the page shows every picture, each with words for whoever does not see it', () => {
  const page = readFileSync(join(home, 'README.md'), 'utf8')
  const shown = [...page.matchAll(/!\[([^\]]{10,})\]\(docs\/([^)]+)\)/g)].map(([, , file]) => file)
  expect(shown.toSorted()).toEqual(readdirSync(join(home, 'docs')).toSorted())
  expect(shown.toSorted()).toEqual(names.map((name) => `${name}.svg`).toSorted())
})
