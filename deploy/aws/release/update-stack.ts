import { randomUUID } from 'node:crypto'
import { DescribeStackEventsCommand, UpdateStackCommand, type StackEvent } from '@aws-sdk/client-cloudformation'
import type { Aws } from './aws.ts'
import { readStack, type Installation } from './installation.ts'
import { EXIT, NoRelease } from './outcome.ts'
import type { Versions } from './plan.ts'
import { watchFor, type Watch } from './watch.ts'

/** Alarms need so long to tell of a version that serves badly. */
const WATCHED_MIN = 5

type Update = { versions: Versions & { Brought: string }; watched: string[]; watch: Watch; say: (line: string) => void }

/**
 * Changes the versions of the application's stack, and nothing else of it, and waits until CloudFormation is done.
 * @throws {NoRelease} when CloudFormation has brought the former version back, or does not get anywhere
 */
export async function updateStack(aws: Aws, installation: Installation, update: Update): Promise<void> {
  const { stackId, version } = installation
  const token = randomUUID()
  await aws.cloudFormation.send(commandFor(installation, update, token))
  const { status, why } = await followUpdate(aws, { stackId, token, ...update }).catch((cause: unknown) => {
    throw new NoRelease(`The update goes on, and cannot be watched any more: ${String(cause)}`, EXIT.stuck)
  })
  if (status === 'UPDATE_COMPLETE') return
  if (status === 'UPDATE_ROLLBACK_COMPLETE')
    throw new NoRelease(
      `CloudFormation has brought ${version} back, as ${update.versions.Version} failed: ${why}`,
      EXIT.broughtBack,
    )
  throw new NoRelease(`The stack is ${status ?? 'still under way, and goes on without us'}: ${why}`, EXIT.stuck)
}

/** @returns where it ended, if it did, and what failed first */
async function followUpdate(
  aws: Aws,
  { stackId, token, watch, say }: Omit<Update, 'versions' | 'watched'> & { stackId: string; token: string },
): Promise<{ status: string | undefined; why: string }> {
  const failures: string[] = []
  const told = new Set<string | undefined>()
  const status = await watchFor(watch, async () => {
    const now = (await readStack(aws, stackId))?.StackStatus ?? ''
    for (const event of await newEvents(aws, stackId, { token, told })) {
      const line = lineOf(event)
      say(line)
      // An alarm fails no resource: the stack itself then tells of it.
      if (/FAILED$|^UPDATE_ROLLBACK_IN_PROGRESS$/.test(event.ResourceStatus ?? '')) failures.push(line)
    }
    return now.endsWith('_IN_PROGRESS') ? undefined : now
  })
  return { status, why: failures[0] ?? 'its events in CloudFormation tell more' }
}

function commandFor({ stackId, parameters }: Installation, { versions, watched }: Update, token: string) {
  const kept = parameters.filter((name) => !(name in versions))
  return new UpdateStackCommand({
    StackName: stackId,
    UsePreviousTemplate: true,
    Capabilities: ['CAPABILITY_NAMED_IAM'],
    ClientRequestToken: token,
    Parameters: [
      ...kept.map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true })),
      ...Object.entries(versions).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    ],
    // Said each time: CloudFormation would else watch what it was told last.
    RollbackConfiguration: {
      RollbackTriggers: watched.map((Arn) => ({ Arn, Type: 'AWS::CloudWatch::Alarm' })),
      MonitoringTimeInMinutes: watched.length > 0 ? WATCHED_MIN : 0,
    },
  })
}

/** What this update has done since the last time, oldest first. The newest hundred are enough between two looks. */
async function newEvents(
  { cloudFormation }: Aws,
  stackId: string,
  { token, told }: { token: string; told: Set<string | undefined> },
): Promise<StackEvent[]> {
  const { StackEvents = [] } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName: stackId }))
  const events = StackEvents.filter(
    ({ ClientRequestToken, EventId }) => ClientRequestToken === token && !told.has(EventId),
  )
  for (const { EventId } of events) told.add(EventId)
  return events.toReversed()
}

function lineOf({ LogicalResourceId = '', ResourceStatus, ResourceStatusReason }: StackEvent): string {
  const why = ResourceStatusReason ? ` (${ResourceStatusReason})` : ''
  return `${LogicalResourceId}: ${String(ResourceStatus).toLowerCase().replaceAll('_', ' ')}${why}`
}
