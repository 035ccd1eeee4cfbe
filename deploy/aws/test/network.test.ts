import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { describe, expect, test } from 'vitest'
import { synthesised, type Resource } from '../check/synthesised.ts'
import { CONFIGS, ENVIRONMENTS } from '../config.ts'
import { NetworkStack } from '../stacks/network.ts'

type Rule = { GroupId: unknown; SourceSecurityGroupId?: unknown; CidrIp?: string; FromPort: number; ToPort: number }

describe.each(ENVIRONMENTS)('%s', async (environment) => {
  const config = CONFIGS[environment]
  const { templates } = await synthesised(environment, 'containers')
  const network = templates['network']?.Resources ?? {}
  const data = templates['data']?.Resources ?? {}
  const ofType = (type: string, resources = network) =>
    Object.entries(resources).filter(([, { Type }]) => Type === type)

  test('every zone has a public, a private and an isolated subnet, and none gives out public addresses (W4)', () => {
    const subnets = ofType('AWS::EC2::Subnet')
    expect(subnets).toHaveLength(3 * config.zones.length)
    for (const kind of ['public', 'private', 'isolated'])
      expect(
        subnets
          .filter(([id]) => id.startsWith(`Vpc${kind}`))
          .map(zoneOf)
          .toSorted(),
      ).toEqual(config.zones)
    for (const [, { Properties }] of subnets) expect(Properties).toMatchObject({ MapPublicIpOnLaunch: false })
  })

  test('isolated subnets have no way out, private ones only by NAT (W4)', () => {
    const routes = ofType('AWS::EC2::Route').map(([id, { Properties }]) => ({ id, ...Properties }))
    expect(routes.filter(({ id }) => id.includes('isolated'))).toEqual([])
    for (const route of routes.filter(({ id }) => id.includes('private')))
      expect(route).toMatchObject({ NatGatewayId: expect.anything() })
    expect(ofType('AWS::EC2::NatGateway')).toHaveLength(config.network.natGateways)
  })

  test('the database and the cache are in isolated subnets (W4)', () => {
    const groups = [...ofType('AWS::RDS::DBSubnetGroup', data), ...ofType('AWS::ElastiCache::SubnetGroup', data)]
    const subnets = groups.flatMap(([, { Properties }]) => Properties?.['SubnetIds'])
    expect(subnets).toHaveLength(groups.length * config.zones.length)
    for (const subnet of subnets) expect(JSON.stringify(subnet)).toContain('Vpcisolated')
  })

  test('no rule opens a port for a shell, or all ports, to anybody (W4)', () => {
    const rules = rulesIn(network)
    expect(rules.length).toBeGreaterThanOrEqual(5)
    for (const { FromPort, ToPort } of rules) {
      expect(ToPort).toBe(FromPort)
      expect([443, 5000, 5432, 6379]).toContain(FromPort)
    }
  })

  test('what must not get out is not let out: the database and the cache (W4)', () => {
    const open = ofType('AWS::EC2::SecurityGroup').filter(([, { Properties }]) =>
      (Properties?.['SecurityGroupEgress'] as { CidrIp: string }[] | undefined)?.some(
        ({ CidrIp }) => CidrIp === '0.0.0.0/0',
      ),
    )
    expect(open.map(([id]) => id.replace(/Group[0-9A-F]{8}$/, '')).toSorted()).toEqual(['Application', 'Rotation'])
  })

  test('all traffic is written to the flow log, whether let through or refused (W4)', () => {
    expect(ofType('AWS::EC2::FlowLog').map(([, { Properties }]) => Properties)).toEqual([
      expect.objectContaining({ ResourceType: 'VPC', TrafficType: 'ALL' }),
    ])
  })

  test('there is no bastion where nobody asked for one (W4)', () => {
    expect(ofType('AWS::EC2::Instance')).toEqual([])
  })
})

describe('where AWS is reached inside the VPC', () => {
  const config = { ...CONFIGS.production, network: { ...CONFIGS.production.network, bastion: true } }
  const stack = new NetworkStack(new App(), config, { env: { region: config.region } })
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: Record<string, Resource> }

  test('all who need it are let in: the application, the exchange of passwords, the bastion', () => {
    const toEndpoints = rulesIn(Resources).filter(({ GroupId }) => JSON.stringify(GroupId).includes('EndpointGroup'))
    const from = toEndpoints.map(({ SourceSecurityGroupId }) => JSON.stringify(SourceSecurityGroupId))
    for (const group of ['ApplicationGroup', 'RotationGroup', 'BastionGroup'])
      expect(from.some((source) => source.includes(group))).toBe(true)
  })

  test('the bastion that was asked for has no open port, no key and no public address, and an encrypted disk (W4)', () => {
    const [bastion] = Object.values(Resources).filter(({ Type }) => Type === 'AWS::EC2::Instance')
    expect(bastion?.Properties).not.toHaveProperty('KeyName')
    expect(JSON.stringify(bastion?.Properties?.['SubnetId'])).toContain('Vpcprivate')
    expect(bastion?.Properties).toMatchObject({ BlockDeviceMappings: [{ Ebs: { Encrypted: true } }] })
    expect(rulesIn(Resources).filter(({ GroupId }) => JSON.stringify(GroupId).includes('BastionGroup'))).toEqual([])
  })
})

/** What lets in, written at the group or apart from it. */
function rulesIn(resources: Record<string, Resource>): Rule[] {
  return Object.entries(resources).flatMap(([id, { Type, Properties = {} }]) => {
    if (Type === 'AWS::EC2::SecurityGroupIngress') return [Properties as Rule]
    if (Type !== 'AWS::EC2::SecurityGroup') return []
    return ((Properties['SecurityGroupIngress'] ?? []) as Rule[]).map((rule) => ({ ...rule, GroupId: id }))
  })
}

const zoneOf = ([, { Properties }]: [string, Resource]) => Properties?.['AvailabilityZone']
