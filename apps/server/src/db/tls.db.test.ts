import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, copyFile, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAuthority, type Authority, type Certificate } from '../../test/certificates.ts'
import { loadConfig } from '../config/config.ts'
import { startEmbeddedPostgres } from '../local/embedded-postgres.ts'
import { findFreePort } from '../local/free-port.ts'
import { openDatabase } from './database.ts'
import { connectRedis } from './redis.ts'

const ENOUGH = {
  SECRET_KEY: 'k7Wq0pX2vN9sR4tY6uZ1aB3cD5eF8gH0',
  PUBLIC_URL: 'https://book.example.com',
  MAIL_SERVER: 'localhost',
}

let own: Authority
let other: Authority

beforeAll(async () => {
  own = await createAuthority()
  other = await createAuthority()
})
afterAll(async () => {
  await own[Symbol.asyncDispose]()
  await other[Symbol.asyncDispose]()
})

describe('a PostgreSQL that speaks TLS alone', () => {
  const stack = new AsyncDisposableStack()
  const urls = { right: '', wrongHost: '' }

  beforeAll(async () => {
    urls.right = await startPostgres(await own.issue('localhost'))
    urls.wrongHost = await startPostgres(await own.issue('db.example.com'))
  })
  afterAll(() => stack.disposeAsync())

  /** Starts a cluster with this certificate. The key has to belong to the account that the server works as. */
  async function startPostgres({ certFile, keyFile }: Certificate): Promise<string> {
    const dataDir = await mkdtemp(join(tmpdir(), 'slotkeeper-tls-'))
    stack.defer(() => rm(dataDir, { recursive: true, force: true }))
    await (await startEmbeddedPostgres({ dataDir })).stop()
    const cluster = join(dataDir, 'cluster')
    const { uid, gid } = await stat(cluster)
    const files = { cert: join(cluster, 'server.crt'), key: join(cluster, 'server.key') }
    await copyFile(certFile, files.cert)
    await copyFile(keyFile, files.key)
    for (const file of Object.values(files)) await chown(file, uid, gid)
    const settings = { ssl: 'on', ssl_cert_file: files.cert, ssl_key_file: files.key }
    const postgres = await startEmbeddedPostgres({ dataDir, settings })
    stack.defer(() => postgres.stop())
    return postgres.ownerUrl.replace('127.0.0.1', 'localhost')
  }

  /** Whether the connection is encrypted; or why there is none. */
  async function connect(url: string, env: Record<string, string>): Promise<string> {
    const { databaseUrl } = loadConfig({ ...ENOUGH, ...env, DATABASE_URL: url })
    try {
      const db = await openDatabase({ url: databaseUrl, poolSize: 1, onError: () => undefined })
      const { rows } = await db.pool.query<{ ssl: boolean }>('select ssl from pg_stat_ssl where pid = pg_backend_pid()')
      await db.close()
      return rows[0]?.ssl ? 'encrypted' : 'plain'
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : String(error)
    }
  }

  test('is trusted by the certificate of its own authority', async () => {
    expect(await connect(urls.right, { DATABASE_CA_FILE: own.caFile })).toBe('encrypted')
  })

  test('is refused when another authority vouches for it', async () => {
    expect(await connect(urls.right, { DATABASE_CA_FILE: other.caFile })).not.toMatch(/^(?:encrypted|plain)$/)
    expect(await connect(urls.right, { PGSSLMODE: 'verify-full' })).not.toMatch(/^(?:encrypted|plain)$/)
  })

  test('is refused when its certificate is of another host', async () => {
    expect(await connect(urls.wrongHost, { DATABASE_CA_FILE: own.caFile })).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  })

  test('is taken as it is where the address or the platform asks for encryption alone', async () => {
    expect(await connect(`${urls.wrongHost}?sslmode=require`, {})).toBe('encrypted')
    expect(await connect(urls.wrongHost, { PGSSLMODE: 'no-verify' })).toBe('encrypted')
    expect(await connect(`${urls.wrongHost}?sslmode=disable`, { PGSSLMODE: 'require' })).toBe('plain')
  })
})

describe('a Redis that speaks TLS alone', () => {
  const stack = new AsyncDisposableStack()
  let url = ''
  let wrongHostUrl = ''

  beforeAll(async () => {
    url = await startRedis(await own.issue('localhost'))
    wrongHostUrl = await startRedis(await own.issue('redis.example.com'))
  })
  afterAll(() => stack.disposeAsync())

  async function startRedis({ certFile, keyFile }: Certificate): Promise<string> {
    const port = await findFreePort(0, '127.0.0.1')
    const tls = ['--tls-port', String(port), '--tls-cert-file', certFile, '--tls-key-file', keyFile]
    const flags = ['--port', '0', ...tls, '--tls-auth-clients', 'no', '--save', '', '--appendonly', 'no']
    const redis = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'inherit'] })
    stack.defer(async () => {
      redis.kill()
      await once(redis, 'exit')
    })
    for await (const line of redis.stdout.setEncoding('utf8')) if (String(line).includes('Ready to accept')) break
    return `rediss://localhost:${port}`
  }

  async function connect(address: string, env: Record<string, string>): Promise<string> {
    const { redisUrl = '', redisTls } = loadConfig({
      ...{ ...ENOUGH, DATABASE_URL: 'postgres://localhost/x', REDIS_URL: address },
      ...env,
    })
    const redis = connectRedis(redisUrl, () => undefined, redisTls)
    try {
      await Promise.race([once(redis, 'ready'), once(redis, 'close')])
      return redis.status
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : String(error)
    } finally {
      redis.disconnect()
    }
  }

  test('is trusted by the certificate of its own authority', async () => {
    expect(await connect(url, { REDIS_CA_FILE: own.caFile })).toBe('ready')
  })

  test('is refused by any other, or under another name', async () => {
    expect(await connect(url, { REDIS_CA_FILE: other.caFile })).not.toBe('ready')
    expect(await connect(url, {})).not.toBe('ready')
    expect(await connect(wrongHostUrl, { REDIS_CA_FILE: own.caFile })).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  })

  test('is taken as it is where the check is off', async () => {
    expect(await connect(wrongHostUrl, { REDIS_TLS_VERIFY: 'off' })).toBe('ready')
  })
})
