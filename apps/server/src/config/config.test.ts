import { describe, expect, test } from 'vitest'
import { ConfigError, loadConfig } from './config.ts'
import { SETTINGS } from './settings.ts'

const ENOUGH = {
  DATABASE_URL: 'postgres://user:a-secret-password@localhost:5432/slotkeeper',
  SECRET_KEY: 'a key for tests that is long enough to be taken',
  PUBLIC_URL: 'https://book.example.com/',
  MAIL_SERVER: 'localhost',
}

/** The message with which the settings are refused. */
function refusal(env: Record<string, string | undefined>): string {
  try {
    loadConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
  }
  return 'taken'
}

test('what is required is enough, and the rest has its usual value', () => {
  expect(loadConfig(ENOUGH)).toMatchObject({
    databaseUrl: ENOUGH.DATABASE_URL,
    databaseOwnerUrl: ENOUGH.DATABASE_URL,
    redisUrl: undefined,
    publicUrl: 'https://book.example.com',
    port: 5000,
    trustProxy: 0,
    environment: 'production',
    logLevel: 'info',
    metricsPort: undefined,
    sentryDsn: undefined,
    tracing: { endpoint: undefined, headers: {}, ratio: 1 },
    rateLimit: true,
  })
})

test('headers for the collector are pairs', () => {
  const given = { OTEL_EXPORTER_OTLP_HEADERS: 'api-key=abc=,authorization=Basic%20abc' }
  const headers = { 'api-key': 'abc=', authorization: 'Basic abc' }
  expect(loadConfig({ ...ENOUGH, ...given })).toMatchObject({ tracing: { headers } })
})

test('the log level that was once called warn is still known by that name', () => {
  expect(loadConfig({ ...ENOUGH, LOG_LEVEL: 'warn' })).toMatchObject({ logLevel: 'warning' })
})

test('an empty setting is no setting', () => {
  expect(loadConfig({ ...ENOUGH, REDIS_URL: '', PORT: '' })).toMatchObject({ redisUrl: undefined, port: 5000 })
})

describe('a missing setting', () => {
  test.each(Object.keys(ENOUGH))('%s stops the start with its name, what is expected and an example', (name) => {
    const setting = SETTINGS.find((candidate) => candidate.name === name)
    expect(refusal({ ...ENOUGH, [name]: undefined })).toContain(
      `${name} is missing: expected ${setting?.expected ?? ''}, for example ${name}=${setting?.example ?? ''}`,
    )
  })

  test('is told together with all others', () => {
    const message = refusal({})
    for (const name of Object.keys(ENOUGH)) expect(message).toContain(name)
  })
})

describe('a wrong setting is refused by name', () => {
  test.each([
    ['DATABASE_URL', 'mysql://localhost/slotkeeper'],
    ['DATABASE_POOL_SIZE', '1'],
    ['REDIS_URL', 'localhost:6379'],
    ['SECRET_KEY', 'too short'],
    ['PUBLIC_URL', 'book.example.com'],
    ['PORT', '70000'],
    ['PORT', '5e3'],
    ['TRUST_PROXY', 'true'],
    ['MAIL_PORT', '-1'],
    ['AUDIT_RETENTION_YEARS', '6'],
    ['LOG_LEVEL', 'loud'],
    ['ENVIRONMENT', 'test'],
    ['METRICS_PORT', 'yes'],
    ['SENTRY_DSN', 'https://sentry.example.com/1'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'localhost:4318'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'api-key'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'api-key=100%'],
    ['OTEL_TRACES_SAMPLER_ARG', '2'],
    ['RATE_LIMIT', 'maybe'],
  ])('%s=%s', (name, value) => {
    expect(refusal({ ...ENOUGH, [name]: value })).toContain(`${name} is wrong`)
  })

  test('and a secret is never repeated', () => {
    const message = refusal({ ...ENOUGH, SECRET_KEY: 'hunter2', DATABASE_URL: 'mysql://u:hunter3@localhost/x' })
    expect(message).toContain('SECRET_KEY is wrong: expected')
    expect(message).not.toMatch(/hunter/)
  })
})

test('every example is a value that is taken, but for the key, as everybody can read it', () => {
  for (const { name, example, check } of SETTINGS)
    expect({ name, taken: check(example) }).toEqual({ name, taken: name !== 'SECRET_KEY' })
})
