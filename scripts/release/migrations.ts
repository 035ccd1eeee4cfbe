import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failed, ok, warning, type Finding } from '../../apps/server/src/shared/finding.ts'
import { git, trackedFiles } from './git.ts'

const FOLDER = 'apps/server/migrations'

/** Each says in its head why it is, what it locks and whether the last release survives it; and each goes back. */
export async function checkMigrations(root: string, since: string | undefined): Promise<Finding[]> {
  const files = (await trackedFiles(root, FOLDER)).filter((file) => /\/\d{4}_[^/]+\.sql$/.test(file))
  const texts = await Promise.all(files.map(async (file) => [file, await readFile(join(root, file), 'utf8')] as const))
  const wrong = texts.flatMap(([file, text]) => problemsOf(text).map((problem) => `${nameOf(file)} ${problem}`))
  const fix = 'Say it in the head of the file, as the others do; a way back stands below "-- Down Migration".'
  const name = 'migrations'
  const heads =
    wrong.length > 0 ? failed(name, wrong.join('; '), fix) : ok(name, `${files.length}, all told and reversible`)
  if (since === undefined) return [heads]
  const known = (await git(root, 'ls-tree', '-r', '--name-only', since, FOLDER)).split('\n')
  const fresh = texts.filter(([file]) => !known.includes(file))
  return [heads, await checkUnchanged(root, since), ...judgeFresh(fresh)]
}

/** @returns what the head and the way back of a migration lack */
export function problemsOf(text: string): string[] {
  const [up = '', down = ''] = text.split(/^-- Down Migration$/m)
  const head = /^(?:--.*\n)+/.exec(up)?.[0] ?? ''
  const missing = ['Why:', 'Locks:', 'Last release:'].filter((word) => !head.includes(word))
  const problems = missing.length > 0 ? [`does not tell ${missing.map((word) => word.slice(0, -1)).join(', ')}`] : []
  const isReversible = down.replaceAll(/^--.*$/gm, '').trim() !== ''
  return isReversible ? problems : [...problems, 'has no way back']
}

/** What was released has run somewhere: whoever changes it changes nothing there. */
async function checkUnchanged(root: string, since: string): Promise<Finding> {
  const name = 'released migrations'
  const changed = await git(root, 'diff', '--name-only', '--diff-filter=MDR', since, '--', `${FOLDER}/[0-9]*.sql`)
  if (changed === '') return ok(name, `as they were in ${since}`)
  const found = `changed since ${since}: ${changed.split('\n').map(nameOf).join(', ')}`
  return failed(name, found, 'Put them back, and write the change as a new migration.')
}

function judgeFresh(fresh: (readonly [string, string])[]): Finding[] {
  const name = 'new migrations'
  if (fresh.length === 0) return [ok(name, 'none')]
  const deadly = fresh.filter(([, text]) => /Last release: does not survive/i.test(text)).map(([file]) => nameOf(file))
  if (deadly.length > 0) {
    const fix = 'Roll out with closed doors, as docs/operate/deploy.md says, or split it over two releases.'
    return [warning(name, `the last release does not survive ${deadly.join(', ')}`, fix)]
  }
  const staying = fresh.filter(([, text]) => !/Going back: loses nothing/.test(text)).map(([file]) => nameOf(file))
  if (staying.length === 0) return [ok(name, `${fresh.length}, taken back when the release is`)]
  const fix =
    'Say "Going back: loses nothing" in the head where that is so; the others stay, which the last release survives.'
  return [warning(name, `stay when the release goes back: ${staying.join(', ')}`, fix)]
}

function nameOf(file: string): string {
  return file.split('/').at(-1)?.replace('.sql', '') ?? file
}
