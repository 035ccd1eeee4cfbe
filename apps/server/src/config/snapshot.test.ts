import { expect, test } from 'vitest'
import { compareSnapshots, parseSnapshot, takeSnapshot } from './snapshot.ts'

const STAGING = {
  DATABASE_URL: 'postgres://app:hidden@localhost/slotkeeper',
  SECRET_KEY: 'k7Wq0pX2vN9sR4tY6uZ1aB3cD5eF8gH0',
  PUBLIC_URL: 'https://staging.example.com',
  LOG_LEVEL: 'info',
}
const PRODUCTION = { ...STAGING, PUBLIC_URL: 'https://book.example.com', RATE_LIMIT: 'off' }

function differing(before: Record<string, string>, after: Record<string, string>, key?: string): string[] {
  return compareSnapshots(takeSnapshot(before, key), takeSnapshot(after, key)).map(
    (difference) => `${difference.name}: ${difference.before} | ${difference.after}`,
  )
}

test('a snapshot says of every setting where it comes from, and of a secret nothing else', () => {
  const snapshot = takeSnapshot(STAGING, undefined)
  expect(snapshot.settings).toMatchObject({
    DATABASE_URL: { source: 'set' },
    PUBLIC_URL: { source: 'set', value: 'https://staging.example.com' },
    MAIL_PORT: { source: 'default', value: '587' },
    REDIS_URL: { source: 'none' },
  })
  expect(JSON.stringify([snapshot, takeSnapshot(STAGING, 'a key')])).not.toMatch(/hidden|k7Wq0pX2/)
})

test('two installations differ in what has another value, whether it was set or is the default', () => {
  expect(differing(STAGING, PRODUCTION)).toEqual([
    'PUBLIC_URL: https://staging.example.com | https://book.example.com',
    'RATE_LIMIT: on (default) | off',
  ])
})

test('a value that is the default is no difference to none', () => {
  expect(differing(STAGING, { ...STAGING, MAIL_PORT: '587' })).toEqual([])
})

test('a secret that is another is seen with a key alone; that one is missing, always', () => {
  const other = { ...STAGING, SECRET_KEY: 'another7Wq0pX2vN9sR4tY6uZ1aB3cD5' }
  expect(differing(STAGING, other)).toEqual([])
  expect(differing(STAGING, other, 'a key')).toEqual(['SECRET_KEY: a secret of its own | a secret of its own'])
  expect(differing(STAGING, { ...STAGING, SECRET_KEY: '' })).toEqual(['SECRET_KEY: a secret | not set'])
})

test('a mark tells neither the value nor that two settings have the same one', () => {
  const { settings } = takeSnapshot({ ...STAGING, SECRET_KEY_PREVIOUS: STAGING.SECRET_KEY }, 'a key')
  expect(settings['SECRET_KEY']?.mark).toMatch(/^[\w-]{22}$/)
  expect(settings['SECRET_KEY']?.mark).not.toBe(settings['SECRET_KEY_PREVIOUS']?.mark)
  expect(settings['SECRET_KEY']?.mark).not.toBe(takeSnapshot(STAGING, 'another').settings['SECRET_KEY']?.mark)
})

test('a setting that one release does not know is a difference', () => {
  const known = takeSnapshot(STAGING, undefined)
  const { LOG_LEVEL: _gone, ...settings } = known.settings
  expect(compareSnapshots(known, { ...known, settings })).toEqual([
    { name: 'LOG_LEVEL', before: 'info', after: 'not known' },
  ])
})

test('what is no snapshot is refused', () => {
  expect(() => parseSnapshot('{')).toThrow('no JSON')
  expect(() => parseSnapshot('{"settings": {}}')).toThrow('not what config export writes')
  expect(parseSnapshot(JSON.stringify(takeSnapshot(STAGING, undefined))).format).toBe(1)
})
