import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { git } from '../release/git.ts'
import { notesOf } from './changelog.ts'
import { imageName, tagsOf } from './image.ts'
import { mirrorTo } from './mirror.ts'

test('a release is the newest of its minor and major version; a candidate or a commit is only itself', () => {
  expect(tagsOf('v1.4.0')).toEqual(['v1.4.0', 'v1.4', 'v1', 'latest'])
  expect(tagsOf('v1.4.0-rc.1')).toEqual(['v1.4.0-rc.1'])
  expect(tagsOf('0123abc')).toEqual(['0123abc'])
})

test('an image of an owner with capital letters has a name that registries take', () => {
  expect(imageName('ghcr.io/Acme/Slotkeeper')).toBe('ghcr.io/acme/slotkeeper')
})

test('a release is told by its own entry of the changelog', () => {
  const changelog =
    '# Changelog\n\n## Unreleased\n\n- later\n\n## 1.4.0 - 2026-11-26\n\n- now\n\n## 1.3.0 - 2026-10-01\n\n- before\n'
  expect(notesOf(changelog, '1.4.0')).toBe('- now')
  expect(notesOf(changelog, '1.5.0')).toBeUndefined()
})

test('a mirror has all branches and tags, as they are now, and none that is gone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-mirror-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const [origin, mirror, clone] = ['origin', 'mirror', 'clone'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  for (const path of [origin, mirror]) await git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', path)
  await git(folder, 'clone', '--quiet', origin, clone)
  const commit = (message: string) =>
    git(
      clone,
      '-c',
      'user.name=a',
      '-c',
      'user.email=a@example.com',
      'commit',
      '--quiet',
      '--allow-empty',
      '-m',
      message,
    )
  const refs = (path: string) => git(path, 'for-each-ref', '--format=%(refname) %(objectname)')
  await git(clone, 'switch', '--quiet', '-c', 'main')
  await commit('one')
  await git(clone, 'tag', 'v1.0.0')
  await git(clone, 'push', '--quiet', 'origin', 'main', 'main:topic', 'v1.0.0')
  await mirrorTo(clone, mirror)
  expect(await refs(mirror)).toBe(await refs(origin))

  await commit('another')
  await git(clone, 'push', '--quiet', '--force', 'origin', 'main', ':topic')
  await mirrorTo(clone, mirror)
  expect(await refs(mirror)).toBe(await refs(origin))
  expect(await refs(mirror)).not.toContain('topic')
})
