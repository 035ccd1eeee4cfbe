import type { Claims } from '../docker/claims.ts'
import { tryRun } from '../containers/harness/command.ts'
import { runCommand } from '../../scripts/shared/run-command.ts'

/** What EC2 takes. */
const MOST_BYTES = 16_384

/** Looks at the user data as text, and at the programs that it writes down. */
export async function readUserData(userData: string, claims: Claims): Promise<void> {
  const bytes = Buffer.byteLength(userData)
  claims.check(`it has ${bytes} bytes; EC2 takes ${MOST_BYTES}`, bytes <= MOST_BYTES)
  await ensureShellcheck()
  const { code, stdout } = await tryRun('shellcheck', ['--shell', 'bash', '-'], { input: userData })
  claims.check('shellcheck finds nothing', code === 0, stdout)
}

async function ensureShellcheck(): Promise<void> {
  const isThere = async () => (await runCommand('shellcheck', ['--version'])).ok
  if (await isThere()) return
  if (process.getuid?.() === 0) {
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    await runCommand('apt-get', ['update', '-q'], { env })
    await runCommand('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'shellcheck'], { env })
  }
  if (!(await isThere())) throw new Error('shellcheck is needed. Debian and Ubuntu: apt-get install shellcheck')
}
