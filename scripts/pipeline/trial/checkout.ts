import { appendFile, glob, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { git } from '../../release/git.ts'
import { headingOf } from '../../release/version.ts'
import { ROOT } from '../../shared/run-command.ts'

/** A clone in which a release was made as docs/develop/release.md says, and the repository that it came from. */
export type Checkout = {
  root: string
  /** a bare repository, with the release's commit and tag */
  origin: string
  /** of the release, such as v1.2.3 */
  tag: string
}

const AUTHOR = ['-c', 'user.name=Trial', '-c', 'user.email=trial@example.com', '-c', 'commit.gpgsign=false']

/** Makes both in a folder, of what is committed here; packages are those that are installed here. */
export async function makeCheckout(folder: string): Promise<Checkout> {
  const [origin, root] = [join(folder, 'origin.git'), join(folder, 'checkout')]
  await git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', origin)
  // A checkout of a pipeline may not have all of the history.
  await git(origin, 'config', 'receive.shallowUpdate', 'true')
  await git(ROOT, 'push', '--quiet', origin, 'HEAD:refs/heads/main')
  await git(folder, 'clone', '--quiet', origin, root)
  await linkPackages(root)
  return { root, origin, tag: await release(root) }
}

/** Commits and tags, and tells the origin. */
export async function commitAll(root: string, ...tags: string[]): Promise<void> {
  await git(root, ...AUTHOR, 'commit', '--quiet', '--all', '--allow-empty', '--message', 'release: trial')
  for (const tag of tags) await git(root, 'tag', '--force', tag)
  await git(root, 'push', '--quiet', '--force', 'origin', 'HEAD:main', ...tags)
}

async function linkPackages(root: string): Promise<void> {
  const { workspaces } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { workspaces: string[] }
  const patterns = ['.', ...workspaces].map((workspace) => join(workspace, 'node_modules'))
  for await (const path of glob(patterns, { cwd: ROOT })) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await symlink(join(ROOT, path), join(root, path))
  }
  // What is ignored as a folder is none.
  await appendFile(join(root, '.git/info/exclude'), 'node_modules\n')
}

async function release(root: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  const file = join(root, 'CHANGELOG.md')
  const changelog = await readFile(file, 'utf8')
  // Where the version has its entry already, this is the release.
  if (headingOf(changelog, version) === undefined) {
    const today = new Date().toISOString().slice(0, 10)
    await writeFile(file, changelog.replace('## Unreleased\n', `## Unreleased\n\n## ${version} - ${today}\n`))
  }
  await commitAll(root, `v${version}`)
  return `v${version}`
}
