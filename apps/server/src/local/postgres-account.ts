import { execFile, spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { errorCode, LocalError } from './local-error.ts'

/** Whom PostgreSQL's programs run as. It refuses to run as root, so root steps down to an account without rights. */
export type PostgresAccount = {
  /** undefined: as we are */
  owner: { name: string; uid: number; gid: number } | undefined
  /** whether the account needs the right to pass folders that only root may enter */
  passesClosedFolders: boolean
}

/** Accounts to step down to, in this order. Every Unix has the second. */
const UNPRIVILEGED_NAMES = ['postgres', 'nobody']

const run = promisify(execFile)

/**
 * Chooses the account: ourselves, or for root the owner of the cluster, if there is one already.
 * @param clusterDir  may be missing still
 * @param neededPaths absolute paths that the account must be able to reach
 */
export async function chooseAccount(clusterDir: string, neededPaths: string[]): Promise<PostgresAccount> {
  if (process.getuid?.() !== 0) return { owner: undefined, passesClosedFolders: false }
  const owner = (await ownerOf(clusterDir)) ?? (await findUnprivileged())
  const reachable = await Promise.all(neededPaths.map((path) => canReach(owner, path)))
  return { owner, passesClosedFolders: reachable.includes(false) }
}

/** Starts a program as the account, detached from our terminal: Ctrl-C must reach it through us, in our order. */
export function spawnAs(account: PostgresAccount, program: string, args: string[], stdio: StdioOptions): ChildProcess {
  const env = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' }
  const options = { env, stdio, cwd: '/', detached: true }
  const { owner } = account
  if (!owner) return spawn(program, args, options)
  if (!account.passesClosedFolders) return spawn(program, args, { ...options, uid: owner.uid, gid: owner.gid })
  return spawn('setpriv', [...stepDownFlags(owner), program, ...args], options)
}

/** Steps down from root like setuid, but keeps the right to read and to pass folders. `no_setuid_fixup` is for access(2). */
function stepDownFlags(owner: { uid: number; gid: number }): string[] {
  const ids = [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups']
  return [...ids, '--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search', '--securebits=+no_setuid_fixup']
}

async function ownerOf(clusterDir: string) {
  try {
    const { uid, gid } = await stat(clusterDir)
    return uid === 0 ? undefined : { name: `number ${uid}`, uid, gid }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

async function findUnprivileged() {
  for (const name of UNPRIVILEGED_NAMES) {
    try {
      const [user, group] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
      return { name, uid: Number(user.stdout), gid: Number(group.stdout) }
    } catch {
      // No such account here: the next one.
    }
  }
  throw new LocalError('PostgreSQL does not run as root: start as another user, or set DATABASE_URL.')
}

/** Looks at the folders above the path only, and at the plain permission bits: what access lists add, setpriv covers. */
async function canReach(owner: { uid: number; gid: number }, path: string): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { uid, gid, mode } = await stat(folder)
    const bit = uid === owner.uid ? 0o100 : gid === owner.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
    if (folder === dirname(folder)) return true
  }
}
