import { mkdtempDisposable, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ensureSecretKey } from './secret-key.ts'

test('the key is made once, stays the same, and is readable by its owner alone', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'secret-key-'))
  const file = join(folder.path, 'secret-key')
  const key = await ensureSecretKey(file)
  expect(key).toMatch(/^[\w-]{43}$/)
  expect(await ensureSecretKey(file)).toBe(key)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})
