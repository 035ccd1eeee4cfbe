import { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
  type Container,
  type Task,
  type TaskDefinition,
} from '@aws-sdk/client-ecs'
import type { Aws } from './aws.ts'
import type { Installation } from './installation.ts'
import { NoRelease } from './outcome.ts'
import { watchFor, type Watch } from './watch.ts'

/** The container that runs the product's command; those before it make its settings and the database's users. */
const COMMAND = 'command'
/** Lines that show why a command failed. */
const LAST_LINES = 20
/** Logs come a little after what they tell of. */
const LOOKS_FOR_LOGS = 12

type Once = { image: string; command: string[]; watch: Watch; say: (line: string) => void }

/**
 * Runs a command of an image once, with the rights of who migrates.
 * @param mayEndWith  codes beside 0 that are an answer, too
 * @returns the JSON that it printed last
 * @throws {NoRelease} when it fails or takes too long, with the reason and the place of its logs
 */
export async function runOnce<Answer>(
  aws: Aws,
  installation: Installation,
  { mayEndWith = [], ...once }: Once & { mayEndWith?: number[] },
): Promise<Answer> {
  const definition = await register(aws, installation, once.image)
  const task = await waitFor(aws, { installation, definition, once })
  const name = once.command.join(' ')
  const failed = task.containers?.find((one) => isFailed(one, mayEndWith))
  const ended = task.containers?.find((one) => one.name === COMMAND)
  if (failed || ended?.exitCode === undefined) {
    const log = logOf(definition, task, failed?.name ?? COMMAND)
    const lines = await readLog(aws, log)
    const reasons = [task.stoppedReason, failed && reasonOf(failed)].filter(Boolean).join('; ')
    throw new NoRelease([`${name} failed: ${reasons}`, `Its log: ${placeOf(log)}`, ...lines].join('\n'))
  }
  const log = logOf(definition, task, COMMAND)
  const answer = await watchFor({ everyMs: once.watch.everyMs, looks: LOOKS_FOR_LOGS }, async () =>
    (await readLog(aws, log)).findLast((line) => line.startsWith('{')),
  )
  if (answer === undefined)
    throw new NoRelease(
      [`${name} has told nothing.`, `Its log: ${placeOf(log)}`, ...(await readLog(aws, log))].join('\n'),
    )
  return JSON.parse(answer) as Answer
}

/** The task as the stack has it, with another image. */
async function register({ ecs }: Aws, { onceTask, repository }: Installation, image: string): Promise<TaskDefinition> {
  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: onceTask }))
  if (!taskDefinition) throw new Error(`ECS tells nothing of ${onceTask}`)
  // What ECS tells of a revision, and takes for none.
  const {
    taskDefinitionArn,
    revision,
    status,
    requiresAttributes,
    compatibilities,
    registeredAt,
    registeredBy,
    ...kept
  } = taskDefinition
  const { taskDefinition: made } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      ...kept,
      family: onceTask,
      containerDefinitions: kept.containerDefinitions?.map((one) => ({
        ...one,
        image: one.image?.startsWith(`${repository}:`) ? image : one.image,
      })),
    }),
  )
  if (!made) throw new Error('ECS has registered nothing')
  return made
}

async function waitFor(
  { ecs }: Aws,
  { installation, definition, once }: { installation: Installation; definition: TaskDefinition; once: Once },
): Promise<Task> {
  const { cluster, subnets, securityGroup } = installation
  const { tasks: [started] = [], failures = [] } = await ecs.send(
    new RunTaskCommand({
      cluster,
      taskDefinition: definition.taskDefinitionArn,
      launchType: 'FARGATE',
      startedBy: 'release',
      networkConfiguration: {
        awsvpcConfiguration: { subnets, securityGroups: [securityGroup], assignPublicIp: 'DISABLED' },
      },
      overrides: { containerOverrides: [{ name: COMMAND, command: once.command }] },
    }),
  )
  if (!started) throw new NoRelease(`ECS starts no task: ${failures.map(({ reason }) => reason).join(', ')}`)
  const tasks = [started.taskArn ?? '']
  let told: string | undefined
  const stopped = await watchFor(once.watch, async () => {
    const { tasks: [task] = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks }))
    if (task?.lastStatus !== told)
      once.say(`${once.command.join(' ')}: ${task?.lastStatus?.toLowerCase() ?? 'unknown'}`)
    told = task?.lastStatus
    return told === 'STOPPED' ? task : undefined
  })
  if (stopped) return stopped
  await ecs.send(new StopTaskCommand({ cluster, task: tasks[0], reason: 'It took too long' }))
  throw new NoRelease(`${once.command.join(' ')} took too long and was stopped. The schema is what it was.`)
}

function isFailed({ name, exitCode, reason }: Container, mayEndWith: number[]): boolean {
  if (exitCode === undefined) return reason !== undefined
  return exitCode !== 0 && !(name === COMMAND && mayEndWith.includes(exitCode))
}

function reasonOf({ name = '', exitCode, reason }: Container): string {
  return [name, exitCode !== undefined && `ended with ${exitCode}`, reason].filter(Boolean).join(' ')
}

type Log = { logGroupName: string; logStreamName: string }

const placeOf = ({ logGroupName, logStreamName }: Log) => `${logGroupName}, stream ${logStreamName}`

/** Where the log driver of ECS writes: prefix, container, task. */
function logOf({ containerDefinitions = [] }: TaskDefinition, { taskArn = '' }: Task, name: string): Log {
  const options = containerDefinitions.find((one) => one.name === name)?.logConfiguration?.options ?? {}
  const id = taskArn.split('/').at(-1) ?? ''
  return {
    logGroupName: options['awslogs-group'] ?? '',
    logStreamName: [options['awslogs-stream-prefix'], name, id].join('/'),
  }
}

/** @returns the last lines; none where nothing has been written yet */
async function readLog({ logs }: Aws, log: Log): Promise<string[]> {
  try {
    const { events = [] } = await logs.send(new GetLogEventsCommand({ ...log, limit: LAST_LINES }))
    return events.map(({ message = '' }) => message)
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return []
    throw error
  }
}
