import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { toInstantText } from '../shared/clock.ts'

/** slotkeeper-20261126T140000Z.backup: by their names, backups are in the order of their times. */
const NAME = /^slotkeeper-\d{8}T\d{6}Z\.backup$/

export type StoredBackup = { file: string; bytes: number; modifiedMs: number }

/** The name of a backup that is made now, in a folder that is made where it is missing. */
export async function newBackupFile(folder: string, nowMs: number): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const instant = toInstantText(nowMs - (nowMs % 1000)).replace(/[-:]/g, '')
  return join(folder, `slotkeeper-${instant}.backup`)
}

/** The backups in a folder, newest first; none where there is no folder. */
export async function listBackups(folder: string): Promise<StoredBackup[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  const files = names
    .filter((name) => NAME.test(name))
    .sort()
    .toReversed()
  return Promise.all(
    files.map(async (name) => {
      const file = join(folder, name)
      const { size, mtimeMs } = await stat(file)
      return { file, bytes: size, modifiedMs: mtimeMs }
    }),
  )
}

/** Removes all but the newest backups of a folder; other files in it stay. */
export async function keepNewest(folder: string, count: number): Promise<string[]> {
  const old = (await listBackups(folder)).slice(count).map(({ file }) => file)
  for (const file of old) await rm(file)
  return old
}
