import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { docker } from './command.ts'
import type { Installation } from './installation.ts'

/** A server that speaks S3, on another machine as far as an installation can tell. */
export type ObjectStore = AsyncDisposable & {
  /** lets an installation of that project reach it under the name s3 */
  join: (project: string) => Promise<void>
  leave: (project: string) => Promise<void>
  /** how many bytes it holds */
  bytes: () => Promise<number>
}

/** Starts one, and writes the lines into the installation's .env that make it the second place of backups. */
export async function addObjectStore(installation: Installation): Promise<ObjectStore> {
  const name = `${installation.project}-s3`
  await docker('build', '--quiet', '--tag', name, join(import.meta.dirname, '..', 's3'))
  await docker('run', '--detach', '--name', name, name)
  const authority = join(installation.folder, 's3-ca.crt')
  await writeFile(authority, await docker('exec', name, 'cat', 'ca.crt'))
  await installation.setEnvironment({
    ...{ COMPOSE_FILE: 'compose.yaml:off-site.yaml', BACKUP_S3_ENDPOINT: 's3', BACKUP_S3_BUCKET: 'backups' },
    ...{ BACKUP_S3_KEY: 'S3RVER', BACKUP_S3_SECRET: 'S3RVER', BACKUP_S3_CA: authority },
  })
  return {
    join: async (project) => {
      await docker('network', 'connect', '--alias', 's3', `${project}_out`, name)
    },
    leave: async (project) => {
      await docker('network', 'disconnect', `${project}_out`, name)
    },
    bytes: async () => Number((await docker('exec', name, 'du', '-sb', '/tmp/objects')).split('\t')[0]),
    [Symbol.asyncDispose]: async () => {
      await docker('rm', '--force', '--volumes', name)
      await docker('image', 'rm', '--force', name)
    },
  }
}
