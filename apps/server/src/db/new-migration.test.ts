import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { listMigrations } from './migration-files.ts'
import { createMigration } from './new-migration.ts'

test('a new migration has the next number, both ways, and says what it must tell of itself', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'slotkeeper-migrations-'))
  await writeFile(join(folder.path, '0009_before.sql'), '')
  await writeFile(join(folder.path, 'schema.sql'), '')
  const file = await createMigration('booking_colour', folder.path)
  expect(basename(file)).toBe('0010_booking_colour.sql')
  expect(await readFile(file, 'utf8')).toMatch(/^-- Up Migration\n-- Why: .*\n\n-- Down Migration\n$/)
  expect(await listMigrations(folder.path)).toEqual(['0009_before', '0010_booking_colour'])
})
