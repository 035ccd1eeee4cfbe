import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { ECRClient } from '@aws-sdk/client-ecr'
import { ECSClient } from '@aws-sdk/client-ecs'
import { S3Client } from '@aws-sdk/client-s3'
import { EDGE_REGION } from '../config.ts'

export type Aws = ReturnType<typeof connect>

/** What the commands ask of AWS. Who asks, and an endpoint other than AWS's own, come from the environment's variables. */
export function connect(region: string) {
  // Roll outs are watched for long: a moment of throttling is no reason to give up.
  const shared = { region, maxAttempts: 8 }
  return {
    cloudFormation: new CloudFormationClient(shared),
    cloudWatch: new CloudWatchClient(shared),
    ecr: new ECRClient(shared),
    ecs: new ECSClient(shared),
    logs: new CloudWatchLogsClient(shared),
    s3: new S3Client({ ...shared, region: EDGE_REGION }),
  }
}
