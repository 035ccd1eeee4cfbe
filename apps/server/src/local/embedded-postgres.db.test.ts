import { fork, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempDisposable, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { postmasterId } from './postmaster.ts'

const settings = { fsync: 'off' }
const makeFolder = () => mkdtempDisposable(join(tmpdir(), 'slotkeeper-test-embedded-'))

test('data is there again after a stop and a start, under the same password', async () => {
  await using folder = await makeFolder()
  const first = await startEmbeddedPostgres({ dataDir: folder.path, settings })
  await query(first.ownerUrl, `create table kept as select 'yes' as answer`)
  await first.stop()
  const second = await startEmbeddedPostgres({ dataDir: folder.path, settings })
  expect(await query(second.ownerUrl, 'select answer from kept')).toEqual([{ answer: 'yes' }])
  expect(new URL(second.ownerUrl).password).toBe(new URL(first.ownerUrl).password)
  await second.stop()
})

test('only the owner of the files can read the password, and nobody gets in without it', async () => {
  await using folder = await makeFolder()
  const postgres = await startEmbeddedPostgres({ dataDir: folder.path, settings })
  expect((await stat(join(folder.path, 'password'))).mode & 0o777).toBe(0o600)
  const url = new URL(postgres.ownerUrl)
  url.password = 'guessed'
  await expect(query(url.href, 'select 1')).rejects.toThrow('password authentication failed')
  await postgres.stop()
})

test('two at once in one folder: the second is refused with a sentence', async () => {
  await using folder = await makeFolder()
  const postgres = await startEmbeddedPostgres({ dataDir: folder.path, settings })
  await expect(startEmbeddedPostgres({ dataDir: folder.path, settings })).rejects.toThrow('already running')
  await postgres.stop()
})

test('after a kill of the starting process the next start takes over, with the data', async () => {
  await using folder = await makeFolder()
  const starter = await startInProcess(folder.path)
  starter.kill('SIGKILL')
  await once(starter, 'exit')
  const postgres = await startEmbeddedPostgres({ dataDir: folder.path, settings })
  expect(await query(postgres.ownerUrl, 'select answer from kept')).toEqual([{ answer: 'yes' }])
  await postgres.stop()
})

test('after a kill of the starting process and of PostgreSQL the next start recovers the data', async () => {
  await using folder = await makeFolder()
  const starter = await startInProcess(folder.path)
  const pid = await postmasterId(join(folder.path, 'cluster'))
  starter.kill('SIGKILL')
  if (pid !== undefined) process.kill(pid, 'SIGKILL')
  await once(starter, 'exit')
  const postgres = await startEmbeddedPostgres({ dataDir: folder.path, settings })
  expect(await query(postgres.ownerUrl, 'select answer from kept')).toEqual([{ answer: 'yes' }])
  await postgres.stop()
})

test('a pid file whose number has gone to another process does not block the start', async () => {
  await using folder = await makeFolder()
  const postgres = await startEmbeddedPostgres({ dataDir: folder.path, settings })
  const pidFile = join(folder.path, 'cluster', 'postmaster.pid')
  const lines = (await readFile(pidFile, 'utf8')).split('\n')
  await postgres.stop()
  await writeFile(pidFile, [String(process.pid), ...lines.slice(1)].join('\n'))
  const next = await startEmbeddedPostgres({ dataDir: folder.path, settings })
  await next.stop()
})

test.runIf(canStepDownWithSearchRight())('root may keep the data in a folder that only root can enter', async () => {
  await using folder = await makeFolder()
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder.path, 'closed', 'data'), settings })
  expect(await query(postgres.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }])
  await postgres.stop()
})

test('a lost password file stops the start with what to do', async () => {
  await using folder = await makeFolder()
  await (await startEmbeddedPostgres({ dataDir: folder.path, settings })).stop()
  await rm(join(folder.path, 'password'))
  await expect(startEmbeddedPostgres({ dataDir: folder.path, settings })).rejects.toThrow('put it back, or delete')
})

test('a setting PostgreSQL does not know stops the start with its own words', async () => {
  await using folder = await makeFolder()
  const start = startEmbeddedPostgres({ dataDir: folder.path, settings: { no_such_setting: 1 } })
  await expect(start).rejects.toThrow('no_such_setting')
})

test('an end that nobody asked for is reported', async () => {
  await using folder = await makeFolder()
  const death = Promise.withResolvers<string>()
  const postgres = await startEmbeddedPostgres({ dataDir: folder.path, settings, onDeath: death.resolve })
  const pid = await postmasterId(join(folder.path, 'cluster'))
  if (pid !== undefined) process.kill(pid, 'SIGINT')
  expect(await death.promise).toContain('shut down')
  await postgres.stop()
})

/** Whether we are root and may hand on the right to pass closed folders; many containers keep it from root. */
function canStepDownWithSearchRight(): boolean {
  const flags = ['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search', 'true']
  return process.getuid?.() === 0 && spawnSync('setpriv', flags).status === 0
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

/** Starts a PostgreSQL with one table from another process, which can then be killed. */
async function startInProcess(dataDir: string): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'embedded-postgres.fixture.ts'), [dataDir])
  await once(child, 'message')
  return child
}
