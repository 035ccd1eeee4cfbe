import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { describeEnvironment, describeSettings } from './describe.ts'

const KEY = 'k7Wq0pX2vN9sR4tY6uZ1aB3cD5eF8gH0'
const ENOUGH = {
  DATABASE_URL: 'postgres://app:hidden%21@localhost/slotkeeper',
  SECRET_KEY: KEY,
  PUBLIC_URL: 'https://book.example.com',
  MAIL_SERVER: 'localhost',
}
const valueOf = (described: ReturnType<typeof describeSettings>, wanted: string) =>
  described.settings.find(({ name }) => name === wanted)

test('every setting is told with its value, or what holds without it; a secret only with that it is set', () => {
  const described = describeSettings(ENOUGH)
  expect(described.config?.publicUrl).toBe('https://book.example.com')
  expect(valueOf(described, 'MAIL_SERVER')?.value).toBe('localhost')
  expect(valueOf(described, 'MAIL_PORT')?.value).toBe('587 (when not set)')
  expect(valueOf(described, 'REDIS_URL')?.value).toBe('not set')
  expect(valueOf(described, 'SECRET_KEY')?.value).toBe('set')
  expect(JSON.stringify(described.settings)).not.toMatch(new RegExp(`hidden|${KEY}`))
})

test('secrets are known as they may be answered by others: whole, and the password in an address by itself', () => {
  expect(describeSettings(ENOUGH).secrets).toEqual([ENOUGH.DATABASE_URL, 'hidden%21', 'hidden!', KEY])
})

test('what is missing or wrong is told beside what is right, and there is no configuration then', () => {
  const described = describeSettings({ ...ENOUGH, MAIL_SERVER: '', PORT: 'many' })
  expect(described.config).toBeUndefined()
  expect(valueOf(described, 'MAIL_SERVER')?.problem).toContain('MAIL_SERVER is missing')
  expect(valueOf(described, 'PORT')?.problem).toContain('PORT is wrong (many)')
  expect(valueOf(described, 'HOST')?.problem).toBeUndefined()
})

test('a secret may come from a file; one that cannot be read is told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-describe-'))
  try {
    const file = join(folder, 'key')
    await writeFile(file, KEY)
    const env = { ...ENOUGH, SECRET_KEY: '', SECRET_KEY_FILE: file }
    expect(valueOf(describeSettings(env), 'SECRET_KEY')?.value).toBe('set by file')
    const gone = describeSettings({ ...env, SECRET_KEY_FILE: join(folder, 'none') })
    expect(gone.config).toBeUndefined()
    expect(valueOf(gone, 'files')?.problem).toContain('cannot be read')
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('an address that the platform tells is no missing setting', () => {
  vi.stubEnv('PUBLIC_URL', '')
  vi.stubEnv('HEROKU_APP_NAME', 'practice')
  onTestFinished(() => void vi.unstubAllEnvs())
  const found = describeEnvironment().settings.find(({ name }) => name === 'PUBLIC_URL')
  expect(found).toMatchObject({ value: 'https://practice.herokuapp.com', problem: undefined })
})
