import { REPOSITORY, type Answer, type World } from './fake-world.fixture.ts'

const STACK = 'arn:aws:cloudformation:eu-central-1:111122223333:stack/slotkeeper-staging-application/1234'
const ALARM = 'arn:aws:cloudwatch:eu-central-1:111122223333:alarm'

/** The stack of the application, by CloudFormation's query protocol. An update shows itself under way once, then its end. */
export function cloudFormation(world: World, action: string, asked: Record<string, string>): Answer {
  if (world.stack === 'missing') return failure(`Stack with id ${asked['StackName'] ?? ''} does not exist`)
  if (action === 'UpdateStack') return update(world, asked)
  if (action === 'DescribeStackEvents') return result(action, { StackEvents: eventsOf(world) })
  if (world.updates === 'fall silent' && world.status === 'UPDATE_IN_PROGRESS')
    return failure('The security token is expired')
  const stack = {
    StackId: STACK,
    StackName: 'slotkeeper-staging-application',
    CreationTime: '2026-01-01T00:00:00Z',
    StackStatus: world.status,
    Parameters: Object.entries(world.parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    Outputs: Object.entries(outputsOf(world)).map(([name, OutputValue]) => ({
      OutputKey: `${name}Output`,
      OutputValue,
    })),
  }
  if (world.updates !== 'never end' && world.status.endsWith('IN_PROGRESS')) world.status = endOf(world)
  return result(action, { Stacks: [stack] })
}

function update(world: World, asked: Record<string, string>): Answer {
  if (world.updates === 'are refused') return failure('User is not authorized')
  world.status = 'UPDATE_IN_PROGRESS'
  if (world.updates === 'complete')
    for (const [name, value] of Object.entries(changedBy(asked))) world.parameters[name] = value
  return result('UpdateStack', { StackId: STACK })
}

/** The parameters of a request that are given a value. */
export function changedBy(asked: Record<string, string>): Record<string, string> {
  const keys = Object.entries(asked).filter(([name]) => name.endsWith('.ParameterKey'))
  const pairs = keys.map(([name, key]) => [key, asked[name.replace('ParameterKey', 'ParameterValue')]] as const)
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined))
}

function endOf({ updates }: World): string {
  if (updates === 'complete') return 'UPDATE_COMPLETE'
  return updates === 'roll back' ? 'UPDATE_ROLLBACK_COMPLETE' : 'UPDATE_ROLLBACK_FAILED'
}

/** Newest first, with one of an earlier update. */
function eventsOf({ requests, updates }: World): object[] {
  const last = requests.findLast(({ action }) => action === 'cloudformation:UpdateStack')
  const { ClientRequestToken } = last?.body as Record<string, string>
  const event = (EventId: string, ResourceStatus: string, more = {}) => {
    const when = { Timestamp: '2026-01-01T00:00:00Z', StackId: STACK, StackName: 'slotkeeper-staging-application' }
    return { EventId, ResourceStatus, LogicalResourceId: 'WebService', ClientRequestToken, ...when, ...more }
  }
  const began = event('2', 'UPDATE_IN_PROGRESS')
  const before = event('1', 'UPDATE_FAILED', {
    ClientRequestToken: 'earlier',
    ResourceStatusReason: 'of another update',
  })
  if (updates === 'complete') return [event('3', 'UPDATE_COMPLETE'), began, before]
  return [event('3', 'UPDATE_FAILED', { ResourceStatusReason: 'the circuit breaker was triggered' }), began, before]
}

function outputsOf({ url }: World): Record<string, string> {
  return {
    Cluster: 'slotkeeper-staging',
    OnceTask: 'slotkeeper-staging-once',
    Subnets: 'subnet-1,subnet-2',
    SecurityGroup: 'sg-1',
    RollbackAlarms: ['failures', 'slow'].map((name) => `${ALARM}:slotkeeper-staging-${name}`).join(','),
    Repository: REPOSITORY,
    PublicUrl: url,
  }
}

function result(action: string, value: object): Answer {
  return { body: `<${action}Response><${action}Result>${xmlOf(value)}</${action}Result></${action}Response>` }
}

function failure(message: string): Answer {
  const error = { Type: 'Sender', Code: 'ValidationError', Message: message }
  return { status: 400, body: `<ErrorResponse><Error>${xmlOf(error)}</Error></ErrorResponse>` }
}

function xmlOf(value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => `<member>${xmlOf(one)}</member>`).join('')
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([name, inner]) => `<${name}>${xmlOf(inner)}</${name}>`)
    .join('')
}
