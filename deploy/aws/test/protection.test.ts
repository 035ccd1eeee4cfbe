import { describe, expect, test } from 'vitest'
import { synthesised, type Resource } from '../check/synthesised.ts'
import { ENVIRONMENTS } from '../config.ts'

type Statement = {
  Effect: string
  Action: string | string[]
  Resource?: unknown
  Principal?: unknown
  Condition?: unknown
}

const OPTIONS = ['containers', 'machines'] as const
const SECURE_ONLY = { Bool: { 'aws:SecureTransport': 'false' } }

describe.each(ENVIRONMENTS.flatMap((environment) => OPTIONS.map((option) => ({ environment, option }))))(
  '$environment as $option',
  async ({ environment, option }) => {
    const { templates } = await synthesised(environment, option)
    const all = Object.values(templates).flatMap(({ Resources }) => Object.entries(Resources))
    const ofType = (type: string) => all.filter(([, { Type }]) => Type === type)
    const propertiesOf = (type: string) => ofType(type).map(([, { Properties = {} }]) => Properties)

    test('every key rotates, and stays when its stack goes (W5)', () => {
      expect(ofType('AWS::KMS::Key')).toHaveLength(6)
      for (const [, key] of ofType('AWS::KMS::Key'))
        expect(key).toMatchObject({ DeletionPolicy: 'Retain', Properties: { EnableKeyRotation: true } })
    })

    test('every secret is encrypted with our key, made by AWS and not by a person, and stays (W5)', () => {
      expect(ofType('AWS::SecretsManager::Secret')).toHaveLength(6)
      for (const [, secret] of ofType('AWS::SecretsManager::Secret'))
        expect(secret).toMatchObject({
          DeletionPolicy: 'Retain',
          Properties: { KmsKeyId: expect.anything(), GenerateSecretString: expect.anything() },
        })
    })

    test('every bucket is closed to the public, encrypted, versioned, and refuses who does not encrypt on the way (W5)', () => {
      expect(ofType('AWS::S3::Bucket')).toHaveLength(4)
      for (const bucket of propertiesOf('AWS::S3::Bucket'))
        expect(bucket).toMatchObject({
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            BlockPublicPolicy: true,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
          BucketEncryption: { ServerSideEncryptionConfiguration: [expect.anything()] },
          VersioningConfiguration: { Status: 'Enabled' },
        })
      const policies = propertiesOf('AWS::S3::BucketPolicy').map((one) => statementsOf(one['PolicyDocument']))
      expect(policies).toHaveLength(4)
      for (const statements of policies)
        expect(statements).toContainEqual(expect.objectContaining({ Effect: 'Deny', Condition: SECURE_ONLY }))
    })

    test('what must not be lost stays when a stack is deleted: databases leave a snapshot, vaults and the trail stay (W6)', () => {
      for (const [, { DeletionPolicy }] of ofType('AWS::RDS::DBInstance')) expect(DeletionPolicy).toBe('Snapshot')
      for (const [, { DeletionPolicy }] of ofType('AWS::Backup::BackupVault')) expect(DeletionPolicy).toBe('Retain')
      for (const [, { DeletionPolicy }] of ofType('AWS::S3::Bucket')) expect(DeletionPolicy).toBe('Retain')
      for (const database of propertiesOf('AWS::RDS::DBInstance'))
        expect(database).toMatchObject({ DeletionProtection: true, DeleteAutomatedBackups: false })
    })

    test('no role may do everything, and what it may do to everything is known (W5)', () => {
      const granted = propertiesOf('AWS::IAM::Policy').flatMap((one) => statementsOf(one['PolicyDocument']))
      expect(granted.length).toBeGreaterThan(10)
      for (const { Action } of granted)
        for (const action of [Action].flat()) expect(action).not.toMatch(/^(?:\w+:)?\*$/)
      const anywhere = granted.filter(({ Resource: on }) => on === '*').flatMap(({ Action }) => Action)
      expect([...new Set(anywhere)].sort()).toEqual([
        'backup:ListRestoreJobs',
        'ecr:GetAuthorizationToken',
        'ecs:DescribeTaskDefinition',
        'ecs:RegisterTaskDefinition',
      ])
    })

    test('nobody but AWS services and GitHub by OIDC takes a role, and there are no users or keys of users (W5)', () => {
      expect(all.filter(([, { Type }]) => /^AWS::IAM::(?:User|AccessKey|Group)$/.test(Type))).toEqual([])
      const takers = propertiesOf('AWS::IAM::Role').flatMap((one) => statementsOf(one['AssumeRolePolicyDocument']))
      expect(takers.length).toBeGreaterThan(10)
      for (const { Principal } of takers)
        expect(Object.keys(Principal as object)).toEqual([expect.stringMatching(/^(?:Service|Federated)$/)])
    })

    test('certificates come from ACM, shown to be ours by DNS, for visitors and for the load balancer (W3)', () => {
      const certificates = propertiesOf('AWS::CertificateManager::Certificate')
      expect(certificates.map((one) => one['ValidationMethod'])).toEqual(['DNS', 'DNS'])
      expect(propertiesOf('AWS::ElasticLoadBalancingV2::Listener').map((one) => one['SslPolicy'])).toEqual([
        expect.stringMatching(/TLS13-1-2/),
      ])
    })

    test('what is named anywhere is encrypted on disk: the database, the cache, machines (W5)', () => {
      const primaries = propertiesOf('AWS::RDS::DBInstance').filter((one) => !('SourceDBInstanceIdentifier' in one))
      for (const database of primaries)
        expect(database).toMatchObject({ StorageEncrypted: true, KmsKeyId: expect.anything() })
      expect(propertiesOf('AWS::ElastiCache::ReplicationGroup')).toEqual([
        expect.objectContaining({ AtRestEncryptionEnabled: true, KmsKeyId: expect.anything() }),
      ])
      const launched = ofType('AWS::EC2::LaunchTemplate')
      expect(launched).toHaveLength(option === 'machines' ? 1 : 0)
      for (const [, template] of launched)
        expect(disksOf(template)).toEqual([expect.objectContaining({ Encrypted: true })])
    })
  },
)

function statementsOf(document: unknown): Statement[] {
  return (document as { Statement: Statement[] }).Statement
}

function disksOf({ Properties }: Resource): unknown[] {
  const { BlockDeviceMappings } = Properties?.['LaunchTemplateData'] as { BlockDeviceMappings: { Ebs: unknown }[] }
  return BlockDeviceMappings.map(({ Ebs }) => Ebs)
}
