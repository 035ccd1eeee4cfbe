import { expect, test } from 'vitest'
import { loadConfig } from './config.ts'
import { describeRisks, refusedRisks, risksOf, risksOfUser } from './safety.ts'

const SAFE = {
  DATABASE_URL: 'postgres://app:secret@db.example.com/slotkeeper?sslmode=verify-full',
  SECRET_KEY: 'k7Wq0pX2vN9sR4tY6uZ1aB3cD5eF8gH0',
  PUBLIC_URL: 'https://book.example.com',
  MAIL_SERVER: 'localhost',
}

function refused(env: Record<string, string>): string[] {
  const config = loadConfig({ ...SAFE, ...env })
  return refusedRisks(config, risksOf(config)).map(({ name }) => name)
}

test('a production with nothing to fear starts', () => {
  expect(refused({})).toEqual([])
})

test.each([
  ['secret-example', { SECRET_KEY: 'change-me-change-me-change-me-change-me' }],
  ['secret-example', { SECRET_KEY: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }],
  ['public-http', { PUBLIC_URL: 'http://book.example.com' }],
  ['log-debug', { LOG_LEVEL: 'debug' }],
  ['rate-limit-off', { RATE_LIMIT: 'off' }],
  ['database-plain', { DATABASE_URL: 'postgres://app:secret@db.example.com/slotkeeper' }],
  ['database-plain', { DATABASE_URL: 'postgres://app:secret@db.example.com/slotkeeper?sslmode=disable' }],
  ['sign-up-open', { SIGN_UP: 'open' }],
  ['sign-up-open', { SIGN_UP: 'confirmed' }],
  ['staging-access', { STAGING_ACCESS: `ada:${'0'.repeat(64)}` }],
  ['database-plain', { DATABASE_REPLICA_URL: 'postgres://app:secret@replica.example.com/slotkeeper' }],
])('an unsafe production is refused: %s %j', (name, env) => {
  expect(refused(env)).toEqual([name])
  expect(refused({ ...env, ENVIRONMENT: 'staging' })).toEqual([])
})

test('a staging that anybody may see is told, unless it is on this machine', () => {
  const told = (env: Record<string, string>) =>
    risksOf(loadConfig({ ...SAFE, ENVIRONMENT: 'staging', ...env })).map(({ name }) => name)
  expect(told({})).toEqual(['staging-open'])
  expect(told({ STAGING_ACCESS: `ada:${'0'.repeat(64)}, ben:${'1'.repeat(64)}` })).toEqual([])
  expect(told({ PUBLIC_URL: 'http://localhost:5000' })).toEqual([])
  expect(() => loadConfig({ ...SAFE, STAGING_ACCESS: 'ada:a password' })).toThrow('STAGING_ACCESS is wrong')
})

test('a database on this machine needs no encryption, whether by name, address or socket', () => {
  for (const host of ['localhost', '127.0.0.1', '[::1]'])
    expect(refused({ DATABASE_URL: `postgres://app:secret@${host}/slotkeeper` })).toEqual([])
  expect(refused({ DATABASE_URL: 'postgres://app@anywhere/slotkeeper?host=/var/run/postgresql' })).toEqual([])
})

test('a certificate authority of its own makes every connection safe', () => {
  expect(refused({ DATABASE_URL: 'postgres://app@db/slotkeeper', DATABASE_CA_FILE: '/run/secrets/ca.pem' })).toEqual([])
})

test('a risk that must be is accepted by its name with a reason, and no other with it', () => {
  const env = { RATE_LIMIT: 'off', LOG_LEVEL: 'debug', ACCEPTED_RISKS: 'rate-limit-off: a load test: today' }
  expect(refused(env)).toEqual(['log-debug'])
  expect(loadConfig({ ...SAFE, ...env }).acceptedRisks.get('rate-limit-off')).toBe('a load test: today')
  expect(() => loadConfig({ ...SAFE, ACCEPTED_RISKS: 'rate-limit-off' })).toThrow(/ACCEPTED_RISKS is wrong/)
})

test('whoever owns the schema or passes row security is no user for the application', () => {
  expect(risksOfUser({ name: 'app', ownsSchema: false, passesRowSecurity: false })).toEqual([])
  const [risk] = risksOfUser({ name: 'postgres', ownsSchema: true, passesRowSecurity: true })
  expect(risk?.problem).toBe('the user postgres of DATABASE_URL may change the schema and read past row security')
})

test('the refusal names each risk, what to do, and how to accept it; never a secret', () => {
  const text = describeRisks(risksOf(loadConfig({ ...SAFE, SECRET_KEY: 'example-key-0123456789-abcdefghijklmn' })))
  expect(text).toContain('secret-example: SECRET_KEY is an example')
  expect(text).toContain('ACCEPTED_RISKS=')
  expect(text).not.toContain('example-key-0123456789')
})
