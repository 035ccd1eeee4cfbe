import { mkdir, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { buildWebIfStale } from './web-build.ts'

test('pages are built once, and again when a source has changed', async () => {
  await using root = await makeCheckout(`writeFileSync('build/count', (existsSync('build/count') ? 'more' : 'once'))`)
  expect(await buildWebIfStale(root.path)).toBe(true)
  expect(await buildWebIfStale(root.path)).toBe(false)
  expect(await readFile(join(root.path, 'apps/web/build/count'), 'utf8')).toBe('once')
  await writeFile(join(root.path, 'apps/web/src/page.svelte'), 'changed')
  expect(await buildWebIfStale(root.path)).toBe(true)
  expect(await readFile(join(root.path, 'apps/web/build/count'), 'utf8')).toBe('more')
})

test('what a build or an installation writes does not make the pages stale', async () => {
  await using root = await makeCheckout('')
  await buildWebIfStale(root.path)
  await put(root.path, 'apps/web/build/extra.js', 'x')
  await put(root.path, 'apps/web/.svelte-kit/types.d.ts', 'x')
  await put(root.path, 'apps/web/node_modules/a/index.js', 'x')
  expect(await buildWebIfStale(root.path)).toBe(false)
})

test('a build that fails is told with its output, and tried again at the next start', async () => {
  await using root = await makeCheckout(`console.error('no such component'); process.exit(1)`)
  await expect(buildWebIfStale(root.path)).rejects.toThrow('no such component')
  await expect(buildWebIfStale(root.path)).rejects.toThrow('could not be built')
})

/** A folder with one page, and a script in place of Vite. */
async function makeCheckout(script: string) {
  const root = await mkdtempDisposable(join(tmpdir(), 'web-build-'))
  await put(root.path, 'apps/web/src/page.svelte', '<p>hello</p>')
  await put(root.path, 'package-lock.json', '{}')
  const vite = `const { existsSync, mkdirSync, writeFileSync } = require('node:fs'); mkdirSync('build', { recursive: true })`
  await put(root.path, 'node_modules/vite/bin/vite.js', `${vite}\n${script}`)
  return root
}

async function put(root: string, path: string, content: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), content)
}
