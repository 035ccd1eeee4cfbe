import { REPOSITORY, type Answer, type World } from './fake-world.fixture.ts'

const ARN = 'arn:aws:ecs:eu-central-1:111122223333'
const logged = (name: string) => ({
  name,
  logConfiguration: {
    logDriver: 'awslogs',
    options: { 'awslogs-group': '/slotkeeper-staging/once', 'awslogs-stream-prefix': 'once' },
  },
})

/** The task as the stack has made it; the image of AWS's own tool stays what it is. */
const TASK = {
  family: 'slotkeeper-staging-once',
  taskDefinitionArn: `${ARN}:task-definition/slotkeeper-staging-once:7`,
  revision: 7,
  status: 'ACTIVE',
  taskRoleArn: 'arn:aws:iam::111122223333:role/task',
  executionRoleArn: 'arn:aws:iam::111122223333:role/execution',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '512',
  memory: '1024',
  volumes: [{ name: 'made' }],
  containerDefinitions: [
    { ...logged('users'), image: `${REPOSITORY}:v1` },
    { ...logged('command'), image: `${REPOSITORY}:v1`, environment: [{ name: 'PUBLIC_URL', value: 'https://x' }] },
    { name: 'tool', image: 'public.ecr.aws/aws-cli/aws-cli:2.27.50' },
  ],
}

type Registered = { containerDefinitions: { name: string; image: string }[] }

/** ECS, whose tasks do to the database of the world what the product's commands would. */
export function containerService(world: World, action: string, body: Record<string, unknown>): Answer {
  if (action === 'DescribeTaskDefinition') return { body: { taskDefinition: TASK } }
  if (action === 'RegisterTaskDefinition')
    return { body: { taskDefinition: { ...body, taskDefinitionArn: TASK.taskDefinitionArn.replace(':7', ':8') } } }
  if (action === 'RunTask') return run(world, body)
  if (action === 'StopTask') return { body: {} }
  const started = { taskArn: `${ARN}:task/slotkeeper-staging/abc` }
  if (world.task === 'never stops') return { body: { tasks: [{ ...started, lastStatus: 'RUNNING' }] } }
  return { body: { tasks: [{ ...started, lastStatus: 'STOPPED', ...endOf(world) }] } }
}

function run(world: World, body: Record<string, unknown>): Answer {
  if (world.task === 'does not start') return { body: { tasks: [], failures: [{ reason: 'RESOURCE:ENI' }] } }
  const { containerOverrides } = body['overrides'] as { containerOverrides: { command: string[] }[] }
  const registered = world.requests.findLast(({ action }) => action === 'ecs:RegisterTaskDefinition')
    ?.body as Registered
  const image = registered.containerDefinitions.find(({ name }) => name === 'command')?.image ?? ''
  const command = containerOverrides[0]?.command ?? []
  world.asked.push(`${command.join(' ')} with ${image.split(':').at(-1) ?? ''}`)
  if (world.task === 'works' || (world.task === 'migration fails' && command[1] === 'status'))
    world.requests.push({
      action: 'answer of a task',
      body: answerOf(world, command, Object.keys(imageOf(world, image))),
    })
  return {
    body: { tasks: [{ taskArn: `${ARN}:task/slotkeeper-staging/abc`, lastStatus: 'PROVISIONING' }], failures: [] },
  }
}

function imageOf({ images }: World, image: string): Record<string, string> {
  const found = images[image.split(':').at(-1) ?? '']
  if (!found) throw new Error(`There is no ${image}`)
  return found.migrations
}

function answerOf(world: World, [, what, count]: string[], known: string[]): object {
  const waiting = known.filter((name) => !world.applied.includes(name))
  if (what === 'up') {
    world.applied.push(...waiting)
    return { applied: waiting }
  }
  if (what === 'down') return { takenBack: world.applied.splice(-Number(count)).toReversed() }
  const unknown = world.applied.filter((name) => !known.includes(name))
  return { applied: known.filter((name) => world.applied.includes(name)), waiting, unknown }
}

/** `migrate status` ends with 1 where something waits. */
function endOf({ task, asked, requests }: World): object {
  const stoppedReason = 'Essential container in task exited'
  if (task === 'users fail') return { stoppedReason, containers: [{ name: 'users', exitCode: 2 }, { name: 'command' }] }
  const command = asked.findLast((line) => line.startsWith('migrate')) ?? ''
  const answer = requests.findLast(({ action }) => action === 'answer of a task')?.body as
    { waiting?: string[] } | undefined
  const isFailed = task === 'migration fails' && !command.startsWith('migrate status')
  const isWaiting = command.startsWith('migrate status') && (answer?.waiting ?? []).length > 0
  const exitCode = isFailed || isWaiting ? 1 : 0
  return {
    stoppedReason,
    containers: [
      { name: 'users', exitCode: 0 },
      { name: 'command', exitCode },
    ],
  }
}
