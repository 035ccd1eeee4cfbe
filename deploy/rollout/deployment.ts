import { createHash } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { isSecret, readSettings, type Settings } from './env-file.ts'

/** A version as it runs, or ran: its image, and the settings that it was started with. */
export type Release = {
  version: string
  imageId: string
  /** all that are no secret, without the version */
  settings: Settings
  settingsHash: string
  /** the newest migration of the schema before it came; undefined where nobody has looked */
  schemaBefore?: string | undefined
}

/** What runs, what ran before, and the last one that had to go back. */
export type Deployment = { current?: Release; previous?: Release; failed?: Release }

export const VERSION = 'SLOTKEEPER_VERSION'

/** The state of a deployment, beside the settings that it is about. */
const fileOf = (envFile: string) => `${envFile}.deployment.json`

export async function readDeployment(envFile: string): Promise<Deployment> {
  try {
    return JSON.parse(await readFile(fileOf(envFile), 'utf8')) as Deployment
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new Error(`${fileOf(envFile)} cannot be read. Move it away to begin anew.`, { cause: error })
  }
}

/** The file is never half written. */
export async function writeDeployment(envFile: string, deployment: Deployment): Promise<void> {
  const file = fileOf(envFile)
  await writeFile(`${file}.new`, `${JSON.stringify(deployment, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

/** What a version would run with now. */
export async function releaseOf(envFile: string, version: string, imageId: string): Promise<Release> {
  const all = Object.entries(await readSettings(envFile))
  const open = all.filter(([name]) => !isSecret(name) && name !== VERSION).sort(([a], [b]) => (a < b ? -1 : 1))
  const settingsHash = createHash('sha256').update(JSON.stringify(open)).digest('hex')
  return { version, imageId, settings: Object.fromEntries(open), settingsHash }
}
