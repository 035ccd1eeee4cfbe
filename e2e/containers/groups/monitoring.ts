import assert from 'node:assert/strict'
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findFreePort } from '../../../apps/server/src/local/free-port.ts'
import { docker } from '../harness/command.ts'
import type { Group, Tools } from '../harness/group.ts'
import { ROOT, type BuiltImage } from '../harness/image.ts'
import { inspect, startInstallation, type Installation } from '../harness/installation.ts'
import { mailsIn } from '../harness/mails.ts'
import { until } from '../harness/until.ts'

/** What Debian has of the profile. Grafana, Loki and Alloy are looked at, but do not run: their images cannot be made of it. */
const RUNNING = ['prometheus', 'alertmanager', 'node-exporter', 'blackbox-exporter']
const STAND_INS = join(ROOT, 'e2e', 'containers', 'monitoring')

type Scene = { installation: Installation; prometheus: number; inbox: number }

export const monitoring: Group = {
  name: 'monitoring',
  about: 'the profile monitoring: figures of all processes, and alerts that reach somebody',
  async run({ check, image, figure }) {
    const built = await image()
    await using standIns = await buildStandIns(built)
    const prometheus = await findFreePort(42_000, '127.0.0.1')
    const inbox = await findFreePort(prometheus + 1, '127.0.0.1')
    await using installation = await startInstallation({
      image: built,
      settings: {
        ...{ COMPOSE_FILE: `compose.yaml:${join(STAND_INS, 'stand-ins.yaml')}`, STAND_IN: standIns.name },
        ...{ COMPOSE_PROFILES: 'mail', MAIL_INBOX_IMAGE: `${standIns.name}-mail`, MAIL_INBOX_VERSION: 'test' },
        ...{ MAIL_SERVER: 'mail', MAIL_PORT: '1025', MAIL_USERNAME: '', MAIL_PASSWORD: '' },
        ...{
          PROMETHEUS_PORT: String(prometheus),
          MAIL_INBOX_PORT: String(inbox),
          ALERTS_PAGES_TO: 'on-call@example.com',
        },
      },
    })
    const scene = { installation, prometheus, inbox }
    await checkFiles(installation, check)
    await check('one command adds it to an installation that runs', async () => {
      await installation.compose('--profile', 'monitoring', 'up', '--detach', '--wait', ...RUNNING)
    })
    await checkFigures(scene, check)
    await checkReach(installation, check)
    await check('when no web process is left, whoever is on call has a mail about it', async () => {
      const startedMs = performance.now()
      await installation.compose('stop', 'app')
      await until(async () => (await firing(scene)).includes('SlotkeeperNoWebProcess'), 240)
      await until(async () => (await alertMails(scene)).some((subject) => subject.includes('FIRING')), 120)
      figure({ name: 'docker.alert.seconds', value: Math.round((performance.now() - startedMs) / 1000), unit: 's' })
    })
    await check('when they are back, the alert is over', async () => {
      await installation.compose('start', 'app')
      await until(async () => !(await firing(scene)).includes('SlotkeeperNoWebProcess'), 240)
    })
  },
}

async function checkFiles(installation: Installation, check: Tools['check']): Promise<void> {
  const said = await installation.compose('--profile', '*', 'config', '--format', 'json')
  const { services } = JSON.parse(said) as { services: Record<string, { volumes?: Mount[] }> }
  const mounts = Object.values(services).flatMap(({ volumes = [] }) => volumes)
  await check('the file is valid, and all that it mounts is there', async () => {
    const ours = mounts.filter(({ type, source }) => type === 'bind' && source.startsWith(installation.folder))
    assert.ok(ours.length > 10)
    for (const { source } of ours) await access(source)
  })
  await check('Grafana finds data sources and dashboards where the file puts them', async () => {
    const provider = await readFile(
      join(installation.folder, 'monitoring', 'grafana', 'provisioning', 'dashboards', 'dashboards.yml'),
      'utf8',
    )
    const path = /path: (\S+)/.exec(provider)?.[1] ?? 'no path'
    const targets = services['grafana']?.volumes?.map(({ target }) => target) ?? []
    assert.ok(targets.includes(path), path)
    assert.ok(targets.includes('/etc/grafana/provisioning'))
  })
}

type Mount = { type: string; source: string; target: string }

async function checkFigures(scene: Scene, check: Tools['check']): Promise<void> {
  const { prometheus } = scene
  await check('every process and companion is asked, and answers', async () => {
    const wanted = ['machine', 'prometheus', 'public', 'slotkeeper-web', 'slotkeeper-web', 'slotkeeper-worker']
    await until(async () => {
      const { activeTargets } = await tell<{ activeTargets: Target[] }>(prometheus, 'targets')
      const up = activeTargets.filter(({ health }) => health === 'up').map(({ labels }) => labels.job)
      return up.sort().join() === wanted.join()
    }, 120)
  })
  await check('figures of the product are there', async () => {
    const { result } = await tell<{ result: { value: [number, string] }[] }>(
      ...([prometheus, 'query?query=sum(slotkeeper_pool_connections_max{job="slotkeeper-web"})'] as const),
    )
    assert.ok(Number(result[0]?.value[1]) > 0)
  })
  await check('all alerts are loaded, and none is in error', async () => {
    const written = await readFile(join(ROOT, 'deploy', 'monitoring', 'prometheus', 'alerts.yml'), 'utf8')
    const { groups } = await tell<{ groups: { rules: { name: string; lastError?: string }[] }[] }>(prometheus, 'rules')
    const rules = groups.flatMap((group) => group.rules)
    assert.deepEqual(
      rules.map(({ name }) => name).sort(),
      [...written.matchAll(/- alert: (\w+)/g)].map(([, name]) => name).sort(),
    )
    assert.deepEqual(
      rules.filter(({ lastError }) => lastError !== undefined && lastError !== ''),
      [],
    )
  })
  await check('figures are kept for thirty days', async () => {
    const { storageRetention } = await tell<{ storageRetention: string }>(prometheus, 'status/runtimeinfo')
    assert.equal(storageRetention, '30d')
  })
}

type Target = { health: string; labels: { job: string } }

async function checkReach(installation: Installation, check: Tools['check']): Promise<void> {
  const containers = new Map<string, Awaited<ReturnType<typeof inspect>>>()
  for (const service of [...RUNNING, 'db', 'redis'])
    containers.set(service, await inspect(await installation.containersOf(service)))
  const networksOf = (service: string) =>
    new Set(containers.get(service)?.flatMap(({ NetworkSettings }) => Object.keys(NetworkSettings.Networks)))
  await check('what watches reaches neither the database nor Redis, and is reached from this machine alone', () => {
    for (const service of RUNNING) {
      for (const data of ['db', 'redis']) assert.ok(networksOf(service).isDisjointFrom(networksOf(data)), service)
      for (const { HostConfig } of containers.get(service) ?? [])
        assert.doesNotMatch(JSON.stringify(HostConfig.PortBindings), /0\.0\.0\.0|"HostIp":""/, service)
    }
    return Promise.resolve()
  })
  await check('each of them may do no more than it must', () => {
    for (const service of RUNNING) {
      const [{ HostConfig } = assert.fail(service)] = containers.get(service) ?? []
      assert.deepEqual([HostConfig.ReadonlyRootfs, HostConfig.Privileged, HostConfig.CapDrop], [true, false, ['ALL']])
      assert.ok(HostConfig.Memory > 0, service)
    }
    return Promise.resolve()
  })
}

/** Names of the alerts that Prometheus is certain of. */
async function firing({ prometheus }: Scene): Promise<string[]> {
  const { alerts } = await tell<{ alerts: { state: string; labels: { alertname: string } }[] }>(prometheus, 'alerts')
  return alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname)
}

async function alertMails({ inbox }: Scene): Promise<string[]> {
  const mails = await mailsIn(inbox)
  return mails
    .filter(({ to, subject }) => to === 'on-call@example.com' && subject.includes('SlotkeeperNoWebProcess'))
    .map(({ subject }) => subject)
}

async function tell<Data>(port: number, what: string): Promise<Data> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${what}`)
  if (!answer.ok) throw new Error(`Prometheus answered ${answer.status}: ${await answer.text()}`)
  return ((await answer.json()) as { data: Data }).data
}

/** Images under names of our own; they go when they are disposed of, together with what Compose builds beside them. */
async function buildStandIns(built: BuiltImage): Promise<AsyncDisposable & { name: string }> {
  const name = `${built.name}-watch`
  const images = [...RUNNING.map((part) => `${name}-${part}`), `${name}-mail:test`]
  for (const part of RUNNING) await docker('build', '--quiet', '--target', part, '--tag', `${name}-${part}`, STAND_INS)
  return {
    name,
    [Symbol.asyncDispose]: async () => {
      await docker('image', 'rm', '--force', ...images)
    },
  }
}
