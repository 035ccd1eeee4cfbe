import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import pg from 'pg'
import { inject } from 'vitest'
import { createAuth } from '../src/auth/auth.ts'
import { loadConfig, type Config } from '../src/config/config.ts'
import { openDatabase, type Database } from '../src/db/database.ts'
import { migrateUp } from '../src/db/migrate.ts'
import { buildApp } from '../src/http/app.ts'
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
    /** headers of somebody who is a member with that role */
    signIn: (role: Role) => Promise<{ cookie: string }>
    /** runs SQL as the superuser, past row-level security */
    sql: <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>
  }

export type WorldOptions = { now?: string; rateLimit?: 'on' | 'off' }

/** The Monday that tests live on unless they say otherwise: 09:00 in Berlin. */
const MONDAY = '2026-03-02T08:00:00Z'

/** Builds a world from the migrated template. Dispose of it, and nothing is left. */
export async function createWorld({ now = MONDAY, rateLimit = 'off' }: WorldOptions = {}): Promise<World> {
  const stack = new AsyncDisposableStack()
  const { url, drop } = await copyTemplate(inject('postgresUrl'))
  stack.defer(drop)
  const config = configOf(url, rateLimit)
  const db = await openDatabase({ url, poolSize: 12, onError: () => undefined })
  stack.defer(db.close)
  const superuser = new pg.Pool({ connectionString: url, max: 2 })
  superuser.on('error', () => undefined)
  stack.defer(() => superuser.end())
  const clock = testClock(now)
  const auth = await createAuth(config, () => undefined)
  stack.defer(() => auth.close())
  const state = { draining: false }
  const app = await buildApp({ config, db, clock, auth, redis: undefined, state, logger: undefined })
  stack.defer(() => app.close())
  await app.ready()
  const cast = await fill(db, clock.nowMs())
  return {
    ...{ db, config, clock, ...cast },
    inject: (request) => app.inject(request),
    signIn: async (role) => {
      const email = `${role}-${newId(clock.nowMs())}@example.com`
      const password = 'correct horse battery'
      const userId = await auth.createUser({ name: `The ${role}`, email, password })
      await superuser.query('insert into member (organization_id, id, user_id, role) values ($1, $2, $3, $4)', [
        ...[cast.organizationId, newId(clock.nowMs()), userId, role],
      ])
      const answer = await app.inject({
        method: 'POST',
        url: '/api/auth/sign-in/email',
        headers: { origin: config.publicUrl },
        payload: { email, password },
      })
      return { cookie: answer.cookies.map((cookie) => `${cookie.name}=${cookie.value}`).join('; ') }
    },
    sql: async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
      (await superuser.query<Row>(text, values)).rows,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** An empty, migrated database of its own, for tests that need no business in it. */
export async function copyTemplate(serverUrl: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const template = await ensureTemplate(serverUrl)
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

function configOf(databaseUrl: string, rateLimit: string): Config {
  return loadConfig({
    DATABASE_URL: databaseUrl,
    SECRET_KEY: 'a key for tests that is long enough to be taken',
    PUBLIC_URL: 'http://localhost:5000',
    MAIL_SERVER: 'localhost',
    LOG_LEVEL: 'silent',
    RATE_LIMIT: rateLimit,
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
