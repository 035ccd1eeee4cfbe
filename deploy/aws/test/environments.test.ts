import { Match, Template } from 'aws-cdk-lib/assertions'
import { describe, expect, test } from 'vitest'
import { synthesised } from '../check/synthesised.ts'
import { ENVIRONMENTS, type ApplicationOption, type EnvironmentName } from '../config.ts'

async function templatesOf(environment: EnvironmentName, option: ApplicationOption) {
  const { templates } = await synthesised(environment, option)
  const template = (stack: string) => Template.fromJSON(templates[stack] ?? {})
  return { network: template('network'), data: template('data'), application: template('application') }
}

describe.each(ENVIRONMENTS)('%s', async (environment) => {
  const { network, data, application } = await templatesOf(environment, 'containers')

  test('only HTTPS from CloudFront comes in from outside (W4)', () => {
    type Rule = { SourceSecurityGroupId?: unknown }
    const groups = Object.values(network.findResources('AWS::EC2::SecurityGroup'))
    const inline = groups.flatMap(
      (one) => (one as { Properties: { SecurityGroupIngress?: Rule[] } }).Properties.SecurityGroupIngress ?? [],
    )
    const apart = Object.values(network.findResources('AWS::EC2::SecurityGroupIngress')).map(
      (one) => (one as { Properties: Rule }).Properties,
    )
    const fromOutside = [...inline, ...apart].filter((rule) => !rule.SourceSecurityGroupId)
    expect(fromOutside).toEqual([
      expect.objectContaining({ FromPort: 443, ToPort: 443, SourcePrefixListId: expect.any(String) }),
    ])
  })

  test('the database is encrypted, private, protected from deletion, and refuses connections without TLS (W5, W6)', () => {
    data.hasResourceProperties('AWS::RDS::DBInstance', {
      StorageEncrypted: true,
      PubliclyAccessible: false,
      DeletionProtection: true,
      MultiAZ: environment !== 'dev',
      BackupRetentionPeriod: { dev: 7, staging: 14, production: 35 }[environment],
    })
    data.allResourcesProperties('AWS::RDS::DBParameterGroup', {
      Parameters: Match.objectLike({ 'rds.force_ssl': '1' }),
    })
    data.resourceCountIs('AWS::RDS::DBInstance', environment === 'production' ? 2 : 1)
  })

  test('the cache wants TLS and a password, and is encrypted on disk (W5)', () => {
    data.hasResourceProperties('AWS::ElastiCache::ReplicationGroup', {
      TransitEncryptionEnabled: true,
      TransitEncryptionMode: 'required',
      AtRestEncryptionEnabled: true,
      AuthToken: Match.anyValue(),
    })
  })

  test('keys rotate, and so do the passwords of the database (W5)', () => {
    for (const template of [network, data])
      template.allResourcesProperties('AWS::KMS::Key', { EnableKeyRotation: true })
    data.resourceCountIs('AWS::SecretsManager::RotationSchedule', 3)
  })

  test('a version that fails goes back by itself, and the worker may be interrupted (W2, W8)', () => {
    application.allResourcesProperties('AWS::ECS::Service', {
      DeploymentConfiguration: Match.objectLike({
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        Alarms: Match.objectLike({ Enable: true, Rollback: true }),
      }),
      CapacityProviderStrategy: Match.arrayWith([Match.objectLike({ CapacityProvider: 'FARGATE_SPOT' })]),
    })
  })

  test('the load balancer speaks TLS alone and refuses whoever does not come by our CloudFront (W5)', () => {
    application.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 1)
    application.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Protocol: 'HTTPS',
      DefaultActions: [Match.objectLike({ FixedResponseConfig: Match.objectLike({ StatusCode: '403' }) })],
    })
  })

  test('logs are encrypted and kept for 30 days (R2)', () => {
    for (const template of [network, application])
      template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30, KmsKeyId: Match.anyValue() })
  })

  test('the exported trail cannot be changed for seven years and gets cheaper with age (R2, W7)', () => {
    application.hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockConfiguration: Match.objectLike({ Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 2557 } } }),
    })
  })

  test('as machines, new ones serve before old ones go (W1, W8)', async () => {
    const { application: machines } = await templatesOf(environment, 'machines')
    machines.hasResource('AWS::AutoScaling::AutoScalingGroup', {
      UpdatePolicy: { AutoScalingRollingUpdate: Match.objectLike({ WaitOnResourceSignals: true }) },
    })
    machines.resourceCountIs('AWS::ECS::Service', 0)
  })
})
