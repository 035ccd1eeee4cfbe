import { setTimeout as sleep } from 'node:timers/promises'
import type { Claims } from '../docker/claims.ts'
import { docker } from '../containers/harness/command.ts'
import { lines } from '../containers/harness/installation.ts'
import type { Ground } from './ground.ts'
import { startTask, type Task } from './task.ts'
import type { ContainerDefinition, Deployed } from '../../deploy/aws/test/deployed.ts'
import { bookThrough, statusOf } from './visit.ts'

type Scene = { deployed: Deployed; ground: Ground; image: string; say: (line: string) => void }

/** What the application's user must not do. */
const FORBIDDEN = [
  'create table booking_copy (id int)',
  'alter table booking disable row level security',
  'drop table booking',
  'delete from audit_event',
  'set role slotkeeper_owner',
  'create database mine',
]

/** Runs the containers of the template's tasks in the order of a first deployment, then of an update. */
export async function tryTasks(scene: Scene, claims: Claims): Promise<void> {
  const { deployed, say } = scene
  say('\nthe task that migrates, with an empty database')
  const first = await runOnce(scene)
  claims.check('users are made and the schema is there', first.every(hasSucceeded), tell(first))
  claims.check('it goes settings, users, command', first.map(({ name }) => name).join() === 'settings,users,command')
  const second = await runOnce(scene)
  claims.check('it may run any number of times', second.length === 3 && second.every(hasSucceeded), tell(second))
  await tryUsers(scene, claims)

  say('\nthe task of web')
  await using web = await startTask(deployed.task('web'), scene)
  claims.check('settings are made, and it gets healthy', await isHealthy(scene, web, 'web'), await logOf(web, 'web'))
  claims.check(
    'it answers the load balancer, who calls it by its address',
    (await statusOf(`${web.url}/health/ready`)) === 200,
  )
  await tryConfinement(web, 'web', claims)
  const { domain } = deployed.config
  const status = await bookThrough({ target: web.url, domain, slug: 'tasks' }).catch(String)
  claims.check('a booking comes in through CloudFront and load balancer', status === 201, String(status))

  say('\nthe task of worker')
  await using worker = await startTask(deployed.task('worker'), scene)
  claims.check('it gets healthy', await isHealthy(scene, worker, 'worker'), await logOf(worker, 'worker'))
  await tryConfinement(worker, 'worker', claims)

  say("\nthe task that exports the trail, but for the upload by AWS's tool")
  await using exported = await startTask(deployed.task('export'), { ...scene, without: ['upload'] })
  claims.check(
    'the trail is written',
    exported.ended.length === 2 && exported.ended.every(hasSucceeded),
    tell(exported.ended),
  )
  const packed = ['run', '--rm', '--volumes-from', exported.container('write'), '--entrypoint', 'zcat', scene.image]
  const trail = lines(await docker(...packed, '/tmp/trail.jsonl.gz'))
  claims.check(
    'what happened is in it',
    trail.some((line) => line.includes('booking')),
    trail[0],
  )

  say('\nSIGTERM')
  for (const [name, task] of Object.entries({ web, worker })) await tryStop(scene, { name, task }, claims)
}

async function runOnce({ deployed, ground, image }: Scene): Promise<Task['ended']> {
  await using task = await startTask(deployed.task('once'), { ground, image })
  return task.ended
}

const hasSucceeded = ({ outcome }: Task['ended'][number]) => outcome.code === 0
const tell = (ended: Task['ended']) =>
  ended.map(({ name, outcome }) => `${name} ended with ${outcome.code}: ${outcome.stderr.slice(-1_000)}`).join('\n')

async function tryUsers({ deployed, ground, say }: Scene, claims: Claims): Promise<void> {
  say('\nthe users that it made')
  const secretOf = (name: string) => {
    const { username: user = '', password = '' } = JSON.parse(
      ground.secrets.get(deployed.secretId(name)) ?? '{}',
    ) as Record<string, string>
    return { user, password }
  }
  const [app, admin] = [secretOf('App'), secretOf('Admin')]
  const plain = await ground.sql({ ...app, sslMode: 'disable' }, 'select 1')
  claims.check('nobody comes in without TLS', plain.code !== 0 && plain.stderr.includes('no encryption'), plain.stderr)
  const read = await ground.sql(app, 'select count(*) from organization')
  claims.check('the application reads', read.code === 0, read.stderr)
  for (const statement of FORBIDDEN) {
    const { code, stderr } = await ground.sql(app, statement)
    claims.check(
      `the application is refused: ${statement}`,
      code !== 0 && /permission denied|must be owner/.test(stderr),
      stderr,
    )
  }
  // What AWS's rotation does, where two users take turns.
  const clone = { user: `${app.user}_clone`, password: 'other' }
  const made = await ground.sql(
    { ...admin, database: 'postgres' },
    `create user ${clone.user} with login password 'other'; grant ${app.user} to ${clone.user}`,
  )
  const works = await ground.sql(clone, 'select count(*) from organization')
  claims.check('the second user of rotation works in its place', works.code === 0, made.stderr + works.stderr)
  const table = await ground.sql(clone, FORBIDDEN[0] ?? '')
  claims.check('and changes no tables either', /permission denied/.test(table.stderr), table.stderr)
}

/** Asks as ECS does: every so often, as many times as it may fail, from the end of the time to start on. */
async function isHealthy({ deployed }: Scene, task: Task, name: string): Promise<boolean> {
  const { HealthCheck: check } = definitionOf(deployed, name)
  if (!check) return false
  const [kind, ...command] = check.Command
  const tries = check.StartPeriod / check.Interval + check.Retries
  for (let count = 0; kind === 'CMD' && count < tries; count++) {
    if ((await task.inside(name, command)).code === 0) return true
    await sleep(check.Interval * 1_000)
  }
  return false
}

function definitionOf(deployed: Deployed, name: string): ContainerDefinition {
  const definition = deployed.task(name).ContainerDefinitions.find(({ Name }) => Name === name)
  if (!definition) throw new Error(`There is no container ${name}`)
  return definition
}

async function logOf(task: Task, name: string): Promise<string> {
  return (await docker('logs', '--tail', '5', task.container(name)).catch(String)).slice(-1_000)
}

async function tryConfinement(task: Task, name: string, claims: Claims): Promise<void> {
  const refused = await Promise.all(
    ['/app/mine', '/made/mine'].map((file) => task.inside(name, ['sh', '-c', `echo > ${file}`])),
  )
  claims.check(
    'nothing can be written but in /tmp',
    refused.every(({ code }) => code !== 0),
  )
  const { code, stderr } = await task.inside(name, ['sh', '-c', 'echo > /tmp/mine && [ "$(id -u)" = 1000 ]'])
  claims.check('it runs as the user of the image', code === 0, stderr)
}

async function tryStop(
  { deployed }: Scene,
  { name, task }: { name: string; task: Task },
  claims: Claims,
): Promise<void> {
  const { StopTimeout = 30 } = definitionOf(deployed, name)
  const startMs = performance.now()
  await docker('stop', '--time', String(StopTimeout), task.container(name))
  const seconds = (performance.now() - startMs) / 1_000
  const code = (await docker('inspect', '--format', '{{.State.ExitCode}}', task.container(name))).trim()
  claims.check(
    `${name} ends by itself before it is killed after ${StopTimeout} s (${seconds.toFixed(1)} s)`,
    code === '0',
    code,
  )
}
