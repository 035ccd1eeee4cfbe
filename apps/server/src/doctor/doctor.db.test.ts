import { readFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import { once } from 'node:events'
import { Redis } from 'ioredis'
import { describe, expect, inject, test } from 'vitest'
import { createAuthority } from '../../test/certificates.ts'
import { startMailServer } from '../../test/mail-server.ts'
import { runMain, settingsFor, told } from '../../test/run-command.ts'
import { copyTemplate, createWorld } from '../../test/world.ts'
import { describeSettings } from '../config/describe.ts'
import { migrateDown } from '../db/migrate.ts'
import { withOwner } from '../db/owner.ts'
import { systemClock } from '../shared/clock.ts'
import type { Finding } from '../shared/finding.ts'
import { examine } from './doctor.service.ts'

/** A port on which nobody listens. */
const NOBODY = '1'

async function findingsOf(env: Record<string, string>): Promise<Map<string, Finding>> {
  const findings = await examine(describeSettings({ MAIL_PORT: NOBODY, ...env }), systemClock)
  return new Map(findings.map((finding) => [finding.name, finding]))
}

test('an installation in order has no failure, and its command ends with 0', async () => {
  await using mail = await startMailServer()
  await using world = await createWorld()
  await world.sql(`insert into backup_run (kind, started_at, ok) values ('full', now(), true)`)
  await world.sql(`insert into graphile_worker._private_known_crontabs values ('audit.seal', now(), now())`)
  const more = { MAIL_PORT: String(mail.port), REDIS_URL: `${inject('redisUrl')}/3` }
  const { code, out } = await runMain(['doctor', '--json'], settingsFor(world.config.databaseUrl, more))
  const result = told<{ ok: boolean; findings: Finding[] }>({ code, out, err: '' })
  expect(result.findings.filter(({ state }) => state === 'failed')).toEqual([])
  expect({ code, ok: result.ok }).toEqual({ code: 0, ok: true })
  const states = Object.fromEntries(result.findings.map(({ name, state }) => [name, state]))
  const names = ['PostgreSQL', 'PostgreSQL clock', 'PostgreSQL migrations', 'Redis', 'mail server', 'queue', 'worker']
  for (const name of [...names, 'backup', 'maintenance', 'retention', 'certificate of localhost'])
    expect({ name, state: states[name] }).toEqual({ name, state: 'ok' })
  expect(mail.received).toEqual([])
})

test('settings that are wrong are a table, not an end, and the command ends with 1', async () => {
  const { code, out } = await runMain(['doctor'], { PORT: 'many' })
  expect(code).toBe(1)
  expect(out).toMatch(/failed +setting DATABASE_URL +DATABASE_URL is missing/)
  expect(out).toMatch(/failed +setting PORT +PORT is wrong \(many\)/)
  expect(out).toMatch(/\d+ failed$/m)
})

describe('PostgreSQL', () => {
  test('that does not answer is one failure; what is elsewhere is looked at all the same', async () => {
    await using mail = await startMailServer()
    const env = settingsFor('postgres://app:unguessable@127.0.0.1:1/none', { MAIL_PORT: String(mail.port) })
    const found = await findingsOf(env)
    expect(found.get('PostgreSQL')).toMatchObject({ state: 'failed', found: expect.stringContaining('ECONNREFUSED') })
    expect(found.get('mail server')?.state).toBe('ok')
    expect(JSON.stringify([...found.values()])).not.toContain('unguessable')
  })

  test('with an older schema is a warning, as before a roll out, and what is not there yet is not looked at', async () => {
    const { url, drop } = await copyTemplate(inject('postgresUrl'))
    try {
      const names = await migrateDown({ databaseOwnerUrl: url }, 100)
      expect(names).toContain('0016_backup_runs')
      const found = await findingsOf(settingsFor(url))
      expect(found.get('PostgreSQL migrations')).toMatchObject({
        state: 'warning',
        fix: 'Run the command migrate up.',
      })
      for (const name of ['backup', 'maintenance', 'retention'])
        expect(found.get(name)).toMatchObject({ state: 'warning', found: expect.stringContaining('older') })
    } finally {
      await drop()
    }
  })

  test('with a migration of a newer release is a warning', async () => {
    const { url, drop } = await copyTemplate(inject('postgresUrl'))
    try {
      await withOwner(url, (owner) => owner.query(`insert into schema_migration values (999, '9999_later', now())`))
      const found = (await findingsOf(settingsFor(url))).get('PostgreSQL migrations')
      expect(found).toMatchObject({ state: 'warning', found: 'a newer release made 9999_later' })
    } finally {
      await drop()
    }
  })

  test('is looked at with no more rights than the application has', async () => {
    await using world = await createWorld()
    const url = new URL(world.config.databaseUrl)
    const name = `doctor_${url.pathname.slice(-12)}`
    await world.sql(`create role ${name} login password 'for this test' in role slotkeeper_app`)
    try {
      Object.assign(url, { username: name, password: 'for this test' })
      const found = await findingsOf(
        settingsFor(url.href, { ENVIRONMENT: 'production', REDIS_URL: '', METRICS_PORT: '9464' }),
      )
      expect(found.get('PostgreSQL user')?.state).toBe('ok')
      expect(found.get('PostgreSQL migrations')?.state).toBe('ok')
      for (const inside of ['queue', 'worker', 'backup', 'maintenance', 'retention'])
        expect(found.get(inside)?.found).not.toMatch(/permission|not looked at/)
      expect([...found.values()].filter(({ state }) => state === 'failed').map((one) => one.name)).toEqual([
        'mail server',
      ])
    } finally {
      await world.sql(`drop role ${name}`)
    }
  })

  test('with a user that may do too much fails a production; a replica that is none is told', async () => {
    await using world = await createWorld()
    const { databaseUrl } = world.config
    const env = settingsFor(databaseUrl, { ENVIRONMENT: 'production', DATABASE_REPLICA_URL: databaseUrl })
    const found = await findingsOf(env)
    expect(found.get('environment database-owner')?.state).toBe('failed')
    expect(found.get('PostgreSQL replica')?.state).toBe('warning')
  })
})

describe('Redis', () => {
  test('that does not answer is a failure', async () => {
    const env = settingsFor('postgres://127.0.0.1:1/none', { REDIS_URL: 'redis://127.0.0.1:1' })
    expect((await findingsOf(env)).get('Redis')).toMatchObject({ state: 'failed' })
  })

  test('tells its version, and what it does when it is full', async () => {
    const url = `${inject('redisUrl')}/4`
    const redis = new Redis(url)
    const version = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1]
    redis.disconnect()
    const found = await findingsOf(settingsFor('postgres://127.0.0.1:1/none', { REDIS_URL: url }))
    expect(found.get('Redis')?.found).toBe(`version ${version}`)
    expect(found.get('Redis memory')?.found).toContain('policy noeviction')
  })
})

describe('the mail server', () => {
  const checkMail = async (env: Record<string, string>) =>
    (await findingsOf(settingsFor('postgres://127.0.0.1:1/none', env))).get('mail server')

  test('that does not answer is a failure', async () => {
    expect(await checkMail({})).toMatchObject({ state: 'failed', found: expect.stringContaining('ECONNREFUSED') })
  })

  test('that refuses the password is a failure, and says so without the password', async () => {
    await using mail = await startMailServer({
      authOptional: false,
      allowInsecureAuth: true,
      // A server that answers with what it was sent, as none should.
      onAuth: ({ password }, _session, done) => done(new Error(`no, ${String(password)} is wrong`)),
    })
    const env = { MAIL_PORT: String(mail.port), MAIL_USERNAME: 'slotkeeper', MAIL_PASSWORD: 'unguessable' }
    const found = await checkMail(env)
    expect(found).toMatchObject({ state: 'failed', found: expect.stringContaining('does not let slotkeeper in') })
    expect(found?.found).toContain('***')
    expect(found?.found).not.toContain('unguessable')
  })

  test('that takes the password is fine, and gets no mail', async () => {
    await using mail = await startMailServer({
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(null, { user: 'slotkeeper' }),
    })
    const env = { MAIL_PORT: String(mail.port), MAIL_USERNAME: 'slotkeeper', MAIL_PASSWORD: 'unguessable' }
    expect(await checkMail(env)).toMatchObject({ state: 'ok', found: expect.stringContaining('signed in') })
    expect(mail.received).toEqual([])
  })
})

describe('the certificate', () => {
  const checkCertificate = async (publicUrl: string) => {
    const found = await findingsOf(settingsFor('postgres://127.0.0.1:1/none', { PUBLIC_URL: publicUrl }))
    return found.get('certificate of localhost')
  }

  /** A site with a certificate of its own authority. */
  async function startSite(hostname: string) {
    const authority = await createAuthority()
    const { certFile, keyFile } = await authority.issue(hostname)
    const server = createServer({ cert: await readFile(certFile), key: await readFile(keyFile) })
    server.listen(0)
    await once(server, 'listening')
    const address = server.address()
    return {
      url: `https://localhost:${typeof address === 'object' && address ? address.port : 0}`,
      [Symbol.asyncDispose]: async () => {
        server.close()
        await authority[Symbol.asyncDispose]()
      },
    }
  }

  test('that nobody vouches for is told, with its days', async () => {
    await using site = await startSite('localhost')
    const found = await checkCertificate(site.url)
    expect(found).toMatchObject({ state: 'warning', found: expect.stringMatching(/1 days left, but nobody known/) })
  })

  test('of another name is a failure', async () => {
    await using site = await startSite('book.example.com')
    expect(await checkCertificate(site.url)).toMatchObject({
      state: 'failed',
      found: expect.stringContaining('altnames'),
    })
  })

  test('that cannot be reached from here is told, and fails nothing', async () => {
    const found = await checkCertificate('https://localhost:1')
    expect(found).toMatchObject({ state: 'warning', found: expect.stringContaining('could not be looked at') })
  })
})

test('a queue that nobody works through, jobs that were given up, sessions that stayed, and closed doors are told', async () => {
  await using world = await createWorld()
  await world.signIn('owner')
  await world.sql(
    `update auth.session set "createdAt" = now() - interval '1 year', "updatedAt" = now() - interval '1 year'`,
  )
  await world.sql(`select graphile_worker.add_job('jobs.sweep', run_at => now() - interval '1 hour')`)
  await world.sql(`select graphile_worker.add_job('figures.count', max_attempts => 1)`)
  await world.sql(`update graphile_worker._private_jobs set attempts = max_attempts where max_attempts = 1`)
  await world.sql(
    `insert into graphile_worker._private_known_crontabs values ('audit.seal', now(), now() - interval '1 day')`,
  )
  await world.sql(`insert into maintenance (began_at) values ('2026-03-02T08:00:00Z')`)
  const found = await findingsOf(settingsFor(world.config.databaseUrl))
  expect(found.get('maintenance')?.found).toBe('closed to visitors since 2026-03-02T08:00:00Z')
  expect(found.get('queue')).toMatchObject({ state: 'failed', found: expect.stringContaining('60 minutes') })
  expect(found.get('queue failed jobs')).toMatchObject({ state: 'warning', found: 'given up: 1 of figures.count' })
  expect(found.get('worker')).toMatchObject({ state: 'warning', found: 'last sign 24 hours ago' })
  expect(found.get('retention')).toMatchObject({ state: 'warning', found: 'kept for too long: sessions' })
  expect(found.get('backup')).toMatchObject({ state: 'warning', found: 'there is none yet' })
})
