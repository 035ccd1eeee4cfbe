import { App } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { describe, expect, test } from 'vitest'
import { CONFIGS, ENVIRONMENTS, type EnvironmentConfig } from '../config.ts'
import { addEnvironment } from '../environment.ts'
import { runRelease, startAws } from '../release/fake-aws.fixture.ts'
import { PipelineStack } from '../stacks/pipeline.ts'

type Parameter = { Type: string; Default: string }
type Statement = { Action: string | string[]; Resource: unknown; Condition?: unknown }

const templateOf = (config: EnvironmentConfig) =>
  Template.fromStack(new PipelineStack(new App(), config, { env: { region: config.region } }))

/** What docker asks the registry, and AWS's services ask in the name of who called them; nothing of it is a call of ours. */
const ASKED_FOR_US = [
  // docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html, and to pull
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:CompleteLayerUpload',
  'ecr:GetDownloadUrlForLayer',
  'ecr:InitiateLayerUpload',
  'ecr:PutImage',
  'ecr:UploadLayerPart',
  // ecs:RunTask and ecs:RegisterTaskDefinition, for the roles of the task
  'iam:PassRole',
  // cloudformation:UpdateStack, for parameters that are kept in Systems Manager
  'ssm:GetParameters',
]

/** Every call of a roll out, of one that goes back, of one whose task is stopped, and of a roll back. */
async function askedByReleases(): Promise<string[]> {
  await using world = await startAws()
  const toV2 = ['--environment', 'staging', '--version', 'v2']
  await runRelease(world, toV2)
  await runRelease(world, ['--environment', 'staging', '--back'])
  world.updates = 'roll back'
  await runRelease(world, toV2)
  world.task = 'never stops'
  await runRelease(world, [...toV2, '--patience', '0'])
  return world.asked.filter((line) => /^\w+:\w+$/.test(line))
}

describe.each(ENVIRONMENTS)('%s', (environment) => {
  const config = CONFIGS[environment]
  const template = templateOf(config)
  const statementsOf = (role: string) =>
    Object.entries(template.findResources('AWS::IAM::Policy'))
      .filter(([name]) => name.startsWith(role))
      .flatMap(([, policy]) => policy['Properties'].PolicyDocument.Statement as Statement[])
  const statements = statementsOf('Deploy')
  const allowing = (action: string) => statements.filter(({ Action }) => [Action].flat().includes(action))

  test('an image is scanned when it comes, encrypted, and never replaced under its tag', () => {
    template.hasResourceProperties('AWS::ECR::Repository', {
      RepositoryName: `slotkeeper-${environment}`,
      ImageTagMutability: 'IMMUTABLE',
      ImageScanningConfiguration: { ScanOnPush: true },
      EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: Match.anyValue() },
    })
    template.allResourcesProperties('AWS::KMS::Key', { EnableKeyRotation: true })
  })

  test('old images go, and the registry stays when its stack goes (W7)', () => {
    template.hasResource('AWS::ECR::Repository', {
      DeletionPolicy: 'Retain',
      Properties: {
        LifecyclePolicy: {
          LifecyclePolicyText: Match.serializedJson({
            rules: [
              Match.objectLike({ selection: Match.objectLike({ tagStatus: 'untagged', countNumber: 7 }) }),
              Match.objectLike({ selection: Match.objectLike({ tagStatus: 'any', countNumber: 50 }) }),
            ],
          }),
        },
      },
    })
  })

  test.each([
    ['deploy', environment],
    ['backups', `${environment}-backups`],
  ])("only this repository's workflows of the environment get the role %s, and without keys (W5)", (role, from) => {
    template.resourceCountIs('AWS::IAM::User', 0)
    template.resourceCountIs('AWS::IAM::AccessKey', 0)
    template.resourceCountIs('AWS::IAM::Role', 2)
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: `slotkeeper-${environment}-${role}`,
      AssumeRolePolicyDocument: Match.objectLike({
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRoleWithWebIdentity',
            Principal: { Federated: Match.anyValue() },
            Condition: {
              StringEquals: {
                'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
                'token.actions.githubusercontent.com:sub': `repo:OWNER/slotkeeper:environment:${from}`,
              },
            },
          },
        ],
      }),
    })
  })

  test('the role has no action by wildcard, and may do anywhere only what knows no resource (W5)', () => {
    expect(statements.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([])
    expect(statements.filter(({ Resource }) => Resource === '*').map(({ Action }) => Action)).toEqual([
      'ecr:GetAuthorizationToken',
      ['ecs:DescribeTaskDefinition', 'ecs:RegisterTaskDefinition'],
    ])
    const elsewhere = statements.filter(({ Resource, Action }) => Resource !== '*' && Action !== 'ssm:GetParameters')
    for (const { Resource } of elsewhere)
      expect(JSON.stringify(Resource)).toMatch(new RegExp(`slotkeeper-${environment}|Images`))
  })

  test('it may do what the release commands ask, and nothing beyond (W5)', async () => {
    const allowed = new Set(statements.flatMap(({ Action }) => Action))
    expect([...allowed].sort()).toEqual([...new Set([...(await askedByReleases()), ...ASKED_FOR_US])].sort())
  })

  test('the role for backups may ask how restores went, and nothing else (W6)', () => {
    expect(statementsOf('Backups')).toEqual([{ Effect: 'Allow', Action: 'backup:ListRestoreJobs', Resource: '*' }])
  })

  test('it runs the once task in the cluster of its environment, and hands roles to tasks alone', () => {
    expect(allowing('ecs:RunTask')).toEqual([
      expect.objectContaining({ Condition: { ArnEquals: { 'ecs:cluster': expect.anything() } } }),
    ])
    expect(allowing('iam:PassRole')).toEqual([
      expect.objectContaining({ Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } } }),
    ])
  })

  test('where the account knows GitHub already, it is not made known again', () => {
    template.resourceCountIs('AWS::IAM::OIDCProvider', 1)
    templateOf({ ...config, gitHubKnown: true }).resourceCountIs('AWS::IAM::OIDCProvider', 0)
  })
})

test('the role reads the parameters that the stack of the application is made from, as whoever updates it must', () => {
  const config = CONFIGS.staging
  const parameters = (['machines', 'containers'] as const).flatMap((option) => {
    const { application } = addEnvironment(new App(), { ...config, option })
    return Object.values(Template.fromStack(application).findParameters('*')) as Parameter[]
  })
  const names = parameters.filter(({ Type }) => Type.startsWith('AWS::SSM::')).map(({ Default }) => Default)
  expect(new Set(names).size).toBe(2)
  const policies = JSON.stringify(templateOf(config).findResources('AWS::IAM::Policy'))
  for (const name of names) expect(policies).toContain(name.replace(/(ami-amazon-linux-latest\/).*/, '$1*'))
})
