import { Stack, type StackProps } from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as sns from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { Construct } from 'constructs'
import { prefixOf, type EnvironmentConfig } from '../config.ts'
import type { NetworkStack } from './network.ts'

/** AWS services that tell of something. */
const SENDERS = ['cloudwatch.amazonaws.com', 'events.amazonaws.com']

/** Where everything that people must know of is sent. It stands apart, as all other stacks may send to it. */
export class AlertsStack extends Stack {
  readonly topic: sns.Topic

  constructor(
    scope: Construct,
    config: EnvironmentConfig,
    { network: { logKey }, ...props }: StackProps & { network: NetworkStack },
  ) {
    super(scope, `${prefixOf(config)}-alerts`, props)
    this.topic = new sns.Topic(this, 'Alerts', {
      topicName: `${prefixOf(config)}-alerts`,
      masterKey: logKey,
      enforceSSL: true,
    })
    for (const address of config.alertsTo) this.topic.addSubscription(new EmailSubscription(address))
    for (const service of SENDERS) this.topic.grantPublish(new iam.ServicePrincipal(service))
  }
}
