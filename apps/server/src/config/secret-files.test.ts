import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ConfigError } from './config.ts'
import { withSecretFiles } from './secret-files.ts'

function secretFile(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'slotkeeper-secret-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'secret')
  writeFileSync(file, content)
  return file
}

test('a secret is read from the file that is named', () => {
  const file = secretFile('a key that nobody can guess at all, ever\n')
  expect(withSecretFiles({ SECRET_KEY_FILE: file, PORT: '5000' })).toMatchObject({
    SECRET_KEY: 'a key that nobody can guess at all, ever',
    PORT: '5000',
  })
})

test('what is no secret is read from no file', () => {
  expect(withSecretFiles({ PORT_FILE: secretFile('1') })['PORT']).toBeUndefined()
})

test('a secret that is given twice is refused, and so is a file that is not there', () => {
  const both = { SECRET_KEY: 'first key', SECRET_KEY_FILE: secretFile('second key') }
  expect(() => withSecretFiles(both)).toThrow(ConfigError)
  expect(() => withSecretFiles(both)).not.toThrow(/first key|second key/)
  expect(() => withSecretFiles({ SECRET_KEY_FILE: '/no/such/file' })).toThrow(/SECRET_KEY_FILE names/)
  expect(() => withSecretFiles({ DATABASE_CA_FILE: '/no/such/ca.pem' })).toThrow(/DATABASE_CA_FILE names/)
})
