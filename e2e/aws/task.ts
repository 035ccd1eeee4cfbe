import { findFreePort } from '../../apps/server/src/local/free-port.ts'
import { docker, tryRun, type Outcome } from '../containers/harness/command.ts'
import type { Ground } from './ground.ts'
import type { ContainerDefinition, TaskDefinition } from '../../deploy/aws/test/deployed.ts'

/** A task as Fargate runs it: containers that share a network and volumes, started when those they depend on are done. */
export type Task = AsyncDisposable & {
  /** how those ended that others wait for, in the order in which they ran */
  ended: { name: string; outcome: Outcome }[]
  /** a web process of it, seen from this machine */
  url: string
  /** the container of that name */
  container: (name: string) => string
  /** runs a command in a container */
  inside: (name: string, command: string[]) => Promise<Outcome>
}

type Setting = { prefix: string; image: string; secrets: Map<string, string> }

/**
 * Starts a task on this machine. A container that others wait for is waited for; where it fails, those after it do not
 * start.
 */
export async function startTask(
  { Family, Memory, ContainerDefinitions }: TaskDefinition,
  { image, ground, without = [] }: { image: string; ground: Ground; without?: string[] },
): Promise<Task> {
  await using stack = new AsyncDisposableStack()
  const prefix = `${ground.prefix}-${Family}-${crypto.randomUUID().slice(0, 4)}`
  const setting = { prefix, image, secrets: ground.secrets }
  const definitions = inOrder(ContainerDefinitions.filter(({ Name }) => !without.includes(Name)))
  for (const volume of ['made', 'tmp']) {
    await docker('volume', 'create', `${prefix}-${volume}`)
    stack.defer(async () => {
      await tryRun('docker', ['volume', 'rm', '--force', `${prefix}-${volume}`])
    })
  }
  const port = await findFreePort(20_000 + Math.floor(Math.random() * 20_000), '127.0.0.1')
  const shared = [
    '--dns',
    ground.resolver,
    '--publish',
    `127.0.0.1:${port}:5000`,
    '--entrypoint',
    'sleep',
    image,
    'infinity',
  ]
  await docker('run', '--detach', '--init', '--name', `${prefix}-network`, ...shared)
  stack.defer(async () => {
    const names = ['network', ...definitions.map(({ Name }) => Name)]
    await tryRun('docker', ['rm', '--force', '--volumes', ...names.map((name) => `${prefix}-${name}`)])
  })
  const ended: Task['ended'] = []
  for (const definition of definitions) {
    const isWaitedFor = !definition.PortMappings && !definition.HealthCheck
    const mode = isWaitedFor ? [] : ['--detach']
    const outcome = await tryRun('docker', [
      'run',
      ...mode,
      '--memory',
      `${Memory}m`,
      ...runArguments(definition, setting),
    ])
    if (isWaitedFor) ended.push({ name: definition.Name, outcome })
    if (outcome.code !== 0) break
  }
  const made = stack.move()
  return {
    ...{ ended, url: `http://127.0.0.1:${port}` },
    container: (name) => `${prefix}-${name}`,
    inside: (name, command) => tryRun('docker', ['exec', `${prefix}-${name}`, ...command]),
    [Symbol.asyncDispose]: () => made.disposeAsync(),
  }
}

/** Each after those that it depends on. */
function inOrder(definitions: ContainerDefinition[]): ContainerDefinition[] {
  const sorted: ContainerDefinition[] = []
  const left = new Set(definitions)
  while (left.size > 0) {
    const next = [...left].find(({ DependsOn = [] }) =>
      DependsOn.every(({ ContainerName }) => sorted.some(({ Name }) => Name === ContainerName)),
    )
    if (!next) throw new Error('Containers wait for each other')
    left.delete(next)
    sorted.push(next)
  }
  return sorted
}

/** A container's definition as arguments of `docker run`. Its log driver is AWS's, and its check of health is asked for apart. */
function runArguments(definition: ContainerDefinition, { prefix, image, secrets }: Setting): string[] {
  const { Name, User, EntryPoint = [], Command = [], StopTimeout, ReadonlyRootFilesystem } = definition
  const [entryPoint, ...first] = EntryPoint
  const environment = [
    ...(definition.Environment ?? []).map((one) => `${one.Name}=${one.Value}`),
    ...(definition.Secrets ?? []).map((one) => `${one.Name}=${secretOf(one.ValueFrom, secrets)}`),
  ]
  // Fargate's volumes are empty and root's, whatever the image has in that place.
  const mounts = (definition.MountPoints ?? []).map(
    ({ SourceVolume, ContainerPath, ReadOnly }) =>
      `type=volume,source=${prefix}-${SourceVolume},target=${ContainerPath},volume-nocopy${ReadOnly ? ',readonly' : ''}`,
  )
  return [
    ...['--name', `${prefix}-${Name}`, '--network', `container:${prefix}-network`, '--no-healthcheck'],
    ...(ReadonlyRootFilesystem ? ['--read-only'] : []),
    ...(User === undefined ? [] : ['--user', User]),
    ...(StopTimeout === undefined ? [] : ['--stop-timeout', String(StopTimeout)]),
    ...environment.flatMap((one) => ['--env', one]),
    ...mounts.flatMap((one) => ['--mount', one]),
    ...(entryPoint === undefined ? [] : ['--entrypoint', entryPoint]),
    image,
    ...first,
    ...Command,
  ]
}

/** A secret, or one value of it: ARN, then perhaps its key, version stage and version id. */
function secretOf(valueFrom: string, secrets: Map<string, string>): string {
  const parts = valueFrom.split(':')
  const secret = secrets.get(parts.slice(0, 7).join(':'))
  if (secret === undefined) throw new Error(`Nobody keeps ${valueFrom}`)
  const key = parts[7]
  return key ? String((JSON.parse(secret) as Record<string, unknown>)[key]) : secret
}
