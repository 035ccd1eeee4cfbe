import type { Claims } from '../docker/claims.ts'
import { docker } from '../containers/harness/command.ts'
import { lines, type Inspected } from '../containers/harness/installation.ts'
import { until } from '../containers/harness/until.ts'
import type { Ground } from './ground.ts'
import { BROKEN_VERSION } from './images.ts'
import { makeMachine, type Machine } from './machine.ts'
import { VERSION, type Deployed } from '../../deploy/aws/test/deployed.ts'
import { bookThrough, statusOf } from './visit.ts'

type Scene = { deployed: Deployed; ground: Ground; image: string; say: (line: string) => void }

const ROLES = ['web', 'worker'] as const

/** Logs go to CloudWatch, which is not here: for the trial they stay on the machine. What is said to it is in the text. */
const LOGGING = '--log-driver awslogs --log-opt awslogs-region=$REGION --log-opt awslogs-group=$LOG_PREFIX/$role'
const hereLogging = (userData: string) => userData.replace(LOGGING, '--log-driver json-file')

/** Starts machines with the template's user data: one that serves, and those that must not be taken for one. */
export async function tryMachine({ short, ...scene }: Scene & { short: boolean }, claims: Claims): Promise<void> {
  const { userData, logGroups } = scene.deployed
  scene.say('\na machine starts')
  claims.check(
    'each role logs to a group of the stack',
    userData.includes(LOGGING) &&
      ROLES.every((role) => logGroups.includes(`${valueOf(userData, 'LOG_PREFIX')}/${role}`)),
    logGroups.join(),
  )
  await tryServing(scene, claims)
  if (!short) await tryFailing(scene, claims)
}

async function tryServing({ deployed, ground, image, say }: Scene, claims: Claims): Promise<void> {
  const { userData, config } = deployed
  await using machine = await makeMachine(image, { ground, deployed, secrets: secretsOfMachines(deployed, ground) })
  await machine.launch(hereLogging(userData))
  const signal = await machine.signal()
  const ready = await statusOf(`${machine.url}/health/ready`)
  const [stack, group] = ['STACK', 'GROUP'].map((name) => valueOf(userData, name))
  claims.check(
    'it tells CloudFormation that it serves',
    signal === `--exit-code 0 --stack ${stack} --resource ${group} --region ${config.region}`,
    `${signal}\n${await lastWords(machine)}`,
  )
  claims.check('and it does', ready === 200, String(ready))
  if (ready !== 200) return
  const status = await bookThrough({ target: machine.url, domain: config.domain, slug: 'machines' }).catch(String)
  claims.check('a booking comes in through CloudFront and load balancer', status === 201, String(status))
  await tryConfinement(machine, claims)
  say('\nits secrets')
  await trySecrets(machine, ground, claims)
  say('\nit is started again')
  const former = await idsOf(machine)
  await machine.restart()
  await untilServing(machine)
  claims.check('web and worker come back by themselves', areOthers(former, await idsOf(machine)))
  claims.check('and CloudFormation hears nothing of it', (await machine.signals()) === 1)
  say('\na process is killed')
  const before = await idsOf(machine)
  await machine.shell('docker kill slotkeeper-web slotkeeper-worker')
  await untilServing(machine)
  claims.check('systemd starts it anew', areOthers(before, await idsOf(machine)))
}

async function tryConfinement(machine: Machine, claims: Claims): Promise<void> {
  for (const role of ROLES) {
    const [seen] = JSON.parse((await machine.shell(`docker inspect slotkeeper-${role}`)).stdout) as Inspected[]
    const { ReadonlyRootfs, CapDrop, SecurityOpt, Privileged } = seen?.HostConfig ?? {}
    const isConfined = ReadonlyRootfs && CapDrop?.join() === 'ALL' && SecurityOpt?.includes('no-new-privileges')
    claims.check(`${role} cannot write to its root and has no privileges`, Boolean(isConfined && !Privileged))
    const whoami = await machine.shell(`docker exec slotkeeper-${role} id -u`)
    claims.check(
      `${role} runs as the user of the image`,
      whoami.stdout.trim() === '1000',
      whoami.stdout + whoami.stderr,
    )
  }
  const ports = (await machine.shell('docker port slotkeeper-worker')).stdout.trim()
  claims.check('nobody outside reaches the figures of the worker', ports === '9464/tcp -> 127.0.0.1:9464', ports)
}

/** Searches the disk, what systemd and Docker tell and write, and a container that is about to make the settings. */
async function trySecrets(machine: Machine, { trustStore }: Ground, claims: Claims): Promise<void> {
  const found = async (where: string) => (await machine.shell(`${where} | grep -F -f /aws/needles`)).stdout
  const types = await machine.shell('stat --file-system --format %T /run/slotkeeper-web /run/slotkeeper-worker')
  claims.check('they lie in memory', types.stdout === 'tmpfs\ntmpfs\n', types.stdout + types.stderr)
  const there = await machine.shell('grep -l -F -f /aws/needles /run/slotkeeper-web/* | wc -l')
  claims.check('there, a search finds them', Number(there.stdout) >= 3, there.stdout)
  const others = await machine.shell('setpriv --reuid 65534 --clear-groups cat /run/slotkeeper-web/database_url')
  claims.check(
    'only the product reads them',
    others.code !== 0 && others.stderr.includes('Permission denied'),
    others.stderr,
  )

  await docker('pause', trustStore)
  await machine.shell('systemctl --no-block restart slotkeeper-web')
  const isFetching = "docker ps --format '{{.Names}}' | grep -q -v slotkeeper"
  await until(async () => (await machine.shell(isFetching)).code === 0)
  const inspected = await found('docker inspect $(docker ps -q)')
  const onDisk = await filesWithSecrets(machine, '/var/lib/docker/containers /etc /opt /root /tmp /var/log')
  claims.check('a container fetches them just now', (await machine.shell(isFetching)).code === 0)
  await docker('unpause', trustStore)
  claims.check('Docker tells none, not even while they are fetched', inspected === '', inspected.slice(0, 200))
  claims.check('none is on the disk while they are fetched', onDisk === '', onDisk)
  await untilServing(machine)
  claims.check('none is on the disk when it serves', (await filesWithSecrets(machine, '/ /var/lib/docker')) === '')
  claims.check('none is in the journal', (await found('journalctl --no-pager')) === '')
  claims.check('systemd tells none', (await found('systemctl show slotkeeper-web slotkeeper-worker')) === '')
  const stopped = await machine.shell(
    'systemctl stop slotkeeper-worker; ls /run/slotkeeper-worker; systemctl start slotkeeper-worker',
  )
  claims.check('they go when the process is stopped', stopped.stderr.includes('No such file'), stopped.stdout)
}

/** The files below some folders in which a secret stands; what is mounted there does not count. */
async function filesWithSecrets(machine: Machine, folders: string): Promise<string> {
  const { stdout } = await machine.shell(
    `find ${folders} -xdev -type f -print0 | xargs -0 grep -l -s -F -f /aws/needles`,
  )
  return stdout
}

/** User data that must not end well, and why. */
const FAILING: Record<string, (userData: string) => string> = {
  'an image that is not in the registry': (userData) => userData.replace(`:${VERSION}'`, ":none'"),
  'a secret that it may not read': (userData) => withSecret(userData, 'nobody'),
  "a wrong password of the database's user": (userData) => withSecret(userData, WRONG),
  'an image whose processes end at once': (userData) => userData.replace(`:${VERSION}'`, `:${BROKEN_VERSION}'`),
  'a worker that does not start': (userData) => userData.replace("unit worker '", "unit worker '-e MAIL_PORT=none "),
}

/** Where a secret lies that opens nothing. */
const WRONG = 'wrong'
const withSecret = (userData: string, id: string) =>
  userData.replace(/^APP_SECRET_ID='.*'$/m, () => `APP_SECRET_ID='${id}'`)

async function tryFailing({ deployed, ground, image, say }: Scene, claims: Claims): Promise<void> {
  const secrets = secretsOfMachines(deployed, ground)
  const app = JSON.parse(ground.secrets.get(deployed.secretId('App')) ?? '{}') as Record<string, unknown>
  secrets.set(WRONG, JSON.stringify({ ...app, password: 'wrong' }))
  await using machine = await makeMachine(image, { ground, deployed, secrets })
  say('\na machine that must not serve tells CloudFormation so')
  for (const [name, change] of Object.entries(FAILING)) {
    const changed = change(hereLogging(deployed.userData))
    // It need not be asked for five minutes.
    await machine.launch(changed.replace('\n', '\nTRIES=6\n'))
    const signal = await machine.signal()
    claims.check(name, changed !== deployed.userData && /^--exit-code [1-9]\d* --stack /.test(signal), signal)
    await machine.clear()
  }
}

/** Those that the role of the machines may read. */
function secretsOfMachines({ secretId }: Deployed, { secrets }: Ground): Map<string, string> {
  return new Map(['App', 'Cache', 'Application'].map(secretId).map((id) => [id, secrets.get(id) ?? '']))
}

/** What a line in front of the script gives a variable. */
function valueOf(userData: string, name: string): string {
  return new RegExp(`^${name}='(.*)'$`, 'm').exec(userData)?.[1] ?? ''
}

async function untilServing(machine: Machine): Promise<void> {
  const figures = 'curl -fsS -o /dev/null http://127.0.0.1:9464/metrics'
  await until(
    async () => (await statusOf(`${machine.url}/health/ready`)) === 200 && (await machine.shell(figures)).code === 0,
    240,
  )
}

/** The containers of web and worker. */
async function idsOf(machine: Machine): Promise<string[]> {
  return lines((await machine.shell("docker inspect --format '{{.Id}}' slotkeeper-web slotkeeper-worker")).stdout)
}

const areOthers = (before: string[], after: string[]) =>
  after.length === ROLES.length && after.every((id) => !before.includes(id))

async function lastWords(machine: Machine): Promise<string> {
  const { stdout } = await machine.shell('tail -n 20 /var/log/cloud-init-output.log; journalctl --no-pager -n 30')
  return stdout
}
