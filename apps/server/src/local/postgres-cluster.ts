import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { errorCode, LocalError } from './local-error.ts'
import { spawnAs, type PostgresAccount } from './postgres-account.ts'

/** The superuser of every local cluster. */
export const OWNER = 'slotkeeper'

/** Where the parts of a local database lie inside its folder. */
export function clusterPaths(dataDir: string) {
  return {
    clusterDir: join(dataDir, 'cluster'),
    passwordFile: join(dataDir, 'password'),
    logFile: join(dataDir, 'postgres.log'),
  }
}

/**
 * Creates the cluster at the first start, with a random password; keeps it at every later one. A cluster appears under
 * its name only when it is complete, so a killed first start is simply repeated.
 * @returns the owner's password
 * @throws {LocalError} when the cluster is there but its password is not
 */
export async function ensureCluster(dataDir: string, initdb: string, account: PostgresAccount): Promise<string> {
  const { clusterDir, passwordFile } = clusterPaths(dataDir)
  if (!existsSync(clusterDir)) await createCluster(dataDir, initdb, account)
  try {
    return (await readFile(passwordFile, 'utf8')).trim()
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
    const remedy = `put it back, or delete ${dataDir} to begin again without its data`
    throw new LocalError(`The database in ${dataDir} is there but its file "password" is missing: ${remedy}.`)
  }
}

async function createCluster(dataDir: string, initdb: string, account: PostgresAccount): Promise<void> {
  const { clusterDir, passwordFile } = clusterPaths(dataDir)
  const unfinishedDir = `${clusterDir}.new`
  await rm(unfinishedDir, { recursive: true, force: true })
  await mkdir(unfinishedDir, { mode: 0o700 })
  await rm(passwordFile, { force: true })
  await writeFile(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  const { owner } = account
  if (owner) await Promise.all([unfinishedDir, passwordFile].map((path) => chown(path, owner.uid, owner.gid)))
  await runInitdb(initdb, account, initdbFlags(unfinishedDir, passwordFile))
  await rename(unfinishedDir, clusterDir)
}

/** The built-in locale gives the same order of text on every machine. */
function initdbFlags(pgdata: string, pwfile: string): string[] {
  const access = [`--username=${OWNER}`, '--auth=scram-sha-256', `--pwfile=${pwfile}`]
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  return [`--pgdata=${pgdata}`, '--no-instructions', ...access, ...locale]
}

async function runInitdb(initdb: string, account: PostgresAccount, flags: string[]): Promise<void> {
  const child = spawnAs(account, initdb, flags, ['ignore', 'ignore', 'pipe'])
  const output = child.stderr ? text(child.stderr) : ''
  await once(child, 'close')
  if (child.exitCode !== 0)
    throw new LocalError(`PostgreSQL could not create its data directory: ${(await output).trim()}`)
}
