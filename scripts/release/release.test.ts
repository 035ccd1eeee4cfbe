import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { judgeAudit } from './audit.ts'
import { git, previousTag } from './git.ts'
import { judgeLicences } from './licences.ts'
import { checkMigrations, problemsOf } from './migrations.ts'
import { checkRollback } from './rollback.ts'
import { checkSecrets, secretsIn } from './secrets.ts'
import { checkTree } from './tree.ts'
import { checkVersion, headingOf } from './version.ts'

const MIGRATIONS = 'apps/server/migrations'
const MIGRATION = `-- Up Migration
-- Why: it is needed. Locks: nothing. Last release: survives.
-- Going back: loses nothing.
create table a ();
-- Down Migration
drop table a;
`

/** A repository of a test's own, with a release in it. */
async function createRepository() {
  const root = await mkdtemp(join(tmpdir(), 'slotkeeper-release-'))
  const write = async (file: string, text: string) => {
    await mkdir(dirname(join(root, file)), { recursive: true })
    await writeFile(join(root, file), text)
  }
  const commit = async (...tags: string[]) => {
    const author = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false']
    await git(root, 'add', '--all')
    await git(root, ...author, 'commit', '--quiet', '--message', 'change')
    for (const tag of tags) await git(root, 'tag', tag)
  }
  await git(root, 'init', '--quiet')
  await write('package.json', '{"version": "1.0.0"}')
  await write('apps/server/package.json', '{"version": "1.0.0"}')
  await write('CHANGELOG.md', '# Changelog\n\n## 1.0.0 - 2026-01-01\n\n- First.\n')
  await write(`${MIGRATIONS}/0001_first.sql`, MIGRATION)
  await commit('v1.0.0')
  return { root, write, commit, [Symbol.asyncDispose]: () => rm(root, { recursive: true }) }
}

const stateOf = (findings: { name: string; state: string }[], wanted: string) =>
  findings.find(({ name }) => name === wanted)?.state

describe('the tree', () => {
  test('is clean when all is committed, and what is not is named', async () => {
    await using repository = await createRepository()
    expect(await checkTree(repository.root)).toMatchObject([{ state: 'ok' }])
    await repository.write('new.txt', '')
    expect(await checkTree(repository.root)).toMatchObject([{ state: 'failed', found: 'not committed: new.txt' }])
  })
})

describe('the version', () => {
  test('that is told and free, or has its tag here, is fine', async () => {
    await using repository = await createRepository()
    const states = (await checkVersion(repository.root)).map(({ state }) => state)
    expect(states).toEqual(['ok', 'ok', 'ok'])
  })

  test('that differs, is not told, or was released before is a failure', async () => {
    await using repository = await createRepository()
    await repository.write('apps/server/package.json', '{"version": "1.1.0"}')
    await repository.write('CHANGELOG.md', '# Changelog\n\n## Unreleased\n\n- Second.\n')
    await repository.commit()
    const findings = await checkVersion(repository.root)
    expect(findings).toMatchObject([
      { name: 'version', state: 'failed', found: '1.0.0, but apps/server/package.json has 1.1.0' },
      { name: 'changelog', state: 'failed' },
      { name: 'tag', state: 'failed' },
    ])
  })

  test.each([
    ['## 1.2.0 - 2026-01-01\n\n- News.', '1.2.0 - 2026-01-01'],
    ['## [1.2.0] - 2026-01-01\n\n- News.', '[1.2.0] - 2026-01-01'],
    ['## 1.2.0\n\n- News.', undefined],
    ['## 1.2.0 - 2026-01-01\n\n## 1.1.0 - 2025-01-01\n\n- Old.', undefined],
    ['## 1.2.01 - 2026-01-01\n\n- News.', undefined],
  ])('has an entry with a date and news: %j', (text, heading) => {
    expect(headingOf(`# Changelog\n\n${text}\n`, '1.2.0')).toBe(heading)
  })
})

describe('migrations', () => {
  test('tell why, what they lock and whether the last release survives, and go back', () => {
    expect(problemsOf(MIGRATION)).toEqual([])
    expect(problemsOf('-- Up Migration\n-- Why: so.\nselect 1;\n-- Down Migration\n-- Nothing.\n')).toEqual([
      'does not tell Locks, Last release',
      'has no way back',
    ])
  })

  test('that were released stay as they were', async () => {
    await using repository = await createRepository()
    await repository.write(`${MIGRATIONS}/0001_first.sql`, MIGRATION.replace('a ()', 'b ()'))
    await repository.commit()
    const findings = await checkMigrations(repository.root, 'v1.0.0')
    expect(stateOf(findings, 'migrations')).toBe('ok')
    expect(findings).toContainEqual(expect.objectContaining({ name: 'released migrations', state: 'failed' }))
  })

  test('that are new are told: whether they go back, and whether the last release lives with them', async () => {
    await using repository = await createRepository()
    const judge = async (text: string) => {
      await repository.write(`${MIGRATIONS}/0002_second.sql`, text)
      await repository.commit()
      return stateOf(await checkMigrations(repository.root, 'v1.0.0'), 'new migrations')
    }
    expect(await judge(MIGRATION)).toBe('ok')
    expect(await judge(MIGRATION.replace('loses nothing', 'loses what it holds'))).toBe('warning')
    expect(await judge(MIGRATION.replace('survives', 'does not survive'))).toBe('warning')
  })
})

describe('secrets', () => {
  const token = (start: string, length: number) => start + 'A1b2'.repeat(length / 4)

  test.each([
    [`key = ${token('ghp_', 36)}`, ['1 has a GitHub token']],
    [['-----BEGIN EC', 'PRIVATE', 'KEY-----'].join(' '), ['1 has a private key']],
    [`first\nAKIA${'B2C3'.repeat(4)}`, ['2 has an AWS access key']],
    [['postgres://app', 'hunter22@db.company.com/slotkeeper'].join(':'), ['1 has an address with a password']],
    ['postgres://app:password@localhost/slotkeeper', []],
    ['postgres://app:password@db.example.com/slotkeeper', []],
    ['postgres://app:password@database:5432/slotkeeper', []],
    ['https://book.example.com/@someone', []],
  ])('in %j: %j', (text, found) => expect(secretsIn(text)).toEqual(found))

  test('are named by file, never by what they say, and files for secrets do not belong here', async () => {
    await using repository = await createRepository()
    await repository.write('.env.example', 'MAIL_SERVER=localhost\n')
    await repository.commit()
    expect(await checkSecrets(repository.root)).toMatchObject([{ state: 'ok' }])
    await repository.write('.env', `TOKEN=${token('ghp_', 36)}\n`)
    await repository.commit()
    const [finding] = await checkSecrets(repository.root)
    expect(finding).toMatchObject({ state: 'failed', found: '.env is a file for secrets; .env:1 has a GitHub token' })
  })
})

test('licences are allowed one by one; of alternatives one is enough, of conjunctions each counts', () => {
  const licences = ['MIT', 'GPL-3.0', 'GPL-3.0 OR MIT', 'MIT AND GPL-3.0', '(MIT AND ISC)', undefined]
  const packages = licences.map((license, index) => [
    `node_modules/p${index}`,
    license === undefined ? {} : { license },
  ])
  const lock = { packages: Object.fromEntries([...packages, ['node_modules/tool', { dev: true }], ['apps/web', {}]]) }
  expect(judgeLicences(lock, { allowed: { MIT: '', ISC: '' }, packages: {} })).toEqual({
    refused: ['p1 (GPL-3.0)', 'p3 (MIT AND GPL-3.0)', 'p5 (no licence)'],
    count: 6,
  })
  expect(
    judgeLicences(lock, { allowed: { MIT: '', ISC: '', 'GPL-3.0': '' }, packages: { p5: 'asked' } }).refused,
  ).toEqual([])
})

test('an audit fails by what is grave and nobody has excepted, and says plainly when the registry has no answer', () => {
  const advisory = (id: string, severity: string) => ({ url: `https://github.com/advisories/${id}`, severity })
  const audit = (via: unknown[], excepted: string[] = []) =>
    judgeAudit(JSON.stringify({ vulnerabilities: { one: { via }, two: { via: ['one'] } } }), { excepted })
  const [low, high] = [advisory('GHSA-l', 'low'), advisory('GHSA-h', 'high')]
  expect(audit([]).state).toBe('ok')
  expect(audit([low])).toMatchObject({ state: 'warning', found: 'GHSA-l (low)' })
  expect(audit([low, high])).toMatchObject({ state: 'failed', found: 'GHSA-l (low), GHSA-h (high)' })
  expect(audit([high], ['GHSA-h'])).toMatchObject({ state: 'ok', found: 'no known weakness, 1 excepted' })
  const refusal = 'npm warn audit 405\n{"message": "405 Method Not Allowed - POST https://registry.example.com/x"}'
  expect(judgeAudit(refusal)).toMatchObject({
    state: 'warning',
    found: expect.not.stringContaining('registry.example'),
  })
  expect(judgeAudit(refusal, { isStrict: true }).state).toBe('failed')
})

test('the way back leads to the newest release before this one', async () => {
  await using repository = await createRepository()
  const { root, write, commit } = repository
  expect(await previousTag(root)).toBeUndefined()
  expect(await checkRollback(root, undefined)).toMatchObject([{ state: 'warning' }])
  await write('a.txt', '')
  await commit('v1.10.0', 'not-a-release')
  await write('b.txt', '')
  await commit('v1.11.0')
  expect(await previousTag(root)).toBe('v1.10.0')
  const [finding] = await checkRollback(root, 'v1.10.0')
  expect(finding).toMatchObject({ state: 'ok', found: expect.stringContaining('to v1.10.0, 1 commits before') })
})
