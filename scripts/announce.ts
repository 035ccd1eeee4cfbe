import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { answerHelp } from '../apps/server/src/shared/command-help.ts'
import { notesOf } from './pipeline/changelog.ts'
import { ROOT, runCommand } from './shared/run-command.ts'

answerHelp(`
Makes a release on GitHub of a tag, with its entry in CHANGELOG.md and what it is made of (npm run sbom).

  npm run announce -- --tag v1.4.0

It uses GitHub's gh, with GH_TOKEN.
`)

const SBOM = 'build/sbom.cdx.json'
const { values } = parseArgs({ options: { tag: { type: 'string', default: '' } } })
const { tag } = values
const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string }
const notes = notesOf(await readFile(join(ROOT, 'CHANGELOG.md'), 'utf8'), version)
if (tag !== `v${version}` || notes === undefined) {
  console.error(`The release is v${version}, with a dated entry in CHANGELOG.md; the tag is ${tag || 'not given'}.`)
  process.exitCode = 2
} else {
  const args = ['release', 'create', tag, SBOM, '--verify-tag', '--title', tag, '--notes-file', '-']
  const { exitCode, output } = await runCommand('gh', args, { input: notes })
  console.log(output.trimEnd())
  process.exitCode = exitCode
}
