import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, copyFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from '../../apps/server/src/local/embedded-postgres.ts'
import { findFreePort } from '../../apps/server/src/local/free-port.ts'
import { startMailInbox } from '../../apps/server/src/local/mail-inbox.ts'
import { createAuthority, type Certificate } from '../../apps/server/test/certificates.ts'

/** What the add-ons put into the config vars. */
export type AddOns = AsyncDisposable & { vars: Record<string, string>; inboxUrl: string }

const USER = 'u3k2v9'
const PASSWORD = 'p4e1b7'

/**
 * PostgreSQL with one user who owns a database and is no superuser, and Redis: both speak TLS alone, with certificates that
 * nobody vouches for, as the platform's add-ons do. The mails go to an inbox of this machine.
 */
export async function startAddOns(): Promise<AddOns> {
  const stack = new AsyncDisposableStack()
  try {
    const authority = await createAuthority()
    stack.use(authority)
    const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-add-ons-'))
    stack.defer(() => rm(folder, { recursive: true, force: true }))
    const certificate = await authority.issue('somewhere.example.com')
    const databaseUrl = await startPostgres(stack, join(folder, 'postgres'), certificate)
    const redisUrl = await startRedis(stack, certificate)
    const inbox = await startMailInbox(join(folder, 'mail'))
    stack.defer(inbox.stop)
    const mail = { MAIL_SERVER: inbox.smtpHost, MAIL_PORT: String(inbox.smtpPort), MAIL_USERNAME: '' }
    return {
      inboxUrl: inbox.url,
      vars: { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, ...mail },
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

async function startPostgres(stack: AsyncDisposableStack, dataDir: string, { certFile, keyFile }: Certificate) {
  await (await startEmbeddedPostgres({ dataDir })).stop()
  const cluster = join(dataDir, 'cluster')
  const { uid, gid } = await stat(cluster)
  const files = { cert: join(cluster, 'server.crt'), key: join(cluster, 'server.key'), hba: join(cluster, 'tls.conf') }
  await copyFile(certFile, files.cert)
  await copyFile(keyFile, files.key)
  const access = `host all slotkeeper 127.0.0.1/32 scram-sha-256\nhostssl all ${USER} 127.0.0.1/32 scram-sha-256\n`
  await writeFile(files.hba, access)
  for (const file of Object.values(files)) await chown(file, uid, gid)
  const settings = { ssl: 'on', ssl_cert_file: files.cert, ssl_key_file: files.key, hba_file: files.hba }
  const postgres = await startEmbeddedPostgres({ dataDir, settings })
  stack.defer(() => postgres.stop())
  const superuser = new pg.Client({ connectionString: postgres.ownerUrl })
  await superuser.connect()
  await superuser.query(`create role ${USER} login password '${PASSWORD}'`)
  await superuser.query(`create database d8h5 owner ${USER}`)
  await superuser.end()
  return `postgres://${USER}:${PASSWORD}@127.0.0.1:${postgres.port}/d8h5`
}

async function startRedis(stack: AsyncDisposableStack, { certFile, keyFile }: Certificate): Promise<string> {
  const port = await findFreePort(0, '127.0.0.1')
  const tls = ['--tls-port', String(port), '--tls-cert-file', certFile, '--tls-key-file', keyFile]
  const rest = [
    '--port',
    '0',
    '--tls-auth-clients',
    'no',
    '--requirepass',
    PASSWORD,
    '--save',
    '',
    '--bind',
    '127.0.0.1',
  ]
  const redis = spawn('redis-server', [...tls, ...rest], { stdio: ['ignore', 'pipe', 'inherit'] })
  stack.defer(async () => {
    redis.kill()
    await once(redis, 'exit')
  })
  for await (const chunk of redis.stdout) if (String(chunk).includes('Ready to accept')) break
  redis.stdout.resume()
  return `rediss://:${PASSWORD}@127.0.0.1:${port}`
}
