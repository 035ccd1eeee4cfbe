import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createBusiness } from '../../stack/business.ts'
import { linkBy } from '../../stack/sign-up.ts'
import { docker } from '../harness/command.ts'
import type { Group, Tools } from '../harness/group.ts'
import { inspect, lines, type Inspected, type Installation } from '../harness/installation.ts'
import { until } from '../harness/until.ts'
import { ask, trust } from '../harness/visitor.ts'

/** Services that go on; the others do their work and end. */
const LASTING = ['app', 'worker', 'nginx', 'db', 'redis']

export const compose: Group = {
  name: 'compose',
  about: 'an empty folder, four values and one command make an installation that only nginx opens',
  async run({ check, installation: start }) {
    const installation = await start()
    trust(installation)
    const business = await createBusiness(installation.url, {
      slug: 'studio',
      providers: 1,
      linkFor: linkBy(installation),
    })

    await check('four values are all that must be set', async () => {
      const example = lines(await readFile(join(installation.folder, 'compose', '.env.example'), 'utf8'))
      assert.equal(example.filter((line) => !line.startsWith('#')).length, 4)
    })
    await check('people see the booking page, over TLS', async () => {
      const { status, body } = await ask(installation, '/studio')
      assert.equal(status, 200)
      assert.match(body, /The Race/)
    })
    await checkRights(installation, check)
    await checkNetworks(installation, check)
    await checkSecrets(installation, check)
    await check('a container that dies is started again', async () => {
      const [worker = ''] = await installation.containersOf('worker')
      const startedAt = () => docker('inspect', '--format', '{{.State.StartedAt}}', worker)
      const before = await startedAt()
      // Ended from within: what an operator kills by name stays down.
      await docker('exec', worker, 'node', '-e', "process.kill(1, 'SIGTERM')")
      await until(async () => (await startedAt()) !== before)
    })
    await check('starting it again changes nothing', async () => {
      const before = await installation.compose('ps', '--quiet')
      await installation.compose('up', '--detach', '--wait')
      assert.equal(await installation.compose('ps', '--quiet'), before)
    })
    await check('taken down and up again, it has its data, and people are still signed in', async () => {
      await installation.compose('down')
      await installation.compose('up', '--detach', '--wait')
      const { status } = await ask(installation, `/api/v1/organizations/studio/schedules`, {
        headers: { cookie: business.cookie },
      })
      assert.equal(status, 200)
    })
    await checkKeyExchange(installation, business, check)
    await check('a value that is missing is named', async () => {
      await installation.setEnvironment({ MAIL_SERVER: '' })
      const { code, stderr } = await installation.tryCompose('config', '--quiet')
      await installation.setEnvironment({ MAIL_SERVER: 'mail.invalid' })
      assert.notEqual(code, 0)
      assert.match(stderr, /MAIL_SERVER/)
    })
  },
}

async function checkKeyExchange(
  installation: Installation,
  { cookie }: { cookie: string },
  check: Tools['check'],
): Promise<void> {
  const exchange = async (script: string) => {
    await installation.compose('run', '--rm', '-T', '--entrypoint', 'sh', 'first-start', '-c', script)
    await installation.compose('up', '--detach', '--wait', '--force-recreate', 'first-start', 'app', 'worker')
    const { status } = await ask(installation, '/api/v1/organizations/studio/schedules', { headers: { cookie } })
    return status
  }
  await check(
    'the key of the application is exchanged as the runbook says: people stay signed in until the former one goes',
    async () => {
      const made = 'cd /made/app && cp secret_key secret_key_previous && openssl rand -base64 48 > secret_key'
      assert.equal(await exchange(made), 200)
      assert.equal(await exchange(': > /made/app/secret_key_previous'), 401)
    },
  )
}

async function checkRights(installation: Installation, check: Tools['check']): Promise<void> {
  const containers = await containersByService(installation)
  const every = async (prove: (container: Inspected, service: string) => void) => {
    for (const [service, list] of containers) for (const container of list) prove(container, service)
  }
  await check('no container may gain rights, and each has given up those that it does not need', () =>
    every(({ HostConfig }, service) => {
      assert.equal(HostConfig.Privileged, false, service)
      assert.ok(HostConfig.SecurityOpt?.includes('no-new-privileges:true'), service)
      assert.deepEqual(HostConfig.CapDrop, ['ALL'], service)
    }),
  )
  await check('the file systems of the product and of Redis are read-only', () =>
    every(({ HostConfig }, service) => {
      if (['app', 'worker', 'redis'].includes(service)) assert.equal(HostConfig.ReadonlyRootfs, true, service)
    }),
  )
  await check('each has a limit of memory, comes back after a restart of the machine, and rotates its log', () =>
    every(({ HostConfig }, service) => {
      assert.ok(HostConfig.Memory > 0, service)
      assert.equal(HostConfig.RestartPolicy.Name, 'unless-stopped', service)
      assert.ok(HostConfig.LogConfig.Type === 'local' || HostConfig.LogConfig.Config['max-size'], service)
    }),
  )
}

async function checkNetworks(installation: Installation, check: Tools['check']): Promise<void> {
  const containers = await containersByService(installation)
  const networksOf = (service: string) =>
    new Set((containers.get(service) ?? []).flatMap(({ NetworkSettings }) => Object.keys(NetworkSettings.Networks)))
  await check('only nginx can be reached from outside', async () => {
    const open = [...containers].filter(([, list]) =>
      list.some(({ HostConfig }) => isPublished(HostConfig.PortBindings)),
    )
    assert.deepEqual(
      open.map(([service]) => service),
      ['nginx'],
    )
  })
  await check('nginx shares no network with the database and Redis', async () => {
    for (const service of ['db', 'redis']) {
      assert.equal(networksOf(service).isDisjointFrom(networksOf('nginx')), true, service)
    }
  })
  await check('the database and Redis cannot get out', async () => {
    for (const network of [...networksOf('db'), ...networksOf('redis')]) {
      assert.equal((await docker('network', 'inspect', '--format', '{{.Internal}}', network)).trim(), 'true', network)
    }
  })
}

async function checkSecrets(installation: Installation, check: Tools['check']): Promise<void> {
  await check('passwords and keys are in files that their service alone reads, not in the environment', async () => {
    const secrets = await madeSecrets(installation)
    assert.ok(secrets.length >= 6, `${secrets.length} secrets`)
    const ids = lines(await installation.compose('ps', '--all', '--quiet'))
    for (const { Name, Config } of await inspect(ids)) {
      const shown = secrets.filter((secret) => Config.Env.some((line) => line.includes(secret)))
      assert.deepEqual(shown, [], Name)
    }
  })
  await check('the password of the mail server is in a file as well, and another one takes one command', async () => {
    const known = () => installation.compose('exec', '-T', 'worker', 'cat', '/made/app/mail_password')
    assert.equal(await known(), 'a password')
    await installation.setEnvironment({ MAIL_PASSWORD: 'another password' })
    await installation.compose('up', '--detach', '--wait', '--force-recreate', 'first-start', 'app', 'worker')
    assert.equal(await known(), 'another password')
  })
  await check('nothing of them is in the logs', async () => {
    const logs = await installation.compose('logs', '--no-color')
    assert.equal(
      (await madeSecrets(installation)).some((secret) => logs.includes(secret)),
      false,
    )
  })
  await check('Redis answers nobody without the password, and nobody without TLS', async () => {
    const redis = (script: string) => installation.tryCompose('exec', '-T', 'redis', 'sh', '-c', script)
    const open = await redis('redis-cli --tls --cacert /made/redis/ca.crt -h redis ping')
    assert.match(open.stdout + open.stderr, /NOAUTH/)
    const plain = await redis('redis-cli -h redis -p 6379 ping')
    assert.doesNotMatch(plain.stdout, /PONG/)
  })
}

/** Passwords of the database and Redis, and the key of the application. */
async function madeSecrets(installation: Installation): Promise<string[]> {
  const read = (service: string, script: string) => installation.compose('exec', '-T', service, 'sh', '-c', script)
  const database = await installation.compose(
    ...['exec', '-T', '-u', 'postgres', 'db', 'sh', '-c'],
    'cd /made/database && cat owner app readonly replication',
  )
  return lines(
    `a password\nanother password\n${database}` +
      (await read('redis', 'cat /made/redis/password')) +
      (await read('app', 'cat /made/app/secret_key')),
  )
}

async function containersByService(installation: Installation): Promise<Map<string, Inspected[]>> {
  const found = new Map<string, Inspected[]>()
  for (const service of LASTING) found.set(service, await inspect(await installation.containersOf(service)))
  return found
}

function isPublished(ports: Record<string, unknown> | null): boolean {
  return Object.keys(ports ?? {}).length > 0
}
