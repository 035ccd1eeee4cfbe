import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Files that only this user reads, for programs that take secrets in no other way; gone when disposed. */
export async function secretFiles<Name extends string>(
  contents: Record<Name, string>,
): Promise<AsyncDisposable & { paths: Record<Name, string> }> {
  const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-secret-'))
  const entries = await Promise.all(
    Object.entries<string>(contents).map(async ([name, content]) => {
      const path = join(folder, name)
      // ssh takes a key only with a line break at its end.
      await writeFile(path, `${content.trimEnd()}\n`, { mode: 0o600 })
      return [name, path] as const
    }),
  )
  return {
    paths: Object.fromEntries(entries) as Record<Name, string>,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
