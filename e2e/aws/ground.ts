import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAuthority, type Authority } from '../../apps/server/test/certificates.ts'
import { docker, run, tryRun, type Outcome } from '../containers/harness/command.ts'
import { until } from '../containers/harness/until.ts'
import { databaseDomain, type Deployed } from '../../deploy/aws/test/deployed.ts'

/** What AWS has around the application, under the names that the template gives: each speaks TLS alone. */
export type Ground = AsyncDisposable & {
  /** names of containers begin so */
  prefix: string
  /** the address of the resolver, which knows these names and no others */
  resolver: string
  /** a registry on a port of this machine, in which what is pushed can be pulled under AWS's name */
  registry: { pushTo: string; password: string }
  /** the authorities that vouch for AWS: what every program trusts, and what comes from the trust store */
  publicAuthority: Authority
  /** what Secrets Manager keeps, by id */
  secrets: Map<string, string>
  /** the container of the trust store, which can be made to keep people waiting */
  trustStore: string
  /** runs SQL in a database with a user and password, over TLS unless told otherwise */
  sql: (
    as: { user: string; password: string; sslMode?: string; database?: string },
    statement: string,
  ) => Promise<Outcome>
}

const password = () => crypto.randomUUID().replaceAll('-', '')

/** Starts all of it on the engine's default network. Dispose of it, and nothing is left. */
export async function startGround(deployed: Deployed): Promise<Ground> {
  const stack = new AsyncDisposableStack()
  try {
    const prefix = `sk-aws-${crypto.randomUUID().slice(0, 8)}`
    const folder = await mkdtemp(join(tmpdir(), `${prefix}-`))
    stack.defer(() => rm(folder, { recursive: true, force: true }))
    const [publicAuthority, databaseAuthority] = [await createAuthority(), await createAuthority()]
    stack.use(publicAuthority)
    stack.use(databaseAuthority)
    const start = startOn(stack, prefix)
    const scene: Scene = { deployed, folder, prefix, start, publicAuthority, databaseAuthority }
    const services = await buildServices(stack, prefix)
    const secrets = makeSecrets(deployed)
    const database = await startDatabase(scene, secrets)
    const cache = await startCache(scene, secrets)
    const trustStore = await startTrustStore(scene)
    const registry = await startRegistry(scene, services)
    const addresses = {
      ...Object.fromEntries(deployed.databases.map((name) => [name, database])),
      ...{ [deployed.cache]: cache, [TRUST_STORE]: trustStore, [deployed.registry]: registry.container },
      // A name that leads somewhere, where nobody takes mails.
      [deployed.config.mail.server]: trustStore,
    }
    const known: string[] = []
    for (const [name, container] of Object.entries(addresses))
      known.push(`--address=/${name}/${await addressOf(container)}`)
    const resolver = await start('resolver', [services, 'dnsmasq', '--keep-in-foreground', '--no-resolv', ...known])
    return {
      ...{ prefix, publicAuthority, secrets, registry, trustStore },
      resolver: await addressOf(resolver),
      sql: ({ user, password: secret, sslMode = 'require', database: name = 'slotkeeper' }, statement) => {
        const place = `host=127.0.0.1 dbname=${name} user=${user} password=${secret} sslmode=${sslMode}`
        return tryRun('docker', ['exec', database, 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', place, '-c', statement])
      },
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

const TRUST_STORE = 'truststore.pki.rds.amazonaws.com'

type Start = (name: string, args: string[]) => Promise<string>
type Scene = {
  deployed: Deployed
  folder: string
  prefix: string
  start: Start
  publicAuthority: Authority
  databaseAuthority: Authority
}

function startOn(stack: AsyncDisposableStack, prefix: string): Start {
  return async (name, args) => {
    const container = `${prefix}-${name}`
    stack.defer(async () => {
      await tryRun('docker', ['rm', '--force', '--volumes', container])
    })
    await docker('run', '--detach', '--name', container, ...args)
    return container
  }
}

async function addressOf(container: string): Promise<string> {
  return (await docker('inspect', '--format', '{{.NetworkSettings.IPAddress}}', container)).trim()
}

async function buildServices(stack: AsyncDisposableStack, prefix: string): Promise<string> {
  const image = `${prefix}-services`
  await docker('build', '--quiet', '--tag', image, join(import.meta.dirname, 'services'))
  stack.defer(async () => {
    await tryRun('docker', ['image', 'rm', '--force', image])
  })
  return image
}

/** Generated as the data stack has AWS generate them; what people enter is still empty, as after the first deployment. */
function makeSecrets({ secretId, databases: [host] }: Deployed): Map<string, string> {
  const user = (username: string) =>
    JSON.stringify({ username, password: password(), host, port: 5432, engine: 'postgres' })
  const entered = { MAIL_USERNAME: '', MAIL_PASSWORD: '', SENTRY_DSN: '', SECRET_KEY_PREVIOUS: '' }
  return new Map([
    [secretId('Admin'), user('slotkeeper_admin')],
    [secretId('Owner'), user('slotkeeper_owner')],
    [secretId('App'), user('slotkeeper')],
    [secretId('Cache'), password()],
    [secretId('Application'), JSON.stringify({ ...entered, SECRET_KEY: password() + password() })],
  ])
}

/** A folder with what a service shows to prove its name, which it can read whoever it runs as. */
async function proofOf(scene: Scene, authority: Authority, hostname: string): Promise<string> {
  const { certFile, keyFile } = await authority.issue(hostname)
  const folder = join(scene.folder, hostname.replace('*', 'any'))
  await mkdir(folder)
  await run('cp', [certFile, join(folder, 'tls.crt')])
  await run('cp', [keyFile, join(folder, 'tls.key')])
  await chmod(join(folder, 'tls.key'), 0o644)
  await chmod(folder, 0o755)
  await chmod(scene.folder, 0o755)
  return folder
}

/** As RDS: the superuser is AWS's own, its master user makes roles and databases, and nobody comes in without TLS. */
async function startDatabase(scene: Scene, secrets: Map<string, string>): Promise<string> {
  const { deployed, databaseAuthority, start } = scene
  const proof = await proofOf(scene, databaseAuthority, `*.${databaseDomain(deployed.config.region)}`)
  await writeFile(join(proof, 'hba.conf'), 'local all all trust\nhostssl all all all scram-sha-256\n')
  const script = [
    'install -d -o postgres -m 0700 /tls && install -o postgres -m 0600 /proof/* /tls',
    'exec docker-entrypoint.sh postgres -c ssl=on -c ssl_cert_file=/tls/tls.crt -c ssl_key_file=/tls/tls.key -c hba_file=/tls/hba.conf',
  ].join('\n')
  const own = ['--env', 'POSTGRES_USER=rdsadmin', '--env', `POSTGRES_PASSWORD=${password()}`]
  const container = await start('database', [
    ...own,
    ...['--volume', `${proof}:/proof:ro`, '--entrypoint', 'bash', 'postgres:18-bookworm', '-ec', script],
  ])
  const isReady = ['exec', container, 'pg_isready', '--quiet', '--host', '127.0.0.1', '--username', 'rdsadmin']
  await until(async () => (await tryRun('docker', isReady)).code === 0, 120)
  const master = JSON.parse(secrets.get(deployed.secretId('Admin')) ?? '{}') as Record<string, string>
  const statement = `create role ${master['username']} login createrole createdb password '${master['password']}'`
  await docker('exec', container, 'psql', '--username', 'rdsadmin', '--dbname', 'postgres', '--command', statement)
  return container
}

async function startCache(scene: Scene, secrets: Map<string, string>): Promise<string> {
  const { deployed, publicAuthority, start } = scene
  const proof = await proofOf(scene, publicAuthority, deployed.cache)
  const tls = ['--port', '0', '--tls-port', '6379', '--tls-auth-clients', 'no']
  const files = ['--tls-cert-file', '/proof/tls.crt', '--tls-key-file', '/proof/tls.key']
  const secret = ['--requirepass', secrets.get(deployed.secretId('Cache')) ?? '']
  return await start('cache', [
    '--volume',
    `${proof}:/proof:ro`,
    'redis:8-bookworm',
    'redis-server',
    ...tls,
    ...files,
    ...secret,
  ])
}

/** Serves the certificates of those who vouch for databases, where the template looks for them. */
async function startTrustStore(scene: Scene): Promise<string> {
  const { deployed, publicAuthority, databaseAuthority, start } = scene
  const proof = await proofOf(scene, publicAuthority, TRUST_STORE)
  const { region } = deployed.config
  const configuration =
    'server { listen 443 ssl; ssl_certificate /proof/tls.crt; ssl_certificate_key /proof/tls.key; root /bundles; }'
  await writeFile(join(proof, 'nginx.conf'), configuration)
  await mkdir(join(proof, region))
  await run('cp', [databaseAuthority.caFile, join(proof, region, `${region}-bundle.pem`)])
  return await start('trust-store', [
    ...['--volume', `${proof}:/proof:ro`, '--volume', `${proof}:/bundles:ro`],
    ...['--volume', `${join(proof, 'nginx.conf')}:/etc/nginx/conf.d/default.conf:ro`, 'nginx:stable'],
  ])
}

async function startRegistry(scene: Scene, image: string) {
  const { deployed, publicAuthority, start } = scene
  const proof = await proofOf(scene, publicAuthority, deployed.registry)
  const secret = password()
  const settings = {
    REGISTRY_HTTP_ADDR: ':443',
    REGISTRY_HTTP_TLS_CERTIFICATE: '/proof/tls.crt',
    REGISTRY_HTTP_TLS_KEY: '/proof/tls.key',
    REGISTRY_AUTH_HTPASSWD_REALM: 'registry',
    REGISTRY_AUTH_HTPASSWD_PATH: '/tmp/htpasswd',
    SECRET: secret,
  }
  const environment = Object.entries(settings).flatMap(([name, value]) => ['--env', `${name}=${value}`])
  const script =
    'htpasswd -Bbn AWS "$SECRET" > /tmp/htpasswd\nexec docker-registry serve /etc/docker/registry/config.yml'
  const container = await start('registry', [
    ...['--publish', '127.0.0.1::443', '--volume', `${proof}:/proof:ro`, ...environment, image, 'sh', '-ec', script],
  ])
  const [pushTo = ''] = (await docker('port', container, '443')).split('\n')
  return { container, pushTo, password: secret }
}
