import type { TemplateText } from '../check/synthesised.ts'
import type { EnvironmentConfig } from '../config.ts'
import { priceNamed, SPOT_PART, type PriceName } from './prices.ts'
import type { Usage } from './usage.ts'

type Properties = Record<string, unknown>
type Context = { config: EnvironmentConfig; usage: Usage; template: TemplateText }

const MONTH_HOURS = 730
const WEEK_HOURS = 168
const WORKDAYS = 5
/** One is 25 new connections a second, or 1 GB an hour: no environment here comes near that. */
const LOAD_BALANCER_UNITS = 1
/** Figures that Container Insights writes of each, and EC2 of a machine that is watched in detail. */
const METRICS = { cluster: 8, service: 11, family: 6, machine: 7 }
/** Backups hold changes only: those of all kept days together hold this often what the database holds. */
const BACKUP_COPIES = 2
/** Once a month a database is brought back, looked at for a day, and taken away. */
const RESTORED_HOURS = 24

/** A line of the month's bill. `amount` is in the unit of the price; `part` of that price is paid. */
export type Cost = { what: string; price: PriceName; amount: number; part: number }

/** What costs something by being there. Scaling counts with the least that runs: by day, by night, at weekends. */
export const PAID: Record<string, (properties: Properties, context: Context) => Cost[]> = {
  'AWS::EC2::NatGateway': () => [hours('NAT gateways', 'nat.hour')],
  'AWS::EC2::EIP': () => [hours('Public addresses', 'address.hour')],
  'AWS::EC2::VPCEndpoint': ({ VpcEndpointType, SubnetIds }) =>
    VpcEndpointType === 'Interface'
      ? [hours('Ways to AWS services inside the VPC', 'endpoint.hour', lengthOf(SubnetIds))]
      : [],
  'AWS::EC2::Instance': ({ InstanceType }) => [
    hours('Bastion', priceNamed(`ec2.${String(InstanceType)}`)),
    line('Disk of the bastion', 'ebs.gp3', 10),
  ],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ({ Subnets }) => [
    hours('Load balancer', 'loadBalancer.hour'),
    hours('Load balancer, by use', 'loadBalancer.capacity', LOAD_BALANCER_UNITS),
    hours('Public addresses', 'address.hour', lengthOf(Subnets)),
  ],
  'AWS::ECS::Cluster': (_properties, { template }) => {
    const services = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::ECS::Service').length
    const metrics = METRICS.cluster + services * (METRICS.service + METRICS.family)
    return [line('Metrics of containers', 'metric.month', metrics)]
  },
  'AWS::ECS::Service': containers,
  'AWS::AutoScaling::AutoScalingGroup': machines,
  'AWS::RDS::DBInstance': database,
  'AWS::ElastiCache::ReplicationGroup': ({ CacheNodeType, NumCacheClusters }) => [
    hours('Cache', priceNamed(String(CacheNodeType)), Number(NumCacheClusters)),
  ],
  'AWS::KMS::Key': () => [line('Keys', 'key.month', 1)],
  'AWS::SecretsManager::Secret': ({ ReplicaRegions }) => [
    line('Secrets, and copies in other regions', 'secret.month', 1 + lengthOf(ReplicaRegions ?? [])),
  ],
  'AWS::CloudWatch::Alarm': () => [line('Alarms', 'alarm.month', 1)],
  'AWS::CloudWatch::Dashboard': () => [line('Dashboard', 'dashboard.month', 1)],
  'AWS::WAFv2::WebACL': ({ Rules }) => [
    line('Firewall', 'firewall.list', 1),
    line('Rules of the firewall', 'firewall.rule', lengthOf(Rules)),
  ],
  'AWS::ECR::Repository': (_properties, { usage }) => [line('Images', 'images.kept', usage.imagesGb)],
  'AWS::Backup::BackupPlan': (_properties, { usage: { databaseGb } }) => [
    line('Backups, here and in the other region', 'backup.kept', 2 * BACKUP_COPIES * databaseGb),
    line('Backups, on their way to the other region', 'backup.copied', databaseGb),
  ],
  'AWS::Backup::RestoreTestingPlan': (_properties, { config }) => [
    line('Restore test', 'backup.restoreTest', 1),
    line('Restored database', priceNamed(`rds.${config.database.instance}`), RESTORED_HOURS),
  ],
}

/** Nothing to pay, or nothing without use; use has lines of its own. */
export const FREE = new Set([
  'AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::ApplicationAutoScaling::ScalingPolicy',
  'AWS::AutoScaling::ScalingPolicy',
  'AWS::AutoScaling::ScheduledAction',
  'AWS::Backup::BackupSelection',
  'AWS::Backup::BackupVault',
  'AWS::Backup::RestoreTestingSelection',
  'AWS::Budgets::Budget',
  'AWS::CertificateManager::Certificate',
  'AWS::CloudFront::CachePolicy',
  'AWS::CloudFront::Distribution',
  'AWS::CloudFront::Function',
  'AWS::CloudFront::OriginAccessControl',
  'AWS::CloudFront::OriginRequestPolicy',
  'AWS::CloudFront::ResponseHeadersPolicy',
  'AWS::EC2::FlowLog',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::LaunchTemplate',
  'AWS::EC2::Route',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::Subnet',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPC',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::ECS::ClusterCapacityProviderAssociations',
  'AWS::ECS::TaskDefinition',
  'AWS::ElastiCache::SubnetGroup',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::ListenerRule',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  'AWS::Events::Rule',
  'AWS::IAM::InstanceProfile',
  'AWS::IAM::OIDCProvider',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Alias',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::RDS::DBParameterGroup',
  'AWS::RDS::DBSubnetGroup',
  'AWS::Route53::RecordSet',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SSM::Parameter',
  'AWS::Scheduler::Schedule',
  'AWS::SecretsManager::ResourcePolicy',
  'AWS::SecretsManager::RotationSchedule',
  'AWS::SecretsManager::SecretTargetAttachment',
  'AWS::WAFv2::LoggingConfiguration',
  'Custom::VpcRestrictDefaultSG',
])

const line = (what: string, price: PriceName, amount: number, part = 1): Cost => ({ what, price, amount, part })
const hours = (what: string, price: PriceName, count = 1, part = 1) => line(what, price, count * MONTH_HOURS, part)
const lengthOf = (list: unknown) => (Array.isArray(list) ? list.length : 0)

/** Of a service on Fargate; only web has more in the working day. */
function containers(properties: Properties, { config, template }: Context): Cost[] {
  const { Ref } = properties['TaskDefinition'] as { Ref: string }
  const task = template.Resources[Ref]?.Properties ?? {}
  const isWeb = properties['LoadBalancers'] !== undefined
  const count = isWeb ? averageCount(config, config.web.min) : Number(properties['DesiredCount'])
  const { onDemandBase, spotPercent } = isWeb ? config.web : config.worker
  const { onDemand, spot } = shares(count, onDemandBase, spotPercent)
  const what = isWeb ? 'Web' : 'Worker'
  const [cpus, memoryGb] = [Number(task['Cpu']) / 1024, Number(task['Memory']) / 1024]
  return [
    hours(`${what}: processors`, 'fargate.cpu', onDemand * cpus),
    hours(`${what}: memory`, 'fargate.memory', onDemand * memoryGb),
    hours(`${what}: processors, interruptible`, 'fargate.cpu', spot * cpus, SPOT_PART.fargate),
    hours(`${what}: memory, interruptible`, 'fargate.memory', spot * memoryGb, SPOT_PART.fargate),
  ].filter(({ amount }) => amount > 0)
}

function machines(properties: Properties, { config }: Context): Cost[] {
  const { instance, onDemandBase, spotPercent } = config.machines
  const count = averageCount(config, Number(properties['MinSize']))
  const { onDemand, spot } = shares(count, onDemandBase, spotPercent)
  const price = priceNamed(`ec2.${instance}`)
  return [
    hours('Machines', price, onDemand),
    hours('Machines, interruptible', price, spot, SPOT_PART.ec2),
    line('Disks of machines', 'ebs.gp3', count * 20),
    line('Metrics of machines', 'metric.month', count * METRICS.machine),
  ].filter(({ amount }) => amount > 0)
}

/** A replica has the disk of its primary. A second zone doubles both prices. */
function database({ DBInstanceClass, MultiAZ, SourceDBInstanceIdentifier }: Properties, { config }: Context): Cost[] {
  const zones = MultiAZ === true ? 2 : 1
  const what = SourceDBInstanceIdentifier ? 'Replica' : zones === 2 ? 'Database in two zones' : 'Database'
  return [
    hours(what, priceNamed(String(DBInstanceClass).replace(/^db\./, 'rds.')), zones),
    line(`${what}: disk`, 'rds.storage', zones * config.database.storageGb),
  ]
}

/** Over a week: more in the hours of work. */
function averageCount({ workingDay }: EnvironmentConfig, min: number): number {
  const workingPart = ((workingDay.toHour - workingDay.fromHour) * WORKDAYS) / WEEK_HOURS
  return min + Math.max(0, workingDay.minInDay - min) * workingPart
}

/** Of those above the base, the percentage may be interrupted. */
function shares(count: number, onDemandBase: number, spotPercent: number) {
  const above = Math.max(0, count - onDemandBase)
  const spot = (above * spotPercent) / 100
  return { onDemand: count - spot, spot }
}
