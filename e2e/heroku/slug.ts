import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { tmpdir } from 'node:os'
import { ROOT, runCommand } from '../../scripts/shared/run-command.ts'

/** What the platform makes of a source archive, and runs. */
export type Slug = AsyncDisposable & {
  folder: string
  megabytes: number
  packages: string[]
  hasPages: boolean
  /** the files that were made or changed after it was packed */
  writtenSince: () => Promise<string[]>
}

/** The Node.js that the platform brings; the one of the repository is gone with what only development needs. */
export const PLATFORM_PATH = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`

/**
 * Builds a slug of the newest commit as the platform's buildpack for Node.js does: installs with what a build needs,
 * builds, and takes away what only a build needs.
 * @see https://devcenter.heroku.com/articles/nodejs-classic-buildpack-builds
 */
export async function buildSlug(say: (line: string) => void): Promise<Slug> {
  const base = await mkdtemp(join(tmpdir(), 'slotkeeper-heroku-'))
  const folder = join(base, 'app')
  const remove = () => rm(base, { recursive: true, force: true })
  const run = async (command: string) => {
    const env = { NODE_ENV: 'production', PATH: PLATFORM_PATH }
    const { ok, output } = await runCommand('sh', ['-c', `cd '${folder}' && ${command}`], { env })
    if (!ok) throw new Error(`${command} failed:\n${output.trim().split('\n').slice(-20).join('\n')}`)
    return output
  }
  const step = async (what: string, command: string) => {
    say(`  ${what}`)
    await run(command)
  }
  try {
    await mkdir(folder)
    await step('source archive', `git -C '${ROOT}' archive HEAD | tar -x`)
    await step('install', 'npm ci --include=dev --no-audit --no-fund --loglevel=error')
    await step('build', 'npm run build')
    await step('prune', 'npm prune --omit=dev --no-audit --no-fund --loglevel=error')
    await step('pack', 'tar -czf ../slug.tgz .')
    const { size } = await stat(join(base, 'slug.tgz'))
    return {
      folder,
      megabytes: Math.round(size / 1024 / 1024),
      packages: await readdir(join(folder, 'node_modules')),
      hasPages: existsSync(join(folder, 'apps/web/build/handler.js')),
      writtenSince: async () => (await run('find . -newer ../slug.tgz -type f')).split('\n').filter(Boolean),
      [Symbol.asyncDispose]: remove,
    }
  } catch (error) {
    await remove()
    throw error
  }
}
