import { DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation'
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch'
import { prefixOf, type EnvironmentConfig } from '../config.ts'
import { NONE } from '../stacks/versions.ts'
import type { Aws } from './aws.ts'
import { NoRelease } from './outcome.ts'

/** What the application's stack says of itself. Which version runs, and which ran before, are parameters of it. */
export type Installation = {
  stackId: string
  status: string
  parameters: string[]
  version: string
  previous: string | undefined
  /** the migrations that came with the version, oldest first */
  brought: string[]
  account: string
  cluster: string
  /** the family of the task that migrates */
  onceTask: string
  subnets: string[]
  securityGroup: string
  alarms: Alarm[]
  /** of images, without a tag */
  repository: string
  publicUrl: string
}

/** Brings a version back while it takes over, unless it rings already. */
export type Alarm = { arn: string; rings: boolean }

/** @throws {NoRelease} when there is no such stack */
export async function readInstallation(aws: Aws, config: EnvironmentConfig): Promise<Installation> {
  const stack = await readStack(aws, `${prefixOf(config)}-application`)
  if (!stack?.StackId) throw new NoRelease(`${prefixOf(config)}-application is not built in ${config.region}.`)
  const outputs = new Map(stack.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]))
  const output = (name: string) => {
    const value = outputs.get(`${name}Output`)
    if (!value) throw new NoRelease(`The stack tells no ${name}: deploy it with the CDK first.`)
    return value
  }
  const { Version = NONE, PreviousVersion = NONE, Brought = NONE } = parametersOf(stack)
  return {
    stackId: stack.StackId,
    status: stack.StackStatus ?? '',
    parameters: Object.keys(parametersOf(stack)),
    version: Version,
    previous: PreviousVersion === NONE ? undefined : PreviousVersion,
    brought: Brought === NONE ? [] : Brought.split(','),
    account: stack.StackId.split(':')[4] ?? '',
    cluster: output('Cluster'),
    onceTask: output('OnceTask'),
    subnets: output('Subnets').split(','),
    securityGroup: output('SecurityGroup'),
    alarms: await readAlarms(aws, output('RollbackAlarms').split(',')),
    repository: output('Repository'),
    publicUrl: output('PublicUrl'),
  }
}

/** @returns undefined when there is no such stack */
export async function readStack({ cloudFormation }: Aws, name: string): Promise<Stack | undefined> {
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }))
    return Stacks[0]
  } catch (error) {
    if (error instanceof Error && error.message.includes('does not exist')) return undefined
    throw error
  }
}

function parametersOf({ Parameters = [] }: Stack): Record<string, string> {
  return Object.fromEntries(
    Parameters.map(({ ParameterKey = '', ParameterValue = '' }) => [ParameterKey, ParameterValue]),
  )
}

async function readAlarms({ cloudWatch }: Aws, arns: string[]): Promise<Alarm[]> {
  const AlarmNames = arns.map((arn) => arn.split(':').at(-1) ?? arn)
  const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames }))
  const ringing = new Set(
    MetricAlarms.filter(({ StateValue }) => StateValue === 'ALARM').map(({ AlarmArn }) => AlarmArn),
  )
  return arns.map((arn) => ({ arn, rings: ringing.has(arn) }))
}
