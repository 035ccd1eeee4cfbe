import * as scaling from 'aws-cdk-lib/aws-applicationautoscaling'
import { Duration } from 'aws-cdk-lib'
import * as ec2 from 'aws-cdk-lib/aws-ec2'
import type * as ecr from 'aws-cdk-lib/aws-ecr'
import * as ecs from 'aws-cdk-lib/aws-ecs'
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import type { IKey, Key } from 'aws-cdk-lib/aws-kms'
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import type { EnvironmentConfig } from '../config.ts'
import type { Ground } from './contract.ts'
import type { Balanced } from './load-balancer.ts'
import { renewWeekly } from './renewal.ts'
import type { Secrets } from './secrets.ts'
import { webTask, workerTask } from './tasks.ts'

export type ApplicationProps = Ground & {
  config: EnvironmentConfig
  dataKey: IKey
  secrets: Secrets<ISecret>
  cluster: ecs.Cluster
  repository: ecr.IRepository
  version: string
  logKey: Key
  balanced: Balanced
}

/** Requests a minute that one web container should get at most: far below what one was measured to carry. */
const REQUESTS_PER_MINUTE = 6_000

/** Option B: web and worker as services on Fargate, partly on capacity that may be interrupted. */
export function addContainers(
  scope: Construct,
  props: ApplicationProps,
): { web: ecs.FargateService; worker: ecs.FargateService } {
  const { config, balanced } = props
  const group = balanced.serve(elb.TargetType.IP)
  const web = service(scope, 'WebService', { ...props, task: webTask(scope, props), size: config.web })
  web.attachToApplicationTargetGroup(group)
  web.node.addDependency(balanced.listener)
  scaleWeb(web, group, config)
  const worker = service(scope, 'WorkerService', { ...props, task: workerTask(scope, props), size: config.worker })
  worker
    .autoScaleTaskCount({ minCapacity: config.worker.min, maxCapacity: config.worker.max })
    .scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 70 })
  renewWeekly(scope, { web, worker })
  return { web, worker }
}

function service(
  scope: Construct,
  id: string,
  {
    cluster,
    network,
    task,
    size,
    balanced,
  }: ApplicationProps & { task: ecs.FargateTaskDefinition; size: EnvironmentConfig['web'] },
): ecs.FargateService {
  return new ecs.FargateService(scope, id, {
    cluster,
    taskDefinition: task,
    desiredCount: size.min,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    securityGroups: [network.groups.application],
    assignPublicIp: false,
    platformVersion: ecs.FargatePlatformVersion.LATEST,
    capacityProviderStrategies: strategiesOf(size),
    minHealthyPercent: 100,
    maxHealthyPercent: 200,
    ...(id === 'WebService' && { healthCheckGracePeriod: Duration.seconds(90) }),
    // A version that does not get ready, or has alarms go off, is replaced by the one before.
    circuitBreaker: { enable: true, rollback: true },
    deploymentAlarms: {
      alarmNames: balanced.alarms.map((alarm) => alarm.alarmName),
      behavior: ecs.AlarmBehavior.ROLLBACK_ON_ALARM,
    },
    propagateTags: ecs.PropagatedTagSource.SERVICE,
  })
}

/** The first `onDemandBase` are never interrupted; of the others, `spotPercent` may be. */
function strategiesOf({ onDemandBase, spotPercent }: EnvironmentConfig['web']): ecs.CapacityProviderStrategy[] {
  return [
    { capacityProvider: 'FARGATE', base: onDemandBase, weight: 100 - spotPercent },
    { capacityProvider: 'FARGATE_SPOT', weight: spotPercent },
  ]
}

function scaleWeb(
  web: ecs.FargateService,
  group: elb.ApplicationTargetGroup,
  { web: size, workingDay }: EnvironmentConfig,
): void {
  const count = web.autoScaleTaskCount({ minCapacity: size.min, maxCapacity: size.max })
  const cooldown = { scaleInCooldown: Duration.minutes(5), scaleOutCooldown: Duration.minutes(1) }
  count.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 60, ...cooldown })
  count.scaleOnMemoryUtilization('Memory', { targetUtilizationPercent: 75, ...cooldown })
  count.scaleOnRequestCount('Requests', { requestsPerTarget: REQUESTS_PER_MINUTE, targetGroup: group, ...cooldown })
  const at = (hour: number) => scaling.Schedule.cron({ hour: String(hour), minute: '0', weekDay: workingDay.weekdays })
  count.scaleOnSchedule('Morning', { schedule: at(workingDay.fromHour), minCapacity: workingDay.minInDay })
  count.scaleOnSchedule('Evening', { schedule: at(workingDay.toHour), minCapacity: size.min })
}
