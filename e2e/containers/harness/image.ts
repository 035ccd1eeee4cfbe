import { join } from 'node:path'
import { docker } from './command.ts'

export const ROOT = join(import.meta.dirname, '..', '..', '..')

export const BASE_IMAGE = 'node:26-bookworm-slim'

/** Images of the product and of its database that go when they are disposed of; their layers stay, for the next time. */
export type BuiltImage = AsyncDisposable & { name: string; version: string; postgres: string }

/** Builds the images of this checkout as an operator does, under names that nobody else uses. */
export async function buildImage(version = '0.0.0-test'): Promise<BuiltImage> {
  const name = `slotkeeper-test-${crypto.randomUUID().slice(0, 8)}`
  const postgres = `${name}-postgres`
  const file = join(ROOT, 'deploy', 'docker', 'Dockerfile')
  const labels = { VERSION: version, REVISION: 'a revision', SOURCE: 'a place' }
  const given = Object.entries(labels).flatMap(([label, value]) => ['--build-arg', `${label}=${value}`])
  await docker('build', '--quiet', '--file', file, ...given, '--tag', `${name}:${version}`, ROOT)
  await docker('build', '--quiet', '--tag', `${postgres}:${version}`, join(ROOT, 'deploy', 'postgres'))
  return {
    ...{ name, version, postgres },
    [Symbol.asyncDispose]: async () => {
      await docker('image', 'rm', '--force', `${name}:${version}`, `${postgres}:${version}`)
    },
  }
}
