import { describe, expect, test } from 'vitest'
import { synthesised, type Resource } from '../check/synthesised.ts'
import { CONFIGS, ENVIRONMENTS } from '../config.ts'

type Container = {
  Name: string
  Command?: string[]
  Image: unknown
  Essential: boolean
  ReadonlyRootFilesystem?: boolean
  DependsOn?: { ContainerName: string; Condition: string }[]
  Secrets?: { Name: string }[]
}

const propertiesOf = (resources: Record<string, Resource>, type: string) =>
  Object.values(resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties = {} }) => Properties)

describe.each(ENVIRONMENTS)('%s', async (environment) => {
  const config = CONFIGS[environment]
  const resourcesOf = async (option: 'containers' | 'machines') =>
    (await synthesised(environment, option)).templates['application']?.Resources ?? {}

  describe('as containers', async () => {
    const resources = await resourcesOf('containers')
    const services = propertiesOf(resources, 'AWS::ECS::Service')
    const containers = (family: string) => {
      const [task] = propertiesOf(resources, 'AWS::ECS::TaskDefinition').filter(
        ({ Family }) => Family === `slotkeeper-${environment}-${family}`,
      )
      return task?.['ContainerDefinitions'] as Container[]
    }
    const container = (family: string, name: string) => containers(family).find(({ Name }) => Name === name)

    test('web has a base that is never interrupted and a part that may be, as configured (W2)', () => {
      const strategies = services.map(({ CapacityProviderStrategy }) => CapacityProviderStrategy)
      const strategy = ({ onDemandBase, spotPercent }: typeof config.web | typeof config.worker) => [
        expect.objectContaining({ CapacityProvider: 'FARGATE', Weight: 100 - spotPercent, Base: onDemandBase }),
        expect.objectContaining({ CapacityProvider: 'FARGATE_SPOT', Weight: spotPercent }),
      ]
      expect(strategies).toEqual([strategy(config.web), strategy(config.worker)])
    })

    test('containers have no public address (W4)', () => {
      for (const { NetworkConfiguration } of services)
        expect(NetworkConfiguration).toMatchObject({ AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } })
    })

    test('web scales on processors, memory and requests, and has more in the working day (W7)', () => {
      const metrics = propertiesOf(resources, 'AWS::ApplicationAutoScaling::ScalingPolicy').map(
        ({ TargetTrackingScalingPolicyConfiguration: how }) =>
          (how as { PredefinedMetricSpecification: { PredefinedMetricType: string } }).PredefinedMetricSpecification
            .PredefinedMetricType,
      )
      expect(metrics.toSorted()).toEqual([
        'ALBRequestCountPerTarget',
        'ECSServiceAverageCPUUtilization',
        'ECSServiceAverageCPUUtilization',
        'ECSServiceAverageMemoryUtilization',
      ])
      const [web, worker] = propertiesOf(resources, 'AWS::ApplicationAutoScaling::ScalableTarget')
      expect(web).toMatchObject({ MinCapacity: config.web.min, MaxCapacity: config.web.max })
      expect(worker).toMatchObject({ MinCapacity: config.worker.min, MaxCapacity: config.worker.max })
      expect(web?.['ScheduledActions']).toEqual([
        expect.objectContaining({ ScalableTargetAction: { MinCapacity: config.workingDay.minInDay } }),
        expect.objectContaining({ ScalableTargetAction: { MinCapacity: config.web.min } }),
      ])
    })

    test('a version takes over beside the one before it, never in its place (W8)', () => {
      for (const { DeploymentConfiguration } of services)
        expect(DeploymentConfiguration).toMatchObject({ MinimumHealthyPercent: 100, MaximumPercent: 200 })
    })

    test('alarms on failures, on silence and on slowness bring the version before back (W8)', () => {
      const names = (id: unknown) =>
        resources[(id as { Ref: string }).Ref]?.Properties?.['AlarmName'] ?? 'an alarm that is not there'
      for (const { DeploymentConfiguration } of services) {
        const { AlarmNames } = (DeploymentConfiguration as { Alarms: { AlarmNames: unknown[] } }).Alarms
        expect(AlarmNames.map(names).toSorted()).toEqual(
          ['failures', 'slow', 'unreachable'].map((name) => `slotkeeper-${environment}-${name}`),
        )
      }
    })

    test('the once task makes the users first, then migrates; when one fails, it fails (W8)', () => {
      expect(container('once', 'command')).toMatchObject({ Command: ['migrate', 'up'], Essential: true })
      expect(container('once', 'command')?.DependsOn).toContainEqual({ ContainerName: 'users', Condition: 'SUCCESS' })
    })

    test('what serves and what works never hear the passwords of the owner or of the administrator (W5)', () => {
      const heard = (family: string) =>
        containers(family).flatMap(({ Secrets = [] }) => Secrets.map(({ Name }) => Name))
      expect(heard('once')).toEqual(expect.arrayContaining(['OWNER_SECRET', 'ADMIN_SECRET']))
      for (const family of ['web', 'worker', 'export'])
        expect(heard(family).filter((name) => /OWNER|ADMIN/.test(name))).toEqual([])
    })

    test('no container may write into its image (W5)', () => {
      for (const family of ['web', 'worker', 'once', 'export'])
        for (const { ReadonlyRootFilesystem } of containers(family)) expect(ReadonlyRootFilesystem).toBe(true)
    })

    test('every container of the product is of the one version that the parameter names (W8)', () => {
      const images = ['web', 'worker', 'once'].flatMap((family) => containers(family).map(({ Image }) => Image))
      for (const image of images) expect(JSON.stringify(image)).toContain('{"Ref":"Version"}')
    })
  })

  describe('as machines', async () => {
    const resources = await resourcesOf('machines')
    const [group] = propertiesOf(resources, 'AWS::AutoScaling::AutoScalingGroup')
    const [launch] = propertiesOf(resources, 'AWS::EC2::LaunchTemplate').map((one) => one['LaunchTemplateData'])
    const { machines } = config

    test('the load balancer sends requests to the group, and the group replaces what the load balancer finds sick (W1)', () => {
      expect(propertiesOf(resources, 'AWS::ElasticLoadBalancingV2::TargetGroup')).toEqual([
        expect.objectContaining({ TargetType: 'instance', HealthCheckPath: '/health/ready' }),
      ])
      expect(group).toMatchObject({ TargetGroupARNs: [expect.anything()], HealthCheckType: 'ELB' })
    })

    test('a part of the machines may be interrupted, as configured (W7)', () => {
      expect(group).toMatchObject({
        MinSize: String(machines.min),
        MaxSize: String(machines.max),
        MixedInstancesPolicy: {
          InstancesDistribution: {
            OnDemandBaseCapacity: machines.onDemandBase,
            OnDemandPercentageAboveBaseCapacity: 100 - machines.spotPercent,
          },
        },
      })
    })

    test('machines have no key for a shell, and tell their role to nobody who asks the old way (W4, W5)', () => {
      expect(launch).not.toHaveProperty('KeyName')
      expect(launch).toMatchObject({ MetadataOptions: { HttpTokens: 'required' } })
    })

    test('people get onto machines by Session Manager (W4)', () => {
      const roles = propertiesOf(resources, 'AWS::IAM::Role').map((one) =>
        JSON.stringify(one['ManagedPolicyArns'] ?? ''),
      )
      expect(roles.filter((arns) => arns.includes('AmazonSSMManagedInstanceCore'))).toHaveLength(1)
    })

    test('they scale on processors and requests, and there are more in the working day (W7)', () => {
      const metrics = propertiesOf(resources, 'AWS::AutoScaling::ScalingPolicy').map(
        ({ TargetTrackingConfiguration: how }) =>
          (how as { PredefinedMetricSpecification: { PredefinedMetricType: string } }).PredefinedMetricSpecification
            .PredefinedMetricType,
      )
      expect(metrics.toSorted()).toEqual(['ALBRequestCountPerTarget', 'ASGAverageCPUUtilization'])
      const scheduled = propertiesOf(resources, 'AWS::AutoScaling::ScheduledAction').map(({ MinSize }) => MinSize)
      expect(scheduled).toEqual([config.workingDay.minInDay, machines.min])
    })

    test('a roll out waits for every new machine to say that it serves (W8)', () => {
      const [found] = Object.values(resources).filter(({ Type }) => Type === 'AWS::AutoScaling::AutoScalingGroup')
      expect(found).toMatchObject({
        CreationPolicy: { ResourceSignal: { Count: machines.min } },
        UpdatePolicy: {
          AutoScalingRollingUpdate: { MinInstancesInService: machines.min, MinSuccessfulInstancesPercent: 100 },
        },
      })
    })
  })
})

test('production is larger than staging, and staging larger than dev (W7)', () => {
  const sizes = ENVIRONMENTS.map((name) => CONFIGS[name]).map(({ web, machines, database }) => [
    web.max * web.cpu,
    machines.max,
    database.storageMaxGb,
  ])
  for (const [index, smaller] of sizes.slice(0, -1).entries())
    for (const [part, size] of smaller.entries()) expect(sizes[index + 1]?.[part]).toBeGreaterThan(size)
})
