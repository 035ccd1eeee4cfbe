import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readDeployment, releaseOf, writeDeployment } from './deployment.ts'
import { isSecret, putBackSettings, readSettings, writeSetting } from './env-file.ts'
import { alone } from './lock.ts'

/** A .env in a folder of its own, which goes with the test. */
async function envFile(text: string) {
  const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-env-'))
  const path = join(folder, '.env')
  await writeFile(path, text)
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

test('one setting is written, and all else stays as it is', async () => {
  await using file = await envFile('# mine\nDOMAIN=a.example\nSLOTKEEPER_VERSION=1\n')
  await writeSetting(file.path, 'SLOTKEEPER_VERSION', '2')
  expect(await readFile(file.path, 'utf8')).toBe('# mine\nDOMAIN=a.example\nSLOTKEEPER_VERSION=2\n')
  expect((await stat(file.path)).mode & 0o777).toBe(0o600)
})

test('settings go back to what they were, without what came since', async () => {
  await using file = await envFile('# mine\nDOMAIN=a.example\nLOG_LEVEL=debug\nAPP_CONTAINERS=4\n')
  const changed = await putBackSettings(file.path, { DOMAIN: 'a.example', LOG_LEVEL: 'info' })
  expect(changed).toEqual(['APP_CONTAINERS', 'LOG_LEVEL'])
  expect(await readFile(file.path, 'utf8')).toBe('# mine\nDOMAIN=a.example\nLOG_LEVEL=info\n')
})

test('a password that was changed since stays when settings go back', async () => {
  await using file = await envFile('DOMAIN=a.example\nMAIL_PASSWORD=new\n')
  await putBackSettings(file.path, { DOMAIN: 'b.example' })
  expect(await readSettings(file.path)).toEqual({ DOMAIN: 'b.example', MAIL_PASSWORD: 'new' })
})

test.each(['MAIL_PASSWORD', 'SECRET_KEY', 'DATABASE_URL', 'SENTRY_DSN', 'MAIL_USERNAME'])('%s is a secret', (name) => {
  expect(isSecret(name)).toBe(true)
})

test.each(['DOMAIN', 'PUBLIC_URL', 'LOG_LEVEL', 'SLOTKEEPER_VERSION'])('%s is none', (name) => {
  expect(isSecret(name)).toBe(false)
})

test('no secret gets into what is kept of a deployment', async () => {
  await using file = await envFile('DOMAIN=a.example\nMAIL_PASSWORD=hidden\nSLOTKEEPER_VERSION=1\n')
  const current = await releaseOf(file.path, '1', 'sha256:1')
  await writeDeployment(file.path, { current })
  const kept = await readFile(`${file.path}.deployment.json`, 'utf8')
  expect(kept).not.toContain('hidden')
  expect(await readDeployment(file.path)).toEqual({ current })
  expect(current.settings).toEqual({ DOMAIN: 'a.example' })
})

test('the same settings have the same hash, in whatever order', async () => {
  await using one = await envFile('DOMAIN=a.example\nLOG_LEVEL=info\n')
  await using other = await envFile('LOG_LEVEL=info\nDOMAIN=a.example\n')
  const hashOf = async (path: string) => (await releaseOf(path, '1', 'sha256:1')).settingsHash
  expect(await hashOf(one.path)).toBe(await hashOf(other.path))
  await writeSetting(other.path, 'LOG_LEVEL', 'debug')
  expect(await hashOf(one.path)).not.toBe(await hashOf(other.path))
})

test('nothing is known where nobody has rolled out yet', async () => {
  await using file = await envFile('')
  expect(await readDeployment(file.path)).toEqual({})
})

test('a second roll out is refused while one is under way, and taken after it', async () => {
  await using file = await envFile('')
  await alone(file.path, async () => {
    await expect(alone(file.path, () => Promise.resolve())).rejects.toThrow('Another roll out is under way')
  })
  await expect(alone(file.path, () => Promise.resolve('done'))).resolves.toBe('done')
})
