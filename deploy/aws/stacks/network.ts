import * as ec2 from 'aws-cdk-lib/aws-ec2'
import * as iam from 'aws-cdk-lib/aws-iam'
import type { Key } from 'aws-cdk-lib/aws-kms'
import { CfnResource, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { prefixOf, type EnvironmentConfig } from '../config.ts'
import { accept } from '../check/accept.ts'
import { environmentKey } from './keys.ts'
import { encryptedLogGroup, letLogsUse } from './logs.ts'

export const WEB_PORT = 5000
export const DATABASE_PORT = 5432
export const CACHE_PORT = 6379

const LAMBDA = 'AWS::Lambda::Function'

/** Who may talk to whom; nothing else may. */
export type Groups = {
  loadBalancer: ec2.SecurityGroup
  application: ec2.SecurityGroup
  database: ec2.SecurityGroup
  cache: ec2.SecurityGroup
  rotation: ec2.SecurityGroup
}

/**
 * Three kinds of subnets in every zone: public (load balancer and NAT only), private (the application; it gets out by NAT)
 * and isolated (database and cache: no way out, none in but from the application).
 */
export class NetworkStack extends Stack {
  readonly vpc: ec2.Vpc
  readonly groups: Groups
  /** encrypts logs, messages and what is kept of both */
  readonly logKey: Key

  constructor(scope: Construct, config: EnvironmentConfig, props: StackProps) {
    super(scope, `${prefixOf(config)}-network`, props)
    this.logKey = environmentKey(this, config, 'logs')
    letLogsUse(this.logKey)
    this.vpc = this.#vpc(config)
    this.#keepHelperLogs()
    this.groups = this.#groups(config)
    const { application, rotation } = this.groups
    const users = [application, rotation]
    if (config.network.bastion) users.push(this.#bastion())
    this.vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 })
    if (config.network.interfaceEndpoints) this.#endpoints(users)
  }

  #vpc({ network, zones }: EnvironmentConfig): ec2.Vpc {
    const vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: ec2.IpAddresses.cidr(network.cidr),
      availabilityZones: zones,
      natGateways: network.natGateways,
      restrictDefaultSecurityGroup: true,
      subnetConfiguration: [
        { name: 'public', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
        { name: 'private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
        { name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
      ],
    })
    const logGroup = encryptedLogGroup(this, 'FlowLogs', { key: this.logKey })
    const role = new iam.Role(this, 'FlowLogRole', {
      assumedBy: new iam.ServicePrincipal('vpc-flow-logs.amazonaws.com'),
    })
    accept(role, { 'NIST.800.53.R5-IAMNoInlinePolicy': 'The policy belongs to this one role.' })
    vpc.addFlowLog('FlowLog', { destination: ec2.FlowLogDestination.toCloudWatchLogs(logGroup, role) })
    accept(vpc, {
      'NIST.800.53.R5-VPCNoUnrestrictedRouteToIGW':
        'Public subnets hold the load balancer and NAT gateways, nothing else.',
    })
    return vpc
  }

  /** The function by which CDK empties the VPC's own security group would write into a group that is kept for ever. */
  #keepHelperLogs(): void {
    const helper = this.node.findAll().find((one) => CfnResource.isCfnResource(one) && one.cfnResourceType === LAMBDA)
    if (!CfnResource.isCfnResource(helper)) throw new Error('The VPC has a function that empties its security group')
    const { logGroupName } = encryptedLogGroup(this, 'HelperLogs', { key: this.logKey })
    helper.addPropertyOverride('LoggingConfig', { LogGroup: logGroupName })
  }

  #groups({ cloudFrontPrefixList }: EnvironmentConfig): Groups {
    const group = (id: string, description: string) =>
      new ec2.SecurityGroup(this, id, { vpc: this.vpc, description, allowAllOutbound: false })
    const loadBalancer = group('LoadBalancerGroup', 'The load balancer: HTTPS from CloudFront')
    const application = group('ApplicationGroup', 'Web, worker and one-off tasks')
    const database = group('DatabaseGroup', 'PostgreSQL: from the application')
    const cache = group('CacheGroup', 'Cache: from the application')
    loadBalancer.addIngressRule(ec2.Peer.prefixList(cloudFrontPrefixList), ec2.Port.tcp(443), 'HTTPS from CloudFront')
    allow(loadBalancer, application, WEB_PORT, 'web')
    allow(application, database, DATABASE_PORT, 'PostgreSQL')
    allow(application, cache, CACHE_PORT, 'cache')
    // Mail servers, calendars, webhooks and video links of businesses are anywhere.
    application.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'HTTPS to services and webhooks')
    application.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(587), 'mail by submission')
    application.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(465), 'mail by TLS')
    const rotation = group('RotationGroup', 'What exchanges the passwords of the database')
    allow(rotation, database, DATABASE_PORT, 'exchange of passwords')
    rotation.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'Secrets Manager')
    return { loadBalancer, application, database, cache, rotation }
  }

  /** The names of these services lead here for the whole VPC: whoever is not let in reaches them in no other way. */
  #endpoints(users: ec2.SecurityGroup[]): void {
    const group = new ec2.SecurityGroup(this, 'EndpointGroup', {
      vpc: this.vpc,
      description: 'Ways to AWS services: from whoever uses them',
      allowAllOutbound: false,
    })
    for (const user of users) allow(user, group, 443, 'AWS services')
    const services = {
      Registry: ec2.InterfaceVpcEndpointAwsService.ECR,
      RegistryImages: ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER,
      Logs: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
      Secrets: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
      Sessions: ec2.InterfaceVpcEndpointAwsService.SSM_MESSAGES,
      SystemsManager: ec2.InterfaceVpcEndpointAwsService.SSM,
    }
    for (const [id, service] of Object.entries(services))
      this.vpc.addInterfaceEndpoint(id, { service, securityGroups: [group], open: false })
  }

  /** On request: a machine without any open port, for `aws ssm start-session` with port forwarding to the database. */
  #bastion(): ec2.SecurityGroup {
    const group = new ec2.SecurityGroup(this, 'BastionGroup', {
      vpc: this.vpc,
      description: 'Bastion: nobody gets in but by Session Manager',
      allowAllOutbound: false,
    })
    group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'Session Manager')
    allow(group, this.groups.database, DATABASE_PORT, 'PostgreSQL')
    const bastion = new ec2.BastionHostLinux(this, 'Bastion', {
      vpc: this.vpc,
      subnetSelection: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      securityGroup: group,
      requireImdsv2: true,
      blockDevices: [{ deviceName: '/dev/xvda', volume: ec2.BlockDeviceVolume.ebs(10, { encrypted: true }) }],
    })
    bastion.instance.applyRemovalPolicy(RemovalPolicy.DESTROY)
    bastion.role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore'))
    return group
  }
}

/** Opens one port from one group to another, on both sides. */
function allow(from: ec2.SecurityGroup, to: ec2.SecurityGroup, port: number, what: string): void {
  from.addEgressRule(to, ec2.Port.tcp(port), what)
  to.addIngressRule(from, ec2.Port.tcp(port), what)
}
