import assert from 'node:assert/strict'
import { docker } from '../harness/command.ts'
import type { Tools } from '../harness/group.ts'
import type { Installation } from '../harness/installation.ts'
import { ask, type Answer } from '../harness/visitor.ts'

const API = '/api/v1/organizations/salon'

/** What people and programs see while something behind nginx is gone. */
export async function checkFaults(installation: Installation, check: Tools['check']): Promise<void> {
  await checkMaintenance(installation, check)
  await checkFailOver(installation, check)
  await checkNobodyThere(installation, check)
}

async function checkMaintenance(installation: Installation, check: Tools['check']): Promise<void> {
  const inNginx = (...command: string[]) => installation.compose('exec', '-T', 'nginx', ...command)
  await check(
    'during maintenance, people read so in five languages, programs in theirs, both when to come again',
    async () => {
      await inNginx('touch', '/maintenance/on')
      try {
        const page = await ask(installation, '/salon')
        assert.equal(page.status, 503)
        for (const words of ['Maintenance', 'Wir arbeiten', 'Estamos trabajando', 'Nous intervenons', 'نعمل']) {
          assert.ok(page.body.includes(words), words)
        }
        const problem = await ask(installation, API)
        assert.equal((JSON.parse(problem.body) as { code: string }).code, 'server.maintenance')
        for (const answer of [page, problem]) assertTemporary(answer)
        assert.match(problem.headers['content-type'] ?? '', /^application\/problem\+json/)
      } finally {
        await inNginx('rm', '/maintenance/on')
      }
      assert.equal((await ask(installation, '/salon')).status, 200)
    },
  )
}

async function checkFailOver(installation: Installation, check: Tools['check']): Promise<void> {
  await check('of two containers one is killed: nobody who reads notices', async () => {
    const [first = '', second] = await installation.containersOf('app')
    assert.ok(second, 'there is only one container')
    const statuses = readFor(installation, 200)
    await docker('kill', first)
    assert.deepEqual(
      (await statuses).filter((status) => status !== 200),
      [],
    )
    await installation.compose('up', '--detach', '--wait', 'app')
  })
}

async function checkNobodyThere(installation: Installation, check: Tools['check']): Promise<void> {
  const path = /\/_app\/immutable\/[^"']+\.js/.exec((await ask(installation, '/salon')).body)?.[0] ?? ''
  await ask(installation, path)
  await installation.compose('stop', '--timeout', '1', 'app')
  try {
    await check('with no container left, people and programs are told to come again', async () => {
      const page = await ask(installation, '/salon?token=planted-while-away')
      assert.match(page.body, /Not available/)
      const problem = await ask(installation, API)
      assert.equal((JSON.parse(problem.body) as { code: string }).code, 'server.busy')
      for (const answer of [page, problem]) assertTemporary(answer)
    })
    await check('files with a hash in their name outlive the release that made them', async () => {
      assert.equal((await ask(installation, path)).status, 200)
    })
  } finally {
    await installation.compose('up', '--detach', '--wait')
  }
  await check('when containers are back, so is the site', async () => {
    const statuses = await readFor(installation, 20)
    assert.equal(statuses.at(-1), 200)
  })
  await check('the log tells which page was asked for also when there was none, and still no token', async () => {
    const log = await installation.compose('logs', '--no-color', '--no-log-prefix', 'nginx')
    assert.doesNotMatch(log, /"path":"\/faults\//)
    assert.match(log, /"path":"\/salon","status":503/)
    assert.doesNotMatch(log, /planted-while-away/)
  })
}

function assertTemporary({ status, headers, doubled }: Answer): void {
  assert.equal(status, 503)
  assert.ok(Number(headers['retry-after']) > 0, 'it does not tell when to come again')
  assert.equal(headers['cache-control'], 'no-store')
  assert.match(headers['strict-transport-security'] ?? '', /max-age/)
  assert.deepEqual(doubled, [])
}

/** Reads so many times, at a pace that no limit minds, and answers the statuses. */
async function readFor(installation: Installation, count: number): Promise<number[]> {
  const statuses: number[] = []
  for (let index = 0; index < count; index++) {
    statuses.push((await ask(installation, API)).status)
    await new Promise((resolve) => setTimeout(resolve, 40))
  }
  return statuses
}
