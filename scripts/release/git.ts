import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Asks git about a checkout. @throws with what git says when it cannot answer */
export async function git(root: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd: root, maxBuffer: 64 * 1024 * 1024 })
  return stdout.trimEnd()
}

/** The tag of the release before what is checked out; undefined where there is none. A tag of this very commit is not before it. */
export async function previousTag(root: string): Promise<string | undefined> {
  const tags = await git(root, 'tag', '--merged', 'HEAD', '--no-contains', 'HEAD', '--list', 'v*', '--sort=-v:refname')
  return tags.split('\n').find((tag) => /^v\d+\.\d+\.\d+$/.test(tag))
}

/** Everything that is in the checkout and belongs to it. */
export async function trackedFiles(root: string, under = '.'): Promise<string[]> {
  return (await git(root, 'ls-files', '-z', under)).split('\0').filter(Boolean)
}
