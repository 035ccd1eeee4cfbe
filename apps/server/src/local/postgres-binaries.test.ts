import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkPostgresRuns } from './postgres-binaries.ts'

const OURSELVES = { owner: undefined, passesClosedFolders: false }
const CLOSED = { owner: { name: 'nobody', uid: 65_534, gid: 65_534 }, passesClosedFolders: true }

test('a program that runs is fine', async () => {
  await expect(check('#!/bin/sh\nexit 0')).resolves.toBeUndefined()
})

test('a missing library is named, with what to do', async () => {
  const start = check(
    `#!/bin/sh\necho 'postgres: error while loading shared libraries: libxml2.so.2: cannot open' >&2\nexit 127`,
  )
  await expect(start).rejects.toThrow(/misses the library libxml2\.so\.2: run `npm rebuild`.*set DATABASE_URL/)
})

test('a program made for another C library is explained', async () => {
  await expect(check('#!/no/such/loader')).rejects.toThrow('needs glibc, and this system has another C library')
})

test('any other failure is told in the words of the program', async () => {
  await expect(check('#!/bin/sh\necho broken >&2\nexit 1')).rejects.toThrow('does not run here (broken)')
})

test('a folder that the account cannot enter is explained', async () => {
  const start = check('#!/bin/sh\nexit 1', CLOSED)
  await expect(start).rejects.toThrow('runs as the user nobody, who cannot enter this folder')
})

async function check(program: string, account: Parameters<typeof checkPostgresRuns>[1] = OURSELVES): Promise<void> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'binaries-'))
  const postgres = join(folder.path, 'postgres')
  await writeFile(postgres, program, { mode: 0o755 })
  await checkPostgresRuns({ postgres, initdb: postgres }, account)
}
