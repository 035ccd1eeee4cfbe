import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from '../../../apps/server/src/local/free-port.ts'
import { docker, run, tryRun, type Outcome } from './command.ts'
import { ROOT, type BuiltImage } from './image.ts'

/** The name under which tests reach an installation: it leads to this machine, and its certificate is for it. */
const DOMAIN = 'localhost'

/** What an operator has who followed deploy/compose/README.md: a folder, and containers that run from it. */
export type Installation = AsyncDisposable & {
  project: string
  /** a copy of deploy/, with its .env */
  folder: string
  url: string
  httpPort: number
  httpsPort: number
  /** the certificate that visitors see, as PEM */
  certificate: string
  /** `docker compose ...` in the folder; throws with what it said when it fails */
  compose: (...args: string[]) => Promise<string>
  /** the same, where failing is an answer */
  tryCompose: (...args: string[]) => Promise<Outcome>
  /** ids of the running containers of a service, oldest number first */
  containersOf: (service: string) => Promise<string[]>
  /** runs SQL as the superuser of the database, and answers its rows as lines, columns parted by | */
  sql: (statement: string) => Promise<string>
  /** changes or adds lines of the .env; `compose('up', '-d', '--wait')` takes them over */
  setEnvironment: (settings: Record<string, string>) => Promise<void>
}

export type InstallationOptions = {
  image: BuiltImage
  /** lines of the .env, beside the four values and the ports */
  settings?: Record<string, string>
}

/**
 * Installs and starts the product in an empty folder, on ports and under a name of its own, as deploy/compose/README.md
 * tells it. Dispose of it, and no container, network, volume or file is left.
 */
export async function startInstallation({ image, settings = {} }: InstallationOptions): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-docker-'))
  const project = `slotkeeper-${folder.slice(-6).toLowerCase()}`
  const [httpPort, httpsPort] = await freePorts()
  const url = `https://${DOMAIN}:${httpsPort}`
  const at = join(folder, 'compose')
  const tryCompose = (...args: string[]) =>
    tryRun('docker', ['compose', '--project-name', project, ...args], { cwd: at })
  const compose = (...args: string[]) => run('docker', ['compose', '--project-name', project, ...args], { cwd: at })
  const setEnvironment = (changes: Record<string, string>) => writeSettings(join(at, '.env'), changes)
  const remove = async () => {
    await tryCompose('--profile', '*', 'down', '--volumes', '--remove-orphans', '--timeout', '1')
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await cp(join(ROOT, 'deploy'), folder, { recursive: true })
    await cp(join(at, '.env.example'), join(at, '.env'))
    await setEnvironment({
      DOMAIN,
      MAIL_SERVER: 'mail.invalid',
      MAIL_USERNAME: 'slotkeeper',
      MAIL_PASSWORD: 'a password',
    })
    await setEnvironment({ SLOTKEEPER_IMAGE: image.name, SLOTKEEPER_VERSION: image.version })
    await setEnvironment({ POSTGRES_IMAGE: image.postgres, POSTGRES_VERSION: image.version })
    await setEnvironment({ HTTP_PORT: String(httpPort), HTTPS_PORT: String(httpsPort), PUBLIC_URL: url, ...settings })
    await compose('up', '--detach', '--wait', '--wait-timeout', '300')
    return {
      ...{ project, folder, url, httpPort, httpsPort, compose, tryCompose, setEnvironment },
      certificate: await compose('exec', '-T', 'nginx', 'cat', '/made/edge/tls.crt'),
      containersOf: async (service) => lines(await compose('ps', '--quiet', service)),
      sql: (statement) =>
        compose('exec', '-T', '-u', 'postgres', 'db', 'psql', '-XAtqd', 'slotkeeper', '-c', statement),
      [Symbol.asyncDispose]: remove,
    }
  } catch (error) {
    const { stdout } = await tryCompose('logs', '--no-color', '--tail', '20')
    await remove()
    throw new Error(`the installation did not start; its last words:\n${stdout}`, { cause: error })
  }
}

/** What `docker inspect` says of containers. */
export async function inspect(ids: string[]): Promise<Inspected[]> {
  return JSON.parse(await docker('inspect', ...ids)) as Inspected[]
}

/** The part of it that tests read. */
export type Inspected = {
  Name: string
  Config: { Image: string; User: string; Labels: Record<string, string>; Env: string[] }
  HostConfig: {
    ReadonlyRootfs: boolean
    CapDrop: string[] | null
    CapAdd: string[] | null
    SecurityOpt: string[] | null
    Privileged: boolean
    Memory: number
    Init: boolean | null
    RestartPolicy: { Name: string }
    LogConfig: { Type: string; Config: Record<string, string> }
    PortBindings: Record<string, unknown> | null
  }
  NetworkSettings: { Networks: Record<string, { IPAddress: string }> }
}

/** Lines of a text, without the empty ones. */
export function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}

async function freePorts(): Promise<[number, number]> {
  const first = 20_000 + Math.floor(Math.random() * 20_000)
  const http = await findFreePort(first, '127.0.0.1')
  return [http, await findFreePort(http + 1, '127.0.0.1')]
}

async function writeSettings(file: string, settings: Record<string, string>): Promise<void> {
  const names = Object.keys(settings)
  const kept = (await readFile(file, 'utf8'))
    .split('\n')
    .filter((line) => !names.some((name) => line.startsWith(`${name}=`)))
  const added = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
  await writeFile(file, `${[...kept.filter((line) => line !== ''), ...added].join('\n')}\n`)
}
