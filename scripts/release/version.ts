import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { failed, ok, type Finding } from '../../apps/server/src/shared/finding.ts'
import { git, trackedFiles } from './git.ts'

type Package = { version?: string }

/** The version is the same everywhere, is told to users, and was not released before. */
export async function checkVersion(root: string): Promise<Finding[]> {
  const version = await versionOf(root, 'package.json')
  const files = (await trackedFiles(root, '*package.json')).filter((file) => dirname(file) !== '.')
  const different: string[] = []
  for (const file of files) {
    const other = await versionOf(root, file)
    if (other !== undefined && other !== version) different.push(`${file} has ${other}`)
  }
  const name = 'version'
  const fix = 'Give all parts the version of the root, with npm version --workspaces --include-workspace-root.'
  const same =
    different.length === 0 ? ok(name, `${version}`) : failed(name, `${version}, but ${different.join(', ')}`, fix)
  return [same, await checkChangelog(root, `${version}`), await checkTag(root, `${version}`)]
}

async function checkChangelog(root: string, version: string): Promise<Finding> {
  const heading = headingOf(await readFile(join(root, 'CHANGELOG.md'), 'utf8'), version)
  if (heading !== undefined) return ok('changelog', heading)
  const fix = `Turn "## Unreleased" into "## ${version} - <date>", with a new "## Unreleased" above.`
  return failed('changelog', `CHANGELOG.md has no dated entry for ${version}`, fix)
}

/** The heading of a release, with its date; undefined when there is none, or when nothing stands below it. */
export function headingOf(changelog: string, version: string): string | undefined {
  const sections = changelog.split(/^## /m).slice(1)
  const section = sections.find((text) => text.replace(/[[\]]/g, '').startsWith(`${version} `))
  const [heading = '', ...entries] = section?.split('\n') ?? []
  return /\d{4}-\d{2}-\d{2}/.test(heading) && entries.some((line) => line.startsWith('- ')) ? heading : undefined
}

async function checkTag(root: string, version: string): Promise<Finding> {
  const name = 'tag'
  const tagged = await git(root, 'tag', '--list', `v${version}`)
  if (tagged === '') return ok(name, `v${version} is free`)
  const isHere = (await git(root, 'rev-list', '-n1', `v${version}`)) === (await git(root, 'rev-parse', 'HEAD'))
  if (isHere) return ok(name, `v${version} is this commit`)
  return failed(name, `v${version} is another commit`, 'Choose the next version: what was released stays as it was.')
}

async function versionOf(root: string, file: string): Promise<string | undefined> {
  return (JSON.parse(await readFile(join(root, file), 'utf8')) as Package).version
}
