import { describe, expect, test } from 'vitest'
import { synthesised, type Resource } from '../check/synthesised.ts'
import { CONFIGS, ENVIRONMENTS, LOG_DAYS } from '../config.ts'

type Found = [id: string, resource: Resource]

const OPTIONS = ['containers', 'machines'] as const

describe.each(ENVIRONMENTS.flatMap((environment) => OPTIONS.map((option) => ({ environment, option }))))(
  '$environment as $option',
  async ({ environment, option }) => {
    const { templates } = await synthesised(environment, option)
    const all: Found[] = Object.values(templates).flatMap(({ Resources }) => Object.entries(Resources))
    const ofType = (type: string) => all.filter(([, { Type }]) => Type === type)
    const groups = ofType('AWS::Logs::LogGroup')

    test('every log group is encrypted and keeps for 30 days (R2)', () => {
      for (const [, { Properties }] of groups)
        expect(Properties).toMatchObject({ RetentionInDays: LOG_DAYS, KmsKeyId: expect.anything() })
    })

    test('whatever writes logs finds its group made, so that none is kept for ever (R2)', () => {
      const named = groups.map(([, { Properties }]) => Properties?.['LogGroupName']).filter(Boolean)
      const ids = groups.map(([id]) => id)
      const written = all.flatMap(writtenBy)
      expect(written.length).toBeGreaterThan(10)
      for (const group of written) expect(typeof group === 'string' ? named : ids).toContain(nameOf(group))
    })

    test('what makes its group by itself when there is none waits for ours (R2)', () => {
      const makers = all.filter(([, { Type }]) => MAKERS.includes(Type))
      expect(makers.length).toBe(CONFIGS[environment].database.replica ? 6 : 5)
      for (const [, { DependsOn }] of makers) expect([DependsOn].flat().some((id) => isGroup(groups, id))).toBe(true)
    })

    test('buckets for access logs forget them after 30 days (R2)', () => {
      const [logs, others] = partition(ofType('AWS::S3::Bucket'), ([id]) => id.startsWith('AccessLogs'))
      expect(logs).toHaveLength(2)
      for (const [, { Properties }] of logs)
        expect(Properties).toMatchObject({
          LifecycleConfiguration: { Rules: [{ ExpirationInDays: LOG_DAYS, Status: 'Enabled' }] },
        })
      expect(others.map(([id]) => id.replace(/[0-9A-F]{8}$/, '')).toSorted()).toEqual(['AuditTrail', 'Static'])
    })
  },
)

/** These write into a group of a name that follows from theirs. */
const MAKERS = ['AWS::RDS::DBInstance', 'AWS::SecretsManager::RotationSchedule', 'AWS::ECS::Cluster']

/** @returns the groups that a resource writes to: a name, or a reference to a group of the same template */
function writtenBy([, { Type, Properties = {} }]: Found): unknown[] {
  switch (Type) {
    case 'AWS::RDS::DBInstance':
      return (Properties['EnableCloudwatchLogsExports'] as string[]).map(
        (kind) => `/aws/rds/instance/${String(Properties['DBInstanceIdentifier'])}/${kind}`,
      )
    case 'AWS::SecretsManager::RotationSchedule': {
      const { RotationLambdaName } = Properties['HostedRotationLambda'] as { RotationLambdaName?: string }
      return [`/aws/lambda/${RotationLambdaName ?? 'a name that nobody knows'}`]
    }
    case 'AWS::Lambda::Function':
      return [(Properties['LoggingConfig'] as { LogGroup?: unknown } | undefined)?.LogGroup]
    case 'AWS::ECS::Cluster':
      return [`/aws/ecs/containerinsights/${String(Properties['ClusterName'])}/performance`]
    case 'AWS::ECS::TaskDefinition':
      return (Properties['ContainerDefinitions'] as Container[]).map(
        (one) => one.LogConfiguration?.Options['awslogs-group'],
      )
    case 'AWS::EC2::FlowLog':
      return [Properties['LogGroupName']]
    case 'AWS::WAFv2::LoggingConfiguration':
      return (Properties['LogDestinationConfigs'] as unknown[]).map((one) => JSON.parse(referenceIn(one)) as unknown)
    case 'AWS::ElastiCache::ReplicationGroup':
      return ((Properties['LogDeliveryConfigurations'] ?? []) as Delivery[]).map(
        ({ DestinationDetails }) => DestinationDetails.CloudWatchLogsDetails.LogGroup,
      )
    default:
      return []
  }
}

type Delivery = { DestinationDetails: { CloudWatchLogsDetails: { LogGroup: unknown } } }

type Container = { LogConfiguration?: { Options: Record<string, unknown> } }

/** Of an ARN that is put together, the part that is a log group of the template. */
const referenceIn = (arn: unknown) => /\{"Ref":"FirewallLogs[^}]*\}/.exec(JSON.stringify(arn))?.[0] ?? '"unknown"'

const nameOf = (group: unknown) => (typeof group === 'string' ? group : (group as { Ref?: string } | undefined)?.Ref)

const isGroup = (groups: Found[], id: string | undefined) => groups.some(([group]) => group === id)

function partition<T>(all: T[], belongs: (one: T) => boolean): [T[], T[]] {
  return [all.filter(belongs), all.filter((one) => !belongs(one))]
}
