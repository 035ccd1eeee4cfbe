import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import * as ec2 from 'aws-cdk-lib/aws-ec2'
import * as ecr from 'aws-cdk-lib/aws-ecr'
import * as ecs from 'aws-cdk-lib/aws-ecs'
import * as kms from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { prefixOf, type EnvironmentConfig } from '../config.ts'
import type { Ground } from './contract.ts'
import { exportTrail } from './audit-trail.ts'
import { addContainers } from './containers.ts'
import { addLoadBalancer, type Balanced } from './load-balancer.ts'
import { encryptedLogGroup } from './logs.ts'
import { addMachines } from './machines.ts'
import { secretsFor } from './secrets.ts'
import { onceTask } from './tasks.ts'
import { addVersions } from './versions.ts'

/** Empty, nothing serves yet: the first time the schema must be there before. */
type ApplicationStackProps = StackProps & Ground & { empty?: boolean }

/**
 * The application behind its load balancer, as machines or as containers, and the task that migrates before a version takes
 * over. Which version runs is a parameter: the release commands change it and nothing else.
 */
export class ApplicationStack extends Stack {
  readonly balanced: Balanced
  readonly cluster: ecs.Cluster
  /** any of these, while a version takes over, brings back the one before */
  readonly rollbackAlarms: cloudwatch.Alarm[]
  /** shows whether workers live; machines run one beside each web process */
  readonly worker: ecs.FargateService | undefined = undefined

  constructor(scope: Construct, config: EnvironmentConfig, { network, data, empty, ...props }: ApplicationStackProps) {
    super(scope, `${prefixOf(config)}-application`, props)
    const version = addVersions(this)
    const repository = ecr.Repository.fromRepositoryName(this, 'Repository', prefixOf(config))
    const figures = encryptedLogGroup(this, 'ClusterLogs', {
      key: network.logKey,
      name: `/aws/ecs/containerinsights/${prefixOf(config)}/performance`,
    })
    this.cluster = new ecs.Cluster(this, 'Cluster', {
      vpc: network.vpc,
      clusterName: prefixOf(config),
      containerInsightsV2: ecs.ContainerInsights.ENABLED,
      enableFargateCapacityProviders: true,
    })
    // It would make that group by itself, without our key.
    this.cluster.node.addDependency(figures)
    const dataKey = kms.Key.fromKeyArn(this, 'DataKey', data.key.keyArn)
    const secrets = secretsFor(this, data.secrets, dataKey)
    const shared = {
      config,
      network,
      data,
      dataKey,
      secrets,
      repository,
      version,
      logKey: network.logKey,
      cluster: this.cluster,
    }
    const once = onceTask(this, shared)
    this.balanced = addLoadBalancer(this, { config, network, secrets })
    this.rollbackAlarms = this.balanced.alarms
    const serving = { ...shared, balanced: this.balanced }
    if (!empty && config.option === 'machines') addMachines(this, serving)
    if (!empty && config.option === 'containers') this.worker = addContainers(this, serving).worker
    exportTrail(this, shared)

    const outputs = {
      Cluster: this.cluster.clusterName,
      OnceTask: once.family,
      Subnets: network.vpc.selectSubnets({ subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }).subnetIds.join(','),
      SecurityGroup: network.groups.application.securityGroupId,
      RollbackAlarms: this.rollbackAlarms.map(({ alarmArn }) => alarmArn).join(','),
      Repository: repository.repositoryUri,
      PublicUrl: `https://${config.domain}`,
    }
    for (const [id, value] of Object.entries(outputs))
      new CfnOutput(this, `${id}Output`, { value }).overrideLogicalId(id + 'Output')
  }
}
