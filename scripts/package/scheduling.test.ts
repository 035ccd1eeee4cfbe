import { glob, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOT, runBin, runCommand, type CommandResult } from '../shared/run-command.ts'
import { buildScheduling, SCHEDULING } from './scheduling.ts'

const SLOW = 60_000

/** A folder outside the repository, with nothing but the packed engine in its node_modules, as npm would unpack it. */
let home = ''
let installed = ''
let tarball = ''

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'slotkeeper-package-'))
  installed = join(home, 'node_modules', '@slotkeeper', 'scheduling')
  const built = join(home, 'built')
  expect(await buildScheduling(built)).toBeUndefined()
  await run('npm', ['pack', built, '--pack-destination', home, '--silent'])
  tarball = join(home, await only(glob('*.tgz', { cwd: home })))
  await mkdir(installed, { recursive: true })
  await run('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'])
  await writeFile(join(home, 'package.json'), '{ "type": "module" }')
}, SLOW)
afterAll(() => rm(home, { recursive: true, force: true }))

describe('the package of the engine', () => {
  test('holds code, types and what one reads about it, and no more', async () => {
    const files = (await Array.fromAsync(glob('**/*.*', { cwd: installed }))).sort()
    const beside = files.filter((file) => !/^[a-z-]+\.(?:js|d\.ts)$|^docs\/[a-z-]+\.svg$/.test(file))
    expect(beside).toEqual(['CHANGELOG.md', 'README.md', 'package.json'])
    expect(files).toContain('docs/free-starts.svg')
    expect(files).toContain('index.js')
    expect(files).toContain('index.d.ts')
    expect(await readFile(join(installed, 'LICENSE'), 'utf8')).toBe(await readFile(join(ROOT, 'LICENSE'), 'utf8'))
  })

  test('depends on nothing and has no effect when imported', async () => {
    const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as Record<string, unknown>
    expect(manifest).toMatchObject({
      name: '@slotkeeper/scheduling',
      type: 'module',
      license: 'MIT',
      sideEffects: false,
    })
    for (const key of ['private', 'scripts', 'dependencies', 'devDependencies', 'peerDependencies'])
      expect(manifest).not.toHaveProperty(key)
  })

  test('imports nothing but its own files, by the names they have in the package', async () => {
    const files = await Array.fromAsync(glob('*.{js,ts}', { cwd: installed }))
    const imports: string[] = []
    for (const file of files) {
      const text = await readFile(join(installed, file), 'utf8')
      for (const [, path = ''] of text.matchAll(/(?:from|import|reference \w+=|require\(|import\() ?['"]([^'"]+)['"]/g))
        imports.push(path)
    }
    expect(imports).toContain('./zones.js')
    expect(imports.filter((path) => !/^\.\/[a-z-]+\.js$/.test(path))).toEqual([])
  })
})

describe('whoever installs it', () => {
  test('runs the example of its page under plain Node.js', { timeout: SLOW }, async () => {
    const times = '[...slots.startsMs].map((startMs) => new Date(startMs).toISOString())'
    const [example = ''] = await examples()
    await writeFile(
      join(home, 'example.js'),
      `${example.replace('as const', '')}\nconsole.log(JSON.stringify(${times}))\n`,
    )
    const { output } = await run('node', [join(home, 'example.js')])
    expect(JSON.parse(output)).toEqual(['13:00', '13:30', '14:00'].map((time) => `2026-03-30T${time}:00.000Z`))
  })

  test('finds everything on the page to be true', { timeout: SLOW }, async () => {
    await link('temporal-polyfill')
    const page = (await examples()).join('\n')
    const claims = /^(.+) \/\/ → (.+)$/gm
    expect(page.match(claims)?.length).toBeGreaterThan(5)
    const checked = page.replaceAll(claims, 'assert.deepEqual($1, $2)')
    await writeFile(join(home, 'page.ts'), `import assert from 'node:assert/strict'\n${checked}`)
    await run('node', [join(home, 'page.ts')])
    await writeFile(join(home, 'types.ts'), page)
    await compile(['types.ts'], ['es2022'])
  })

  test('has types, with any Temporal, the one of TypeScript and none', { timeout: SLOW }, async () => {
    await link('temporal-polyfill')
    await link('@js-temporal/polyfill')
    const [example = ''] = await examples()
    await writeFile(join(home, 'polyfills.ts'), POLYFILLS)
    await writeFile(join(home, 'native.ts'), NATIVE)
    await writeFile(join(home, 'example.ts'), example)
    await compile(['example.ts'], ['es2022'], '--skipLibCheck false')
    await compile(['polyfills.ts'], ['es2022'])
    await compile(['native.ts', 'polyfills.ts'], ['esnext'])
  })
})

describe('what looks at packages has nothing against it:', () => {
  test('publint', { timeout: SLOW }, async () => {
    expect(await runBin('publint', ['run', tarball, '--strict'])).toMatchObject({ ok: true })
  })

  test('are the types wrong', { timeout: SLOW }, async () => {
    expect(await runBin('attw', [tarball, '--profile', 'esm-only'])).toMatchObject({ ok: true })
  })
})

const POLYFILLS = `
import { Temporal as Small } from 'temporal-polyfill'
import { Temporal as Forced } from 'temporal-polyfill/implementation'
import { Temporal as Big } from '@js-temporal/polyfill'
import { provideTemporal, type TemporalSource } from '@slotkeeper/scheduling'
provideTemporal(Small)
provideTemporal(Forced)
provideTemporal(Big)
// @ts-expect-error It is no implementation.
provideTemporal({})
export const source: TemporalSource = Small
`

const NATIVE = `
import { provideTemporal } from '@slotkeeper/scheduling'
provideTemporal(Temporal)
provideTemporal(globalThis.Temporal)
`

/** The examples of the package's page, each of which goes on from the ones before. */
async function examples(): Promise<string[]> {
  const page = await readFile(join(ROOT, SCHEDULING, 'README.md'), 'utf8')
  return [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code)
}

/** Makes a development dependency of the repository one of the folder. */
async function link(name: string): Promise<void> {
  await mkdir(join(home, 'node_modules', name, '..'), { recursive: true })
  const target = join(home, 'node_modules', name)
  await rm(target, { force: true })
  await symlink(join(ROOT, 'node_modules', name), target)
}

async function compile(files: string[], lib: string[], flags = '--skipLibCheck true'): Promise<void> {
  const options = `--noEmit --strict --module nodenext --target es2022 --lib ${lib.join(',')} ${flags}`
  const paths = files.map((file) => join(home, file))
  await run('node', ['node_modules/typescript/bin/tsc', '--ignoreConfig', ...options.split(' '), ...paths])
}

async function run(command: string, args: string[]): Promise<CommandResult> {
  const result = await runCommand(command, args)
  if (!result.ok) throw new Error(`${command} ${args.join(' ')}: ${result.output}`)
  return result
}

async function only(names: AsyncIterable<string>): Promise<string> {
  const [name = ''] = await Array.fromAsync(names)
  return name
}
