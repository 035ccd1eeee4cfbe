import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lockFolder } from './folder-lock.ts'

const makeFolder = () => mkdtempDisposable(join(tmpdir(), 'folder-lock-'))

test('a folder is held by one at a time, and the second is told by whom', async () => {
  await using folder = await makeFolder()
  const lock = await lockFolder(folder.path)
  await expect(lockFolder(folder.path)).rejects.toThrow(
    `already running with the data in ${folder.path} (process ${process.pid})`,
  )
  await lock.release()
  const next = await lockFolder(folder.path)
  await next.release()
})

test('two folders are held independently', async () => {
  await using first = await makeFolder()
  await using second = await makeFolder()
  const locks = await Promise.all([lockFolder(first.path), lockFolder(second.path)])
  await Promise.all(locks.map((lock) => lock.release()))
})

test('a holder that lets go while we wait is no obstacle', async () => {
  await using folder = await makeFolder()
  const lock = await lockFolder(folder.path)
  setTimeout(() => void lock.release(), 100)
  const next = await lockFolder(folder.path, 5_000)
  await next.release()
})
