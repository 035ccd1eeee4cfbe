import { existsSync } from 'node:fs'
import { findChromium } from '../shared/chromium.ts'
import { runCommand } from '../shared/run-command.ts'

type Need = { what: string; debianPackage: string; isThere: () => Promise<boolean> }

const NEEDS: Need[] = [
  { what: 'redis-server', debianPackage: 'redis-server', isThere: () => canRun('redis-server') },
  { what: 'Chromium', debianPackage: 'chromium', isThere: async () => findChromium() !== undefined },
]

/** The server that the trial of the pipeline starts for itself. */
export const SSHD = '/usr/sbin/sshd'
export const SSH_NEEDS: Need[] = [
  { what: 'sshd', debianPackage: 'openssh-server', isThere: async () => existsSync(SSHD) },
]

/**
 * Makes sure that what npm cannot install is there, installing it where we may: as root on Debian or Ubuntu.
 * @returns one sentence that says what is missing and how to get it; undefined when all is there
 */
export async function ensureSystemNeeds(say: (line: string) => void, needs = NEEDS): Promise<string | undefined> {
  const missing = await missingOf(needs)
  if (missing.length === 0) return undefined
  const packages = missing.map(({ debianPackage }) => debianPackage)
  const mayInstall = process.getuid?.() === 0 && (await canRun('apt-get'))
  if (!mayInstall) return explain(missing)
  say(`Installing ${packages.join(' and ')} from the system's packages`)
  // In this run level, no server is started by being installed.
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  await runCommand('apt-get', ['update', '-q'], { env })
  const { ok, output } = await runCommand('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], {
    env,
  })
  if (!ok) say(output.trimEnd().split('\n').slice(-5).join('\n'))
  const still = await missingOf(needs)
  return still.length === 0 ? undefined : explain(still)
}

async function missingOf(needs: Need[]): Promise<Need[]> {
  const found = await Promise.all(needs.map((need) => need.isThere()))
  return needs.filter((_, index) => !found[index])
}

async function canRun(command: string): Promise<boolean> {
  return (await runCommand(command, ['--version'])).ok
}

function explain(missing: Need[]): string {
  const names = missing.map(({ what }) => what).join(' and ')
  const packages = missing.map(({ debianPackage }) => debianPackage).join(' ')
  const browser = names.includes('Chromium') ? ', and CHROMIUM_PATH may name the browser' : ''
  return `The tests need ${names}. Debian and Ubuntu: apt-get install ${packages}; elsewhere: by the package manager${browser}.`
}
