import type { Synthesised } from '../check/synthesised.ts'
import { graphOf, type Found, type Graph } from './graph.ts'
import { flowChart, type Edge, type Node } from './mermaid.ts'

const VISITORS: Node = { key: 'visitors', label: ['Visitors, programs'], shape: 'people' }
const OTHERS: Node = { key: 'others', label: ['Mail servers, calendars, webhooks'], shape: 'people' }

/** Who talks to whom, from visitors to the database, by the kinds of subnets. What security groups refuse is not drawn. */
export function trafficDiagram({ templates }: Pick<Synthesised, 'templates'>): string {
  const graph = graphOf({ templates })
  const edge = [...graph.all('AWS::CloudFront::Distribution').map(distribution), ...staticFiles(graph)]
  const loadBalancers = graph.all('AWS::ElasticLoadBalancingV2::LoadBalancer')
  const servers = [...graph.all('AWS::ECS::Service'), ...graph.all('AWS::AutoScaling::AutoScalingGroup')]
  const stores = [...graph.all('AWS::RDS::DBInstance'), ...graph.all('AWS::ElastiCache::ReplicationGroup')]
  const rotation = graph.all('AWS::SecretsManager::RotationSchedule')
  const zones = graph.all('AWS::EC2::Subnet').length / 3
  const ways = graph.all('AWS::EC2::VPCEndpoint').filter((one) => one.properties['VpcEndpointType'] === 'Interface')
  const inside = ways.length === 0 ? '' : `, with ${ways.length} ways to AWS services`
  const groups = [
    { title: 'At the edge', nodes: edge },
    {
      title: `Public, ${zones} zones`,
      nodes: loadBalancers.map(({ key }) => ({ key, label: ['Load balancer'] })),
    },
    {
      title: `Private${inside}`,
      nodes: [
        ...servers.map((server) => serverNode(server, graph)),
        { key: 'tasks', label: ['Tasks: migrate, export'] },
        ...rotation.slice(0, 1).map(({ key }) => ({ key, label: ['Exchange of passwords'] })),
      ],
    },
    { title: 'Isolated', nodes: stores.map(storeNode) },
  ]
  const nat = `NAT gateways: ${graph.all('AWS::EC2::NatGateway').length}`
  const edges = [
    ...fromVisitors(graph),
    ...fromLoadBalancers(graph, servers),
    ...fromSecurityGroups({ templates }, graph, [...servers, ...rotation.slice(0, 1)]),
    ...replicas(graph),
    ...servers.map(({ key }) => ({ from: key, to: OTHERS.key, label: nat })),
  ]
  return flowChart([VISITORS, OTHERS], groups, edges)
}

function distribution({ key, properties }: Found): Node {
  const { Aliases } = properties['DistributionConfig'] as { Aliases: string[] }
  return { key, label: ['Firewall, CloudFront', ...Aliases] }
}

/** Buckets that CloudFront reads. */
function staticFiles(graph: Graph): Node[] {
  const origins = graph.all('AWS::CloudFront::Distribution').flatMap((one) => originsOf(one, graph))
  const isOrigin = ({ key }: Found) => origins.some((origin) => origin === key)
  const buckets = graph.all('AWS::S3::Bucket').filter(isOrigin)
  return buckets.map(({ key }) => ({ key, label: ['Static files'], shape: 'store' }))
}

function serverNode({ key, properties }: Found, graph: Graph): Node {
  if ('MaxSize' in properties)
    return {
      key,
      label: ['Machines, web and worker', `${String(properties['MinSize'])} to ${String(properties['MaxSize'])}`],
    }
  const target = graph
    .all('AWS::ApplicationAutoScaling::ScalableTarget')
    .find(({ stack, properties: { ResourceId } }) => graph.references(stack, ResourceId).includes(key))?.properties
  return {
    key,
    label: [
      properties['LoadBalancers'] ? 'Web' : 'Worker',
      `${String(target?.['MinCapacity'])} to ${String(target?.['MaxCapacity'])}, Fargate`,
    ],
  }
}

function storeNode({ key, properties }: Found): Node {
  const label =
    'DBInstanceClass' in properties
      ? [
          properties['SourceDBInstanceIdentifier'] ? 'Replica' : `PostgreSQL ${String(properties['EngineVersion'])}`,
          `${String(properties['DBInstanceClass'])}${properties['MultiAZ'] === true ? ', two zones' : ''}`,
        ]
      : [
          `Valkey ${String(properties['EngineVersion'])}`,
          `${String(properties['CacheNodeType'])} × ${String(properties['NumCacheClusters'])}`,
        ]
  return { key, label, shape: 'store' }
}

/** An origin is a bucket of the same stack, or the name of a record that leads to a load balancer. */
function originsOf({ stack, properties }: Found, graph: Graph): string[] {
  const { Origins } = properties['DistributionConfig'] as { Origins: { DomainName: unknown }[] }
  const records = graph.all('AWS::Route53::RecordSet')
  return Origins.flatMap(({ DomainName }) => {
    const record = records.find(({ properties: { Name } }) => Name === `${String(DomainName)}.`)
    return record
      ? graph.references(record.stack, record.properties['AliasTarget']).slice(0, 1)
      : graph.references(stack, DomainName)
  })
}

function fromVisitors(graph: Graph): Edge[] {
  return graph
    .all('AWS::CloudFront::Distribution')
    .flatMap((one) => [
      { from: VISITORS.key, to: one.key, label: 'HTTPS' },
      ...originsOf(one, graph).map((to) => ({ from: one.key, to, label: 'HTTPS' })),
    ])
}

function fromLoadBalancers(graph: Graph, servers: Found[]): Edge[] {
  const [loadBalancer] = graph.all('AWS::ElasticLoadBalancingV2::LoadBalancer')
  return graph.all('AWS::ElasticLoadBalancingV2::TargetGroup').flatMap((group) =>
    servers
      .filter(({ stack, properties }) => graph.references(stack, properties).includes(group.key))
      .map(({ key: to }) => ({
        from: loadBalancer?.key ?? '',
        to,
        label: `HTTP, ${String(group.properties['Port'])}`,
      })),
  )
}

/** What the rules let private subnets do to the database and to the cache. The replica is reached as its primary is. */
function fromSecurityGroups({ templates }: Pick<Synthesised, 'templates'>, graph: Graph, clients: Found[]): Edge[] {
  const launched = graph.all('AWS::EC2::LaunchTemplate')
  const groupsOf = ({ key, stack, properties }: Found): string[] => {
    const own = graph.references(stack, properties)
    const template = launched.find((one) => one.key !== key && own.includes(one.key))
    return template ? [...own, ...groupsOf(template)] : own
  }
  const tasks = graph.references('application', templates['application']?.Outputs?.['SecurityGroupOutput']?.Value)
  const from = [...clients.map((one) => ({ key: one.key, groups: groupsOf(one) })), { key: 'tasks', groups: tasks }]
  const stores = [...graph.all('AWS::RDS::DBInstance'), ...graph.all('AWS::ElastiCache::ReplicationGroup')]
    .filter(({ properties }) => !properties['SourceDBInstanceIdentifier'])
    .map((one) => ({ key: one.key, groups: groupsOf(one) }))
  return graph.all('AWS::EC2::SecurityGroupIngress').flatMap(({ stack, properties }) => {
    const [source] = graph.references(stack, properties['SourceSecurityGroupId'])
    const [target] = graph.references(stack, properties['GroupId'])
    const label = `TLS, ${String(properties['FromPort'])}`
    return from
      .filter(({ groups }) => source !== undefined && groups.includes(source))
      .flatMap((client) =>
        stores
          .filter(({ groups }) => target !== undefined && groups.includes(target))
          .map((store) => ({ from: client.key, to: store.key, label })),
      )
  })
}

function replicas(graph: Graph): Edge[] {
  return graph.all('AWS::RDS::DBInstance').flatMap(({ key, stack, properties }) =>
    graph
      .references(stack, properties['SourceDBInstanceIdentifier'])
      .slice(-1)
      .map((from) => ({ from, to: key })),
  )
}
