import { App } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { describe, expect, test } from 'vitest'
import { CONFIGS, ENVIRONMENTS, type EnvironmentConfig } from '../config.ts'
import { PipelineStack } from '../stacks/pipeline.ts'

type Statement = { Action: string | string[]; Resource: unknown; Condition?: unknown }

const templateOf = (config: EnvironmentConfig) =>
  Template.fromStack(new PipelineStack(new App(), config, { env: { region: config.region } }))

describe.each(ENVIRONMENTS)('%s', (environment) => {
  const config = CONFIGS[environment]
  const template = templateOf(config)
  const policies = Object.values(template.findResources('AWS::IAM::Policy'))
  const statements = policies.flatMap((one) => one['Properties'].PolicyDocument.Statement as Statement[])
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

  test("only this repository's workflows of this environment get the role, and without keys (W5)", () => {
    template.resourceCountIs('AWS::IAM::User', 0)
    template.resourceCountIs('AWS::IAM::AccessKey', 0)
    template.resourceCountIs('AWS::IAM::Role', 1)
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: Match.objectLike({
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRoleWithWebIdentity',
            Principal: { Federated: Match.anyValue() },
            Condition: {
              StringEquals: {
                'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
                'token.actions.githubusercontent.com:sub': `repo:OWNER/slotkeeper:environment:${environment}`,
              },
            },
          },
        ],
      }),
    })
  })

  test('the role has no action by wildcard, and of what it may do anywhere there is only the login to the registry (W5)', () => {
    expect(statements.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([])
    expect(statements.filter(({ Resource }) => Resource === '*').map(({ Action }) => Action)).toEqual([
      'ecr:GetAuthorizationToken',
    ])
    const elsewhere = statements.filter(({ Resource }) => Resource !== '*').map((one) => JSON.stringify(one.Resource))
    for (const resource of elsewhere) expect(resource).toMatch(new RegExp(`slotkeeper-${environment}|Images`))
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
