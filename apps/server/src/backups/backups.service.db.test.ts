import { expect, test } from 'vitest'
import { createWorld } from '../../test/world.ts'
import { backupAgeS } from './backups.service.ts'

test('the age of the newest backup is that of the last one that succeeded; a restore test is none', async () => {
  await using world = await createWorld({ now: '2026-03-02T08:00:00Z' })
  expect(await backupAgeS(world)).toBeUndefined()
  await world.sql(`insert into backup_run (kind, started_at, ended_at, ok) values
    ('full', '2026-03-01T02:30:00Z', '2026-03-01T03:00:00Z', true),
    ('diff', '2026-03-02T02:30:00Z', '2026-03-02T03:00:00Z', false),
    ('verify', '2026-03-02T04:00:00Z', '2026-03-02T05:00:00Z', true)`)
  expect(await backupAgeS(world)).toBe(29 * 3600)
})

test('the application reads of backups, and writes nothing of them', async () => {
  await using world = await createWorld()
  await expect(
    world.db.pool.query(`insert into backup_run (kind, started_at, ok) values ('full', now(), true)`),
  ).rejects.toThrow(/permission denied/)
})
