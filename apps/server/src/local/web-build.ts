import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { glob, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { errorCode, LocalError } from './local-error.ts'

/** What the pages are built from, relative to the checkout. */
const SOURCES = ['apps/web/**/*', 'packages/client/src/**/*', 'packages/client/package.json', 'package-lock.json']

/** Files below the sources that a build or an installation writes. */
const WRITTEN = /(?:^|\/)(?:node_modules|build|\.svelte-kit|paraglide|test-results)(?:\/|$)/

const FINGERPRINT = 'apps/web/build/sources.sha256'

/**
 * Builds the web pages when there are none yet, or when a file they are built from has changed.
 * @param root  the checkout
 * @returns whether a build was needed
 * @throws {LocalError} with the output of the build when it fails
 */
export async function buildWebIfStale(root: string, signal?: AbortSignal): Promise<boolean> {
  const fingerprint = await fingerprintOf(root)
  if (fingerprint === (await readIfThere(join(root, FINGERPRINT)))) return false
  await buildWeb(root, signal)
  // Written last: a build that was killed half-way is stale.
  await writeFile(join(root, FINGERPRINT), fingerprint)
  return true
}

/** @returns a hash over the paths and contents of all sources */
export async function fingerprintOf(root: string): Promise<string> {
  const found = await Array.fromAsync(glob(SOURCES, { cwd: root, exclude: (path) => WRITTEN.test(path) }))
  const hash = createHash('sha256')
  for (const path of found.sort()) {
    const file = join(root, path)
    if (!(await stat(file)).isFile()) continue
    hash
      .update(`${path}\0`)
      .update(await readFile(file))
      .update('\0')
  }
  return hash.digest('hex')
}

async function buildWeb(root: string, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  const child = spawn(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build'], {
    cwd: join(root, 'apps/web'),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal }),
  })
  child.once('error', reject)
  child.once('close', resolve)
  const output = Promise.all([text(child.stdout), text(child.stderr)])
  if ((await promise) !== 0) throw new LocalError(`The web pages could not be built:\n${(await output).join('\n')}`)
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
