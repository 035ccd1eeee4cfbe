import { createServer } from 'node:http'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { rollBackHeroku } from './heroku.ts'
import { secretFiles } from './secret-file.ts'
import { awsCommand, dockerCommand, herokuPush, herokuRestore, type Errand } from './targets.ts'

const DEPLOY: Errand = { action: 'deploy', environment: 'staging', version: 'v1.4.0' }
const MACHINE = {
  SHIP_HOST: 'deploy@book.example.com',
  SHIP_FOLDER: '/srv/slotkeeper',
  IMAGE: 'ghcr.io/acme/slotkeeper',
}
const FILES = { key: '/tmp/key', knownHosts: '/tmp/hosts' }

test('a machine is asked to check the version out, pull its image and roll it out, and only if it is the known one', () => {
  const { command, args } = dockerCommand(DEPLOY, MACHINE, FILES)
  expect([command, ...args].join(' ')).toBe(
    'ssh -i /tmp/key -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=/tmp/hosts deploy@book.example.com ' +
      'cd /srv/slotkeeper && git fetch --quiet --tags --force origin && git checkout --quiet --detach v1.4.0 && ' +
      'npm ci --no-audit --no-fund && docker pull --quiet ghcr.io/acme/slotkeeper:v1.4.0 && npm run deploy:docker -- --version v1.4.0',
  )
})

test('it goes back, and restores its newest backup elsewhere, by its own commands', () => {
  const last = (action: Errand['action']) => dockerCommand({ ...DEPLOY, action }, MACHINE, FILES).args.at(-1)
  expect(last('back')).toBe('cd /srv/slotkeeper && npm run rollback:docker')
  expect(last('test-restore')).toContain('backup verify')
})

test.each([
  [{ ...DEPLOY, version: 'v1; reboot' }, MACHINE],
  [{ ...DEPLOY, version: '-oProxyCommand=reboot' }, MACHINE],
  [DEPLOY, { ...MACHINE, SHIP_HOST: '$(reboot)' }],
  [DEPLOY, { ...MACHINE, SHIP_FOLDER: '/srv && reboot' }],
  [DEPLOY, { ...MACHINE, IMAGE: '`reboot`' }],
])('what a shell could take for more than a word is refused: %j %j', (errand, given) => {
  expect(() => dockerCommand(errand, given, FILES)).toThrow('no plain word')
})

test('what is missing is told by its name', () => {
  expect(() => dockerCommand(DEPLOY, { ...MACHINE, SHIP_HOST: '' }, FILES)).toThrow('SHIP_HOST is not set')
  expect(() => dockerCommand({ ...DEPLOY, version: '' }, MACHINE, FILES)).toThrow('VERSION is not set')
})

test('AWS goes by its own commands, with environment and version', () => {
  expect(awsCommand(DEPLOY).args.join(' ')).toBe('run deploy:aws -- --environment staging --version v1.4.0')
  expect(awsCommand({ ...DEPLOY, action: 'back' }).args.join(' ')).toBe('run rollback:aws -- --environment staging')
})

test('Heroku is pushed the commit of the version, and no argument has the key', () => {
  const { args } = herokuPush(DEPLOY, { HEROKU_APP: 'practice', HEROKU_API_KEY: 'hidden' })
  expect(args.slice(-2)).toEqual(['https://git.heroku.com/practice.git', 'v1.4.0^{commit}:refs/heads/main'])
  expect(args.join(' ')).not.toContain('hidden')
})

test('Heroku restores its newest backup into another app, never over what it is a backup of, and has that proven', () => {
  const given = { HEROKU_APP: 'practice', HEROKU_RESTORE_APP: 'practice-restored' }
  const commands = herokuRestore(given).map(({ args }) => args.join(' '))
  expect(commands[0]).toContain(
    'pg:backups:restore practice:: DATABASE_URL --confirm practice-restored --app practice-restored',
  )
  expect(commands.slice(1).join()).not.toContain('practice ')
  expect(commands.at(-1)).toMatch(/--app practice-restored -- node apps\/server\/src\/main\.ts audit verify$/)
  expect(() => herokuRestore({ ...given, HEROKU_RESTORE_APP: 'practice' })).toThrow('itself')
  expect(() => herokuRestore({ HEROKU_APP: 'practice' })).toThrow('HEROKU_RESTORE_APP is not set')
})

test('Heroku goes back to the newest release of another slug that had succeeded', async () => {
  const release = (version: number, slug: string, more = {}) => {
    return { id: `id-${version}`, version, status: 'succeeded', current: false, slug: { id: slug }, ...more }
  }
  const known = [
    release(5, 'new', { current: true }),
    release(4, 'new'),
    release(3, 'broken', { status: 'failed' }),
    release(2, 'old'),
  ]
  await using platform = await startPlatform(known)
  const heroku = { api: platform.url, app: 'practice', key: 'hidden' }
  expect(await rollBackHeroku(heroku)).toBe('v2')
  expect(platform.asked).toEqual([{ path: '/apps/practice/releases', key: 'Bearer hidden', body: { release: 'id-2' } }])
  known.splice(1)
  await expect(rollBackHeroku(heroku)).rejects.toThrow('no release to go back to')
})

test('a secret is in a file that nobody else reads, and that is gone afterwards', async () => {
  const files = await secretFiles({ key: 'hidden' })
  onTestFinished(() => files[Symbol.asyncDispose]())
  expect((await stat(files.paths.key)).mode & 0o777).toBe(0o600)
  await files[Symbol.asyncDispose]()
  await expect(stat(files.paths.key)).rejects.toThrow('ENOENT')
})

/** The part of the platform's API that is asked. */
async function startPlatform(releases: object[]) {
  const asked: { path: string | undefined; key: string | undefined; body: unknown }[] = []
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      response.writeHead(206).end(JSON.stringify(releases))
      return
    }
    void json(request).then((body) => {
      asked.push({ path: request.url, key: request.headers.authorization, body })
      response.writeHead(201).end('{}')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    asked,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
