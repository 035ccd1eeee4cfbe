import { describe, expect, test } from 'vitest'
import { loadConfig } from '../config/config.ts'
import type { Finding, FindingState } from '../shared/finding.ts'
import { judgeBackup } from './backup.check.ts'
import { judgeCertificate } from './certificate.check.ts'
import { judgeDisk } from './disk.check.ts'
import { judgeMail } from './mail.check.ts'
import { judgeClock, judgeHaste, judgeMigrations, judgeReplica, judgeVersion } from './postgres.check.ts'
import { judgeGivenUp, judgeWaiting, judgeWorker } from './queue.check.ts'
import { judgeRedis } from './redis.check.ts'
import { judgeMonitoring, judgeSafety } from './safety.check.ts'

const DAY_S = 86_400
const GIB = 1024 ** 3
const stateOf = ({ state }: Finding) => state

const NOW_MS = Date.parse('2026-03-02T08:00:00Z')
const certificate = (days: number, more = {}) => {
  const endsMs = NOW_MS + (days + 0.5) * DAY_S * 1000
  return stateOf(
    judgeCertificate(
      { hostname: 'book.example.com', endsMs, chainProblem: undefined, nameProblem: undefined, ...more },
      NOW_MS,
    ),
  )
}
const version = (versionNumber: number) => stateOf(judgeVersion({ version: 'x', versionNumber, tls: null }))
const disk = (freeBytes: number, totalBytes: number) => stateOf(judgeDisk({ folder: '/', freeBytes, totalBytes }))
const job = { kind: 'messages.deliver', ready: 1, running: 0, failed: 0, oldestS: 0 }
const mail = (server: string, isEncrypted: boolean) =>
  stateOf(judgeMail({ server, port: 587, isEncrypted, username: 'slotkeeper' }))
const memory = (policy: string) => {
  const info = { redis_version: '7.2.1', maxmemory: '1000000', maxmemory_policy: policy }
  return judgeRedis(new Map(Object.entries(info))).find(({ name }) => name === 'Redis memory')?.state ?? 'failed'
}

const configOf = (env: Record<string, string>) =>
  loadConfig({
    DATABASE_URL: 'postgres://localhost/slotkeeper',
    SECRET_KEY: 'k7Wq0pX2vN9sR4tY6uZ1aB3cD5eF8gH0',
    PUBLIC_URL: 'https://book.example.com',
    MAIL_SERVER: 'localhost',
    ...env,
  })
type Backups = { newestS?: number; installedS?: number; ENVIRONMENT?: string; ACCEPTED_RISKS?: string }
const backup = ({ newestS, installedS = 30 * DAY_S, ...env }: Backups) =>
  stateOf(judgeBackup({ newestS, installedS }, configOf(env)))

const cases: [string, FindingState, FindingState][] = [
  ['a certificate for months', certificate(60), 'ok'],
  ['a certificate that should have been renewed', certificate(20), 'warning'],
  ['a certificate that has ended', certificate(-2), 'failed'],
  ['a certificate of another name', certificate(60, { nameProblem: 'not in the names' }), 'failed'],
  ['a certificate that nobody vouches for', certificate(60, { chainProblem: 'self-signed' }), 'warning'],
  ['PostgreSQL 14', version(140_012), 'failed'],
  ['PostgreSQL 15', version(150_000), 'ok'],
  ['PostgreSQL 18', version(180_004), 'ok'],
  ['PostgreSQL 19', version(190_000), 'warning'],
  ['a database that answers at once', stateOf(judgeHaste(3)), 'ok'],
  ['a database that takes its time', stateOf(judgeHaste(400)), 'warning'],
  ['clocks a second apart', stateOf(judgeClock(-1_000)), 'ok'],
  ['clocks five seconds apart', stateOf(judgeClock(5_000)), 'warning'],
  ['clocks a minute apart', stateOf(judgeClock(-60_000)), 'failed'],
  ['a migration that waits', stateOf(judgeMigrations({ applied: ['a'], waiting: ['b'], unknown: [] })), 'warning'],
  ['a migration of later', stateOf(judgeMigrations({ applied: ['a'], waiting: [], unknown: ['b'] })), 'warning'],
  ['a replica that follows', stateOf(judgeReplica(0.2)), 'ok'],
  ['a replica a minute behind', stateOf(judgeReplica(60)), 'warning'],
  ['a replica that does not answer', stateOf(judgeReplica(undefined)), 'warning'],
  ['much room', disk(50 * GIB, 100 * GIB), 'ok'],
  ['little room', disk(0.5 * GIB, 10 * GIB), 'warning'],
  ['hardly any room', disk(0.05 * GIB, 10 * GIB), 'failed'],
  ['an encrypted mail server elsewhere', mail('smtp.example.com', true), 'ok'],
  ['a plain mail server elsewhere', mail('smtp.example.com', false), 'warning'],
  ['a plain mail server here', mail('localhost', false), 'ok'],
  ['a full Redis that forgets the oldest', memory('allkeys-lru'), 'ok'],
  ['a full Redis that refuses', memory('noeviction'), 'warning'],
  ['a job that just came', stateOf(judgeWaiting([job])), 'ok'],
  ['a job that has waited for five minutes', stateOf(judgeWaiting([{ ...job, oldestS: 300 }])), 'warning'],
  ['a job that has waited for an hour', stateOf(judgeWaiting([{ ...job, oldestS: 3_600 }])), 'failed'],
  ['a job that was given up', stateOf(judgeGivenUp([{ ...job, failed: 1 }])), 'warning'],
  ['a worker of a minute ago', stateOf(judgeWorker(60)), 'ok'],
  ['a worker of an hour ago', stateOf(judgeWorker(3_600)), 'warning'],
  ['no worker ever', stateOf(judgeWorker(undefined)), 'warning'],
  ['a backup of this night', backup({ newestS: 20 * 3_600 }), 'ok'],
  ['a backup of the day before yesterday', backup({ newestS: 2 * DAY_S }), 'warning'],
  ['a backup of ten days ago', backup({ newestS: 10 * DAY_S }), 'failed'],
  ['a backup of ten days ago, in staging', backup({ newestS: 10 * DAY_S, ENVIRONMENT: 'staging' }), 'warning'],
  ['no backup on the first day', backup({ installedS: DAY_S }), 'warning'],
  ['no backup after ten days', backup({ installedS: 10 * DAY_S }), 'failed'],
  ['no backup after ten days, in staging', backup({ installedS: 10 * DAY_S, ENVIRONMENT: 'staging' }), 'warning'],
  [
    'no backup of ours where others make them',
    backup({ installedS: 10 * DAY_S, ACCEPTED_RISKS: 'no-backup: the platform makes them' }),
    'ok',
  ],
]

test.each(cases)('%s: %s', (_what, state, expected) => expect(state).toBe(expected))

describe('a risk', () => {
  const limits = { RATE_LIMIT: 'off' }

  test('fails a production, until somebody accepts it with the reason', () => {
    expect(judgeSafety(configOf(limits))).toMatchObject([{ name: 'environment rate-limit-off', state: 'failed' }])
    const accepted = judgeSafety(configOf({ ...limits, ACCEPTED_RISKS: 'rate-limit-off: the proxy limits' }))
    expect(accepted).toMatchObject([{ state: 'ok', found: expect.stringContaining('accepted: the proxy limits') }])
  })

  test('is told elsewhere, and fails nothing', () => {
    const staging = { ...limits, ENVIRONMENT: 'staging', STAGING_ACCESS: `ada:${'0'.repeat(64)}` }
    expect(judgeSafety(configOf(staging))).toMatchObject([{ state: 'warning' }])
  })
})

test('a production that tells nobody how it is fails, unless somebody else watches it; any way to tell is enough', () => {
  const monitored = (env: Record<string, string>) => judgeMonitoring(configOf(env)).map(stateOf)
  expect(monitored({})).toEqual(['failed'])
  expect(monitored({ ACCEPTED_RISKS: 'unwatched: the platform has alarms' })).toEqual(['ok'])
  expect(monitored({ METRICS_PORT: '9464' })).toEqual(['ok'])
  expect(monitored({ SENTRY_DSN: 'https://key@sentry.example.com/1' })).toEqual(['ok'])
  expect(monitored({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' })).toEqual(['ok'])
  expect(monitored({ ENVIRONMENT: 'staging' })).toEqual([])
})
