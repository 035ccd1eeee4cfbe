import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import pg from 'pg'
import type { DestinationStream } from 'pino'
import { afterAll, beforeAll, expect, inject } from 'vitest'
import { createAuth } from '../src/auth/auth.service.ts'
import { loadConfig, type Config } from '../src/config/config.ts'
import { databaseOptions, openDatabase, type Database } from '../src/db/database.ts'
import { migrateUp } from '../src/db/migrate.ts'
import { connectRedis } from '../src/db/redis.ts'
import { buildApp } from '../src/http/app.ts'
import { MaintenanceWatch } from '../src/maintenance/maintenance.service.ts'
import { createLogger } from '../src/observe/log.ts'
import type { Role } from '../src/shared/role.ts'
import { newId } from '../src/shared/id.ts'
import { fill, type Cast } from './cast.ts'

/** A clock that stands still until a test moves it. */
export type TestClock = { nowMs: () => number; set: (instant: string) => void; advance: (ms: number) => void }

/** One business in a database of its own, with the whole application over it. */
export type World = AsyncDisposable &
  Cast & {
    db: Database
    config: Config
    clock: TestClock
    /** asks the application, without a socket */
    inject: (request: InjectOptions) => Promise<LightMyRequestResponse>
    /** headers of somebody who is a member with that role; of the world's business unless another is named */
    signIn: (role: Role, organizationId?: string) => Promise<{ cookie: string }>
    /** adds another business to the same database */
    addBusiness: (slug: string) => Promise<Cast>
    /** starts a second instance over the same database or another, which knows nothing of what the first has read */
    addInstance: (databaseUrl?: string) => Promise<Pick<World, 'db' | 'inject'>>
    /** lets the application listen on a port of its own, and end as a web process ends */
    listen: () => Promise<{ address: string; close: () => Promise<void> }>
    /** runs SQL as the superuser, past row-level security */
    sql: <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>
  }

export type WorldOptions = {
  now?: string
  rateLimit?: 'on' | 'off'
  /** settings that replace the usual ones */
  env?: Record<string, string>
  /** takes what the application logs */
  log?: DestinationStream
  /** reads from a replica that is of the time when the world began, and stays so */
  frozenReplica?: boolean
}

/** The Monday that tests live on unless they say otherwise: 09:00 in Berlin. */
const MONDAY = '2026-03-02T08:00:00Z'

/** Builds a world from the migrated template. Dispose of it, and nothing is left. */
export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const { now = MONDAY, rateLimit = 'off', frozenReplica = false, env = {}, log } = options
  const stack = new AsyncDisposableStack()
  const { url, drop } = await copyTemplate(inject('postgresUrl'))
  stack.defer(drop)
  const clock = testClock(now)
  const filled = frozenReplica ? await fillAndCopy(stack, url, clock) : undefined
  const config = configOf({ DATABASE_URL: url, RATE_LIMIT: rateLimit, ...filled?.env, ...env })
  const superuser = new pg.Pool({ connectionString: url, max: 2 })
  superuser.on('error', () => undefined)
  stack.defer(() => superuser.end())
  const { app, auth, db } = await startInstance(stack, { config, clock, log })
  const cast = filled?.cast ?? (await fill(db, clock.nowMs()))
  return {
    ...{ db, config, clock, ...cast },
    inject: (request) => app.inject(request),
    signIn: async (role, organizationId = cast.organizationId) => {
      const email = `${role}-${newId(clock.nowMs())}@example.com`
      const password = 'correct horse battery'
      const userId = await auth.createUser({ name: `The ${role}`, email, password })
      await superuser.query('insert into member (organization_id, id, user_id, role) values ($1, $2, $3, $4)', [
        ...[organizationId, newId(clock.nowMs()), userId, role],
      ])
      const answer = await app.inject({
        method: 'POST',
        url: '/api/auth/sign-in/email',
        headers: { origin: config.publicUrl },
        payload: { email, password },
      })
      return { cookie: answer.cookies.map((cookie) => `${cookie.name}=${cookie.value}`).join('; ') }
    },
    addBusiness: (slug) => fill(db, clock.nowMs(), slug),
    addInstance: async (databaseUrl = config.databaseUrl) => {
      const instance = await startInstance(stack, { config: { ...config, databaseUrl }, clock, log })
      return { db: instance.db, inject: (request) => instance.app.inject(request) }
    },
    listen: async () => ({
      address: await app.listen({ port: 0, host: '127.0.0.1' }),
      close: async () => app.close(),
    }),
    sql: async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
      (await superuser.query<Row>(text, values)).rows,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** One world for all tests of the file or block, for those that leave it as it was. */
export function sharedWorld(options: WorldOptions = {}): () => World {
  let world: World | undefined
  beforeAll(async () => {
    world = await createWorld(options)
  })
  afterAll(() => world?.[Symbol.asyncDispose]())
  return () => world ?? expect.unreachable('The world is there once the tests run')
}

/** A database can be copied while nobody is connected to it: before the application is. */
async function fillAndCopy(stack: AsyncDisposableStack, url: string, clock: TestClock) {
  const db = await openDatabase({ url, poolSize: 1, onError: () => undefined })
  const cast = await fill(db, clock.nowMs())
  await db.close()
  const copy = await copyDatabase(inject('postgresUrl'), new URL(url).pathname.slice(1))
  stack.defer(copy.drop)
  return { cast, env: { DATABASE_REPLICA_URL: copy.url } }
}

type InstanceDeps = { config: Config; clock: TestClock; log: DestinationStream | undefined }

async function startInstance(stack: AsyncDisposableStack, { config, clock, log }: InstanceDeps) {
  const ignore = () => undefined
  const db = await openDatabase({ ...databaseOptions(config, ignore), poolSize: 12 })
  stack.defer(db.close)
  const redis = config.redisUrl ? connectRedis(config.redisUrl, ignore, config.redisTls) : undefined
  stack.defer(() => redis?.disconnect())
  const auth = await createAuth(config, ignore)
  stack.defer(() => auth.close())
  const state = { draining: false }
  const logger = log && createLogger('web', config, log)
  const maintenance = new MaintenanceWatch({ db, clock })
  const app = await buildApp({ config, db, clock, auth, redis, state, maintenance, logger })
  stack.defer(() => app.close())
  await app.ready()
  return { app, auth, db }
}

/** An empty, migrated database of its own, for tests that need no business in it. */
export async function copyTemplate(serverUrl: string): Promise<{ url: string; drop: () => Promise<void> }> {
  return copyDatabase(serverUrl, await ensureTemplate(serverUrl))
}

async function copyDatabase(serverUrl: string, template: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `world_${newId(Date.now()).replaceAll('-', '')}`
  await run(serverUrl, `create database ${name} template ${template}`)
  return { url: urlOf(serverUrl, name), drop: () => run(serverUrl, `drop database if exists ${name} with (force)`) }
}

/** The migrated template: made by the first who needs it, named after the migrations it stands for. */
async function ensureTemplate(serverUrl: string): Promise<string> {
  const folder = join(import.meta.dirname, '..', 'migrations')
  const hash = createHash('sha256')
  for (const file of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, file)))
  hash.update(readFileSync(join(import.meta.dirname, '..', 'src', 'db', 'permissions.sql')))
  const name = `template_${hash.digest('hex').slice(0, 16)}`
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock(1)')
    const found = await client.query('select 1 from pg_database where datname = $1', [name])
    if (found.rowCount === 0) {
      await client.query(`create database ${name}_new`)
      await migrateUp({ databaseOwnerUrl: urlOf(serverUrl, `${name}_new`) })
      await client.query(`alter database ${name}_new rename to ${name}`)
    }
    return name
  } finally {
    await client.end()
  }
}

async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.href
}

function configOf(env: Record<string, string>): Config {
  return loadConfig({
    SECRET_KEY: 'a key for tests that is long enough to be taken',
    PUBLIC_URL: 'http://localhost:5000',
    MAIL_SERVER: 'localhost',
    LOG_LEVEL: 'silent',
    SIGN_UP: 'open',
    ...env,
  })
}

function testClock(now: string): TestClock {
  let nowMs = Date.parse(now)
  return {
    nowMs: () => nowMs,
    set: (instant) => void (nowMs = Date.parse(instant)),
    advance: (ms) => void (nowMs += ms),
  }
}
