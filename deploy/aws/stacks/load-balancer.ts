import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import * as acm from 'aws-cdk-lib/aws-certificatemanager'
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import * as ec2 from 'aws-cdk-lib/aws-ec2'
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import * as route53 from 'aws-cdk-lib/aws-route53'
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets'
import * as s3 from 'aws-cdk-lib/aws-s3'
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import { LOG_DAYS, originDomainOf, prefixOf, type EnvironmentConfig } from '../config.ts'
import { accept } from '../check/accept.ts'
import { WEB_PORT, type NetworkStack } from './network.ts'
import type { Secrets } from './secrets.ts'

/** By which our CloudFront shows who it is. */
export const ORIGIN_HEADER = 'X-Origin-Verify'

export type Balanced = {
  loadBalancer: elb.ApplicationLoadBalancer
  listener: elb.ApplicationListener
  alarms: cloudwatch.Alarm[]
  /** sends who comes by our CloudFront to these targets, and refuses all others */
  serve: (targetType: elb.TargetType) => elb.ApplicationTargetGroup
}

/** TLS only, with the secret that only our CloudFront knows. */
export function addLoadBalancer(
  scope: Construct,
  { config, network, secrets }: { config: EnvironmentConfig; network: NetworkStack; secrets: Secrets<ISecret> },
): Balanced {
  const loadBalancer = new elb.ApplicationLoadBalancer(scope, 'LoadBalancer', {
    vpc: network.vpc,
    internetFacing: true,
    vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
    securityGroup: network.groups.loadBalancer,
    deletionProtection: true,
    dropInvalidHeaderFields: true,
    idleTimeout: Duration.seconds(60),
  })
  loadBalancer.logAccessLogs(accessLogs(scope))
  accept(loadBalancer, {
    'NIST.800.53.R5-ALBWAFEnabled': 'The firewall stands at CloudFront, and whoever does not come by it is refused.',
  })
  const zone = route53.HostedZone.fromHostedZoneAttributes(scope, 'Zone', {
    hostedZoneId: config.hostedZone.id,
    zoneName: config.hostedZone.name,
  })
  const domainName = originDomainOf(config)
  new route53.ARecord(scope, 'OriginRecord', {
    zone,
    recordName: `${domainName}.`,
    target: route53.RecordTarget.fromAlias(new LoadBalancerTarget(loadBalancer)),
  })
  const certificate = new acm.Certificate(scope, 'Certificate', {
    domainName,
    validation: acm.CertificateValidation.fromDns(zone),
  })
  const listener = loadBalancer.addListener('Https', {
    port: 443,
    open: false,
    certificates: [certificate],
    sslPolicy: elb.SslPolicy.RECOMMENDED_TLS,
    defaultAction: elb.ListenerAction.fixedResponse(403, { contentType: 'text/plain', messageBody: 'Forbidden' }),
  })
  const serve = (targetType: elb.TargetType) => {
    const group = new elb.ApplicationTargetGroup(scope, 'Web', {
      vpc: network.vpc,
      port: WEB_PORT,
      protocol: elb.ApplicationProtocol.HTTP,
      targetType,
      deregistrationDelay: Duration.seconds(30),
      healthCheck: {
        path: '/health/ready',
        interval: Duration.seconds(10),
        healthyThresholdCount: 2,
        healthyHttpCodes: '200',
      },
    })
    listener.addAction('FromCloudFront', {
      priority: 10,
      conditions: [elb.ListenerCondition.httpHeader(ORIGIN_HEADER, [secrets.origin.secretValue.unsafeUnwrap()])],
      action: elb.ListenerAction.forward([group]),
    })
    return group
  }
  return { loadBalancer, listener, serve, alarms: rollbackAlarms(scope, config, loadBalancer) }
}

/** Compressed by the load balancer; gone with the other logs. */
function accessLogs(scope: Construct): s3.Bucket {
  const bucket = new s3.Bucket(scope, 'AccessLogs', {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    versioned: true,
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: [{ expiration: Duration.days(LOG_DAYS), noncurrentVersionExpiration: Duration.days(1) }],
  })
  const kept = 'Logs of 30 days: losing them loses no booking.'
  accept(bucket, {
    'AwsSolutions-S1': 'It holds access logs itself.',
    'NIST.800.53.R5-S3BucketLoggingEnabled': 'It holds access logs itself.',
    'NIST.800.53.R5-S3BucketReplicationEnabled': kept,
    'NIST.800.53.R5-S3DefaultEncryptionKMS': 'Load balancers write to buckets with keys of S3 only.',
  })
  return bucket
}

/** What makes a version go back while it takes over. They have names, so that what they watch need not know them. */
function rollbackAlarms(scope: Construct, config: EnvironmentConfig, { metrics }: elb.ApplicationLoadBalancer) {
  const failures = metrics.httpCodeTarget(elb.HttpCodeTarget.TARGET_5XX_COUNT, { period: Duration.minutes(1) })
  const unreachable = metrics.httpCodeElb(elb.HttpCodeElb.ELB_5XX_COUNT, { period: Duration.minutes(1) })
  const slow = metrics.targetResponseTime({ period: Duration.minutes(1), statistic: 'p99' })
  const alarm = (id: string, metric: cloudwatch.IMetric, threshold: number) =>
    new cloudwatch.Alarm(scope, id, {
      alarmName: `${prefixOf(config)}-${id.toLowerCase()}`,
      metric,
      threshold,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    })
  return [alarm('Failures', failures, 10), alarm('Unreachable', unreachable, 10), alarm('Slow', slow, 2)]
}
