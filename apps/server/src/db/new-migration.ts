import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listMigrations, MIGRATIONS_DIR } from './migration-files.ts'

/** What a migration must say of itself, for its author to fill in. */
const TEMPLATE = `-- Up Migration
-- Why: (what it is for). Locks: (what it locks, and for how long). Last release: (whether it survives).

-- Down Migration
`

/**
 * Begins a migration under the next number.
 * @param folder  where migrations stand
 * @returns the new file
 */
export async function createMigration(name: string, folder: string = MIGRATIONS_DIR): Promise<string> {
  const newest = (await listMigrations(folder)).at(-1)
  const number = String(Number(newest?.slice(0, 4) ?? '0') + 1).padStart(4, '0')
  const file = join(folder, `${number}_${name}.sql`)
  await writeFile(file, TEMPLATE, { flag: 'wx' })
  return file
}
