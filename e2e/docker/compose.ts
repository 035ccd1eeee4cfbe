import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeSetting } from '../../deploy/rollout/env-file.ts'
import { findFreePort } from '../../apps/server/src/local/free-port.ts'
import { ROOT, runCommand } from '../../scripts/shared/run-command.ts'

const FOLDER = join(ROOT, 'deploy', 'compose')

/** All visitors of a test come from one address: what nginx would keep them from. */
export const OPEN_DOORS = {
  REQUESTS_PER_SECOND: '100000',
  REQUESTS_BURST: '100000',
  CONNECTIONS_PER_VISITOR: '5000',
}

/** And the application, which a production does without only when somebody says why. */
export const NO_LIMITS = {
  ...{ RATE_LIMIT: 'off', SIGN_UP: 'open' },
  ACCEPTED_RISKS: 'rate-limit-off: all visitors of a test are one; sign-up-open: and sign up',
}

/** The production set-up, running under a name and on ports of its own. */
export type Stack = AsyncDisposable & {
  /** where nginx answers, by TLS */
  url: string
  project: string
  envFile: string
  /** runs `docker compose` on it; rejects with what it printed when it fails */
  compose: (...args: string[]) => Promise<string>
  /** runs SQL as the superuser, one value a line */
  sql: (text: string) => Promise<string[]>
  /** changes settings, and starts anew what they concern */
  set: (settings: Record<string, string>) => Promise<void>
  /** the ids of the running containers of a service */
  containers: (service: string) => Promise<string[]>
}

/** Runs docker; rejects with what it printed when it fails. */
export async function docker(...args: string[]): Promise<string> {
  const { ok, output } = await runCommand('docker', args)
  if (!ok)
    throw new Error(`docker ${args.slice(0, 6).join(' ')} failed:\n${output.trim().split('\n').slice(-20).join('\n')}`)
  return output.trim()
}

/** Builds the image under a version. */
export async function buildImage(version: string): Promise<void> {
  const args = ['build', '-q', '-f', 'deploy/docker/Dockerfile', '-t', `slotkeeper:${version}`]
  await docker(...args, '--build-arg', `VERSION=${version}`, '.')
}

/**
 * Starts all of it, as README.md tells: a .env with four values, and up; `prepare` makes beforehand what is to be there
 * under the project's name. Dispose of it, and nothing is left.
 */
export async function startStack(
  version: string,
  settings: Record<string, string> = {},
  prepare: (project: string) => Promise<void> = () => Promise.resolve(),
): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-compose-'))
  const base = 20_000 + Math.floor(Math.random() * 20_000)
  const httpPort = await findFreePort(base, '127.0.0.1')
  const httpsPort = await findFreePort(base + 1_000, '127.0.0.1')
  const env = {
    ...{ DOMAIN: 'localhost', MAIL_SERVER: 'mail.invalid', MAIL_USERNAME: 'somebody', MAIL_PASSWORD: 'secret' },
    ...{ SLOTKEEPER_VERSION: version, HTTP_PORT: String(httpPort), HTTPS_PORT: String(httpsPort) },
    PUBLIC_URL: `https://localhost:${httpsPort}`,
    ...settings,
  }
  const envFile = join(folder, '.env')
  await writeFile(
    envFile,
    Object.entries(env)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  )
  const project = `slotkeeper-${base}`
  const compose = (...args: string[]) =>
    docker('compose', '-p', project, '-f', join(FOLDER, 'compose.yaml'), '--env-file', envFile, ...args)
  const stop = async () => {
    await compose('down', '--volumes', '--timeout', '1')
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await prepare(project)
    await compose('up', '-d', '--wait')
  } catch (error) {
    await stop()
    throw error
  }
  return {
    ...{ url: env.PUBLIC_URL, project, envFile, compose },
    sql: async (text) =>
      (await compose('exec', '-T', '-u', 'postgres', 'db', 'psql', '-d', 'slotkeeper', '-Atc', text)).split('\n'),
    set: async (changed) => {
      for (const [name, value] of Object.entries(changed)) await writeSetting(envFile, name, value)
      await compose('up', '-d', '--wait')
    },
    containers: async (service) => (await compose('ps', '-q', service)).split('\n').filter(Boolean),
    [Symbol.asyncDispose]: stop,
  }
}
