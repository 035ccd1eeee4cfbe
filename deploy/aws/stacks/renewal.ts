import { Stack } from 'aws-cdk-lib'
import type * as ecs from 'aws-cdk-lib/aws-ecs'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as scheduler from 'aws-cdk-lib/aws-scheduler'
import { Universal } from 'aws-cdk-lib/aws-scheduler-targets'
import type { Construct } from 'constructs'
import { accept } from '../check/accept.ts'

/** On Sundays, after maintenance: new containers read the passwords that Secrets Manager has made since. */
const SUNDAY = scheduler.ScheduleExpression.cron({ weekDay: 'SUN', hour: '5', minute: '0' })

/** Has every service start anew once a week, one task after another. */
export function renewWeekly(scope: Construct, services: Record<string, ecs.FargateService>): void {
  for (const [name, service] of Object.entries(services)) {
    every(scope, `Renew-${name}`, {
      service: 'ecs',
      action: 'updateService',
      input: { Cluster: service.cluster.clusterName, Service: service.serviceName, ForceNewDeployment: true },
      statement: new iam.PolicyStatement({ actions: ['ecs:UpdateService'], resources: [service.serviceArn] }),
    })
  }
}

/** Has a group of machines replaced once a week, one after another. */
export function renewMachinesWeekly(scope: Construct, groupName: string): void {
  const { partition, region, account } = Stack.of(scope)
  const role = every(scope, 'Renew-machines', {
    service: 'autoscaling',
    action: 'startInstanceRefresh',
    input: { AutoScalingGroupName: groupName, Preferences: { MinHealthyPercentage: 100, MaxHealthyPercentage: 200 } },
    statement: new iam.PolicyStatement({
      actions: ['autoscaling:StartInstanceRefresh'],
      resources: [
        `arn:${partition}:autoscaling:${region}:${account}:autoScalingGroup:*:autoScalingGroupName/${groupName}`,
      ],
    }),
  })
  accept(role, {
    [`AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:autoscaling:${region}:<AWS::AccountId>:autoScalingGroup:*:autoScalingGroupName/${groupName}]`]:
      'The middle of the name of a group is made by AWS; the group itself is named.',
  })
}

function every(
  scope: Construct,
  id: string,
  {
    service,
    action,
    input,
    statement,
  }: { service: string; action: string; input: object; statement: iam.PolicyStatement },
): iam.Role {
  const role = new iam.Role(scope, `${id}-Role`, { assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com') })
  accept(role, { 'NIST.800.53.R5-IAMNoInlinePolicy': 'The policy belongs to this one role.' })
  const target = new Universal({
    service,
    action,
    input: scheduler.ScheduleTargetInput.fromObject(input),
    role,
    policyStatements: [statement],
  })
  new scheduler.Schedule(scope, id, { schedule: SUNDAY, target })
  return role
}
