import { expect, test } from 'vitest'
import { checkLockFile } from './lock-file.ts'

test('an optional package beside, below or above the one that names it is found', () => {
  const lock = {
    packages: {
      '': {},
      'node_modules/a': { optionalDependencies: { 'a-linux': '1', 'a-mac': '1' } },
      'node_modules/a-linux': {},
      'node_modules/a/node_modules/a-mac': {},
      'apps/web/node_modules/b': { optionalDependencies: { 'a-linux': '1' } },
    },
  }
  expect(checkLockFile(lock)).toEqual({ ok: true, output: '' })
})

test('a platform package that is named but not locked is reported with its owner', () => {
  const lock = { packages: { 'node_modules/a': { optionalDependencies: { 'a-mac': '1' } } } }
  const result = checkLockFile(lock)
  expect(result.ok).toBe(false)
  expect(result.output).toContain('node_modules/a may need a-mac')
})

test('a registry in the lock file is reported, a link to a workspace is not', () => {
  const lock = {
    packages: {
      'node_modules/a': { resolved: 'https://registry.example/a.tgz' },
      'node_modules/@slotkeeper/client': { resolved: 'packages/client', link: true },
    },
  }
  expect(checkLockFile(lock).output).toBe('node_modules/a names where it comes from: https://registry.example/a.tgz')
})
