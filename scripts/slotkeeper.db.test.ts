import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { migrateUp } from '../apps/server/src/db/migrate.ts'
import { startEmbeddedPostgres } from '../apps/server/src/local/embedded-postgres.ts'
import { runCommand } from './shared/run-command.ts'

vi.setConfig({ testTimeout: 60_000 })

let dataDir = ''

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'slotkeeper-local-'))
  const postgres = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres') })
  await migrateUp({ databaseOwnerUrl: postgres.ownerUrl })
  await postgres.stop()
})
afterAll(() => rm(dataDir, { recursive: true, force: true }))

const slotkeeper = (...args: string[]) =>
  runCommand(process.execPath, ['scripts/on-node-26.js', 'scripts/slotkeeper.ts', ...args], {
    env: { DATA_DIR: dataDir },
  })

test('a command on a laptop takes the database of npm start, whether it runs or not', async () => {
  expect(await slotkeeper('backup')).toMatchObject({ ok: true })

  const postgres = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres') })
  try {
    const running = { pid: process.pid, url: 'http://localhost:5000', databaseUrl: postgres.ownerUrl }
    await writeFile(join(dataDir, 'running.json'), JSON.stringify(running))
    expect(await slotkeeper('migrate', 'status')).toMatchObject({ ok: true })
    const { output } = await slotkeeper('backup')
    expect(output).toContain(join(dataDir, 'backups', 'slotkeeper-'))
  } finally {
    await postgres.stop()
  }

  await writeFile(join(dataDir, 'running.json'), JSON.stringify({ pid: 2 ** 30, url: '', databaseUrl: '' }))
  expect(await slotkeeper('migrate', 'status')).toMatchObject({ ok: true })
})
