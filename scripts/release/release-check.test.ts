import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Finding } from '../../apps/server/src/shared/finding.ts'
import { commitAll, makeCheckout } from '../pipeline/trial/checkout.ts'
import { runCommand } from '../shared/run-command.ts'
import { git, trackedFiles } from './git.ts'

type Damage = (root: string, tag: string) => Promise<void>

/** What somebody may have forgotten, and by which name it is told. Each begins with the release as it was made. */
const FORGOTTEN: [string, Damage][] = [
  ['clean tree', (root) => change(root, 'README.md', /$/, '\n')],
  [
    'changelog',
    async (root, tag) => {
      await change(root, 'CHANGELOG.md', /(## \d+\.\d+\.\d+) - \d{4}-\d{2}-\d{2}/, '$1')
      await commitAll(root, tag)
    },
  ],
  [
    'version',
    async (root, tag) => {
      await change(root, 'apps/server/package.json', /"version": "\d+/, '"version": "9')
      await commitAll(root, tag)
    },
  ],
  [
    'tag',
    async (root) => {
      await change(root, 'README.md', /$/, '\n')
      await commitAll(root)
    },
  ],
  [
    'migrations',
    async (root, tag) => {
      const [first = ''] = await trackedFiles(root, 'apps/server/migrations/*.sql')
      await change(root, first, /-- Why:/, '--')
      await commitAll(root, tag)
    },
  ],
  [
    'secrets',
    async (root, tag) => {
      await change(root, 'README.md', /$/, `\nAKIA${'B2C3'.repeat(4)}\n`)
      await commitAll(root, tag)
    },
  ],
]

test(
  'a release made as it is written passes; each part that is missing fails by its name',
  { timeout: 300_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-release-check-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const { root, tag } = await makeCheckout(folder)
    const released = await git(root, 'rev-parse', 'HEAD')
    expect(await releaseCheck(root)).toEqual({ exitCode: 0, failed: [] })
    for (const [name, forget] of FORGOTTEN) {
      await forget(root, tag)
      expect(await releaseCheck(root)).toEqual({ exitCode: 1, failed: [name] })
      await git(root, 'reset', '--quiet', '--hard', released)
      await git(root, 'tag', '--force', tag)
    }
  },
)

async function change(root: string, file: string, from: RegExp, to: string): Promise<void> {
  const before = await readFile(join(root, file), 'utf8')
  expect(before).toMatch(from)
  await writeFile(join(root, file), before.replace(from, to))
}

/** What `npm run release-check -- --fast` says. */
async function releaseCheck(root: string) {
  const script = join(root, 'scripts/release-check.ts')
  const { exitCode, output } = await runCommand(process.execPath, [script, '--fast', '--json'])
  const { findings } = JSON.parse(output.slice(output.indexOf('{'))) as { findings: Finding[] }
  return { exitCode, failed: findings.filter(({ state }) => state === 'failed').map(({ name }) => name) }
}
