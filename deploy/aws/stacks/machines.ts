import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Duration, type CfnAutoScalingRollingUpdate, Stack } from 'aws-cdk-lib'
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling'
import * as ec2 from 'aws-cdk-lib/aws-ec2'
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import * as iam from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { prefixOf, type EnvironmentConfig } from '../config.ts'
import { accept } from '../check/accept.ts'
import type { ApplicationProps } from './containers.ts'
import { hostsOf, settingsOf } from './contract.ts'
import { encryptedLogGroup } from './logs.ts'
import { renewMachinesWeekly } from './renewal.ts'

const ROLES = ['web', 'worker'] as const

/** Option A: machines in an auto-scaling group, each with one web and one worker process in containers. */
export function addMachines(scope: Construct, props: ApplicationProps): autoscaling.AutoScalingGroup {
  const { config, network, balanced } = props
  const { machines } = config
  const logGroupPrefix = `/${prefixOf(config)}/machines`
  const logGroups = ROLES.map((role) =>
    encryptedLogGroup(scope, `${role}MachineLogs`, { key: props.logKey, name: `${logGroupPrefix}/${role}` }),
  )
  const role = machineRole(scope, props)
  for (const logGroup of logGroups) logGroup.grantWrite(role)
  const name = `${prefixOf(config)}-machines`
  const userData = ec2.UserData.forLinux()
  const launchTemplate = new ec2.LaunchTemplate(scope, 'LaunchTemplate', {
    machineImage: ec2.MachineImage.latestAmazonLinux2023(),
    instanceType: new ec2.InstanceType(machines.instance),
    securityGroup: network.groups.application,
    role,
    userData,
    requireImdsv2: true,
    detailedMonitoring: true,
    blockDevices: [
      {
        deviceName: '/dev/xvda',
        volume: ec2.BlockDeviceVolume.ebs(20, { encrypted: true, volumeType: ec2.EbsDeviceVolumeType.GP3 }),
      },
    ],
  })
  const group = new autoscaling.AutoScalingGroup(scope, 'Machines', {
    autoScalingGroupName: name,
    vpc: network.vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    minCapacity: machines.min,
    maxCapacity: machines.max,
    mixedInstancesPolicy: {
      launchTemplate,
      instancesDistribution: {
        onDemandBaseCapacity: machines.onDemandBase,
        onDemandPercentageAboveBaseCapacity: 100 - machines.spotPercent,
        spotAllocationStrategy: autoscaling.SpotAllocationStrategy.PRICE_CAPACITY_OPTIMIZED,
      },
    },
    healthChecks: autoscaling.HealthChecks.withAdditionalChecks({
      additionalTypes: [autoscaling.AdditionalHealthCheckType.ELB],
      gracePeriod: Duration.minutes(5),
    }),
    groupMetrics: [autoscaling.GroupMetrics.all()],
  })
  userData.addCommands(...machineStart(scope, props, { group: resourceOf(group).logicalId, logGroupPrefix }))
  resourceOf(group).cfnOptions.updatePolicy = { autoScalingRollingUpdate: rollingUpdate(config) }
  resourceOf(group).cfnOptions.creationPolicy = { resourceSignal: { count: machines.min, timeout: 'PT15M' } }
  balanced.serve(elb.TargetType.INSTANCE).addTarget(group)
  scale(group, config)
  renewMachinesWeekly(scope, name)
  const inTemplate = 'The launch template says it; the rule does not look there.'
  accept(group, {
    'AwsSolutions-AS3': 'Machines come and go with the load; the alarms tell what matters.',
    'AwsSolutions-EC26': inTemplate,
    'NIST.800.53.R5-EC2IMDSv2Enabled': inTemplate,
  })
  return group
}

/** New machines come first and must serve; old ones go then. One that does not serve brings the former version back. */
function rollingUpdate({ machines }: EnvironmentConfig): CfnAutoScalingRollingUpdate {
  return {
    minInstancesInService: machines.min,
    maxBatchSize: 1,
    minSuccessfulInstancesPercent: 100,
    waitOnResourceSignals: true,
    pauseTime: 'PT15M',
    suspendProcesses: ['HealthCheck', 'ReplaceUnhealthy', 'AZRebalance', 'AlarmNotification', 'ScheduledActions'],
  }
}

function machineRole(scope: Construct, { secrets, repository }: ApplicationProps): iam.Role {
  const role = new iam.Role(scope, 'MachineRole', {
    assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
    managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore')],
  })
  repository.grantPull(role)
  const { app, cache, application } = secrets
  for (const secret of [app, cache, application]) secret.grantRead(role)
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ['cloudformation:SignalResource'],
      resources: [Stack.of(scope).stackId],
    }),
  )
  accept(role, {
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonSSMManagedInstanceCore]':
      'What Session Manager needs, as AWS keeps it.',
    'AwsSolutions-IAM5[Resource::*]': 'ecr:GetAuthorizationToken knows no resource.',
    'NIST.800.53.R5-IAMNoInlinePolicy': 'The policy belongs to this one role.',
  })
  return role
}

/** machine/user-data.sh with its variables in front. */
function machineStart(
  scope: Construct,
  props: ApplicationProps,
  { group, logGroupPrefix }: { group: string; logGroupPrefix: string },
): string[] {
  const { config, data, secrets, repository, version } = props
  const { region, stackName } = Stack.of(scope)
  const program = readFileSync(join(import.meta.dirname, '..', 'inside', 'settings.ts')).toString('base64')
  const lines = (values: Record<string, string>) =>
    Object.entries(values)
      .map((pair) => pair.join('='))
      .join('\n')
  const variables = {
    REGION: region,
    IMAGE: repository.repositoryUriForTag(version),
    STACK: stackName,
    GROUP: group,
    APP_SECRET_ID: secrets.app.secretArn,
    CACHE_SECRET_ID: secrets.cache.secretArn,
    APPLICATION_SECRET_ID: secrets.application.secretArn,
    SETTINGS_PROGRAM: program,
    SETTINGS: lines(settingsOf(config)),
    HOSTS: lines(hostsOf(config, data)),
    LOG_PREFIX: logGroupPrefix,
  }
  const assignments = Object.entries(variables).map(([name, value]) => `${name}='${value}'`)
  const script = readFileSync(join(import.meta.dirname, '..', 'machine', 'user-data.sh'), 'utf8')
  return [...assignments, script]
}

function scale(group: autoscaling.AutoScalingGroup, { machines, workingDay }: EnvironmentConfig): void {
  group.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 60 })
  group.scaleOnRequestCount('Requests', { targetRequestsPerMinute: 6_000 })
  const at = (hour: number) =>
    autoscaling.Schedule.cron({ hour: String(hour), minute: '0', weekDay: workingDay.weekdays })
  group.scaleOnSchedule('Morning', { schedule: at(workingDay.fromHour), minCapacity: workingDay.minInDay })
  group.scaleOnSchedule('Evening', { schedule: at(workingDay.toHour), minCapacity: machines.min })
}

function resourceOf(group: autoscaling.AutoScalingGroup): autoscaling.CfnAutoScalingGroup {
  const child = group.node.defaultChild
  if (!(child instanceof autoscaling.CfnAutoScalingGroup)) throw new Error('An auto-scaling group has one resource')
  return child
}
