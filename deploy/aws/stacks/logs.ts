import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import type { Key } from 'aws-cdk-lib/aws-kms'
import * as logs from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'

/** Logs that are encrypted and go after 30 days. The key must be one that CloudWatch Logs may use. */
export function encryptedLogGroup(
  scope: Construct,
  id: string,
  { key, name }: { key: Key; name?: string },
): logs.LogGroup {
  return new logs.LogGroup(scope, id, {
    ...(name && { logGroupName: name }),
    encryptionKey: key,
    retention: logs.RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  })
}

/** Lets CloudWatch Logs encrypt log groups of this account and region. */
export function letLogsUse(key: Key): void {
  const { partition, region, account } = Stack.of(key)
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal(`logs.${region}.amazonaws.com`)],
      actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      resources: ['*'],
      conditions: {
        ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` },
      },
    }),
  )
}
