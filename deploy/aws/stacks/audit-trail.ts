import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import * as ec2 from 'aws-cdk-lib/aws-ec2'
import * as ecs from 'aws-cdk-lib/aws-ecs'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as s3 from 'aws-cdk-lib/aws-s3'
import * as scheduler from 'aws-cdk-lib/aws-scheduler'
import { EcsRunFargateTask } from 'aws-cdk-lib/aws-scheduler-targets'
import type { Construct } from 'constructs'
import { TRAIL_YEARS } from '../config.ts'
import { accept } from '../check/accept.ts'
import type { ApplicationProps } from './containers.ts'
import { exportTask } from './tasks.ts'

const YEAR_DAYS = 365.25

/** Every month the whole audit trail is written to where nobody can change it, and where it becomes cheaper with age. */
export function exportTrail(scope: Construct, props: Omit<ApplicationProps, 'balanced'>): s3.Bucket {
  const days = Math.ceil(TRAIL_YEARS * YEAR_DAYS)
  const bucket = new s3.Bucket(scope, 'AuditTrail', {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    encryption: s3.BucketEncryption.KMS,
    encryptionKey: props.dataKey,
    bucketKeyEnabled: true,
    enforceSSL: true,
    versioned: true,
    objectLockEnabled: true,
    objectLockDefaultRetention: s3.ObjectLockRetention.compliance(Duration.days(days)),
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: [
      {
        transitions: [
          { storageClass: s3.StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(30) },
          { storageClass: s3.StorageClass.DEEP_ARCHIVE, transitionAfter: Duration.days(180) },
        ],
        expiration: Duration.days(days + 30),
        noncurrentVersionExpiration: Duration.days(days + 30),
      },
    ],
  })
  accept(bucket, {
    'AwsSolutions-S1': 'Only one task writes here, once a month; CloudTrail can record more.',
    'NIST.800.53.R5-S3BucketLoggingEnabled': 'Only one task writes here, once a month; CloudTrail can record more.',
    'NIST.800.53.R5-S3BucketReplicationEnabled':
      'The trail is in the database and its backups too, which are in two regions.',
  })
  const task = exportTask(scope, props, bucket)
  const role = new iam.Role(scope, 'ExportRole', { assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com') })
  accept(role, { 'NIST.800.53.R5-IAMNoInlinePolicy': 'The policy belongs to this one role.' })
  new scheduler.Schedule(scope, 'ExportTrail', {
    schedule: scheduler.ScheduleExpression.cron({ day: '2', hour: '3', minute: '0' }),
    target: new EcsRunFargateTask(props.cluster, {
      taskDefinition: task,
      role,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      securityGroups: [props.network.groups.application],
      platformVersion: ecs.FargatePlatformVersion.LATEST,
    }),
  })
  return bucket
}
