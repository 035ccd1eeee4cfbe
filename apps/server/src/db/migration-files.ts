import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

export const MIGRATIONS_DIR = join(import.meta.dirname, '..', '..', 'migrations')

/** The names of the migrations that this release brings, oldest first, as the database knows them. */
export async function listMigrations(folder: string = MIGRATIONS_DIR): Promise<string[]> {
  const files = await readdir(folder)
  return files
    .filter((file) => /^\d{4}_.*\.sql$/.test(file))
    .map((file) => file.slice(0, -'.sql'.length))
    .sort()
}
