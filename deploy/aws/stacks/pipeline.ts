import { ArnFormat, DefaultStackSynthesizer, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import * as ecr from 'aws-cdk-lib/aws-ecr'
import * as iam from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { prefixOf, type EnvironmentConfig } from '../config.ts'
import { accept } from '../check/accept.ts'
import { staticBucketName } from './edge.ts'
import { environmentKey } from './keys.ts'

/** Enough to roll back far; older images are in the project's registry. */
const IMAGES_KEPT = 50
/** Where AWS tells the newest images of machines. */
const MACHINE_IMAGES = '/aws/service/ami-amazon-linux-latest/'
const GITHUB = 'token.actions.githubusercontent.com'

/** What a version needs on its way: the registry of its image, and the roles by which GitHub brings it and looks after backups, without any key. */
export class PipelineStack extends Stack {
  constructor(scope: Construct, config: EnvironmentConfig, props: StackProps) {
    super(scope, `${prefixOf(config)}-pipeline`, props)
    const repository = new ecr.Repository(this, 'Images', {
      repositoryName: prefixOf(config),
      imageTagMutability: ecr.TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      encryption: ecr.RepositoryEncryption.KMS,
      encryptionKey: environmentKey(this, config, 'images'),
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { rulePriority: 1, tagStatus: ecr.TagStatus.UNTAGGED, maxImageAge: Duration.days(7) },
        { rulePriority: 2, tagStatus: ecr.TagStatus.ANY, maxImageCount: IMAGES_KEPT },
      ],
    })
    const gitHub = this.#gitHub(config)
    const deploy = this.#role('Deploy', gitHub, {
      name: `${prefixOf(config)}-deploy`,
      description: `Brings versions of Slotkeeper to ${config.name}`,
      subject: `repo:${config.repository}:environment:${config.name}`,
    })
    repository.grantPullPush(deploy)
    for (const statement of this.#statements(config)) deploy.addToPolicy(statement)
    accept(deploy, {
      'AwsSolutions-IAM5[Resource::*]': 'The login to the registry, and making a revision of a task, know no resource.',
      ...openEnded(config),
    })
    const backups = this.#role('Backups', gitHub, {
      name: `${prefixOf(config)}-backups`,
      description: `Asks how restores of ${config.name} went`,
      subject: `repo:${config.repository}:environment:${config.name}-backups`,
    })
    backups.addToPolicy(new iam.PolicyStatement({ actions: ['backup:ListRestoreJobs'], resources: ['*'] }))
    accept(backups, { 'AwsSolutions-IAM5[Resource::*]': 'The list of restores knows no resource.' })
  }

  /** An account knows GitHub once. */
  #gitHub({ gitHubKnown }: EnvironmentConfig): iam.IOidcProvider {
    if (!gitHubKnown)
      return new iam.OidcProviderNative(this, 'GitHub', { url: `https://${GITHUB}`, clientIds: ['sts.amazonaws.com'] })
    const arn = this.formatArn({ service: 'iam', region: '', resource: 'oidc-provider', resourceName: GITHUB })
    return iam.OidcProviderNative.fromOidcProviderArn(this, 'GitHub', arn)
  }

  /** Only for workflows of the repository that GitHub lets into the environment of the subject. */
  #role(
    id: string,
    { oidcProviderArn }: iam.IOidcProvider,
    { name, description, subject }: { name: string; description: string; subject: string },
  ): iam.Role {
    const role = new iam.Role(this, id, {
      roleName: name,
      description,
      maxSessionDuration: Duration.hours(1),
      assumedBy: new iam.WebIdentityPrincipal(oidcProviderArn, {
        StringEquals: { [`${GITHUB}:aud`]: 'sts.amazonaws.com', [`${GITHUB}:sub`]: subject },
      }),
    })
    accept(role, { 'NIST.800.53.R5-IAMNoInlinePolicy': 'The policy belongs to this one role.' })
    return role
  }

  /**
   * What deploy/aws/release asks, and nothing else: runs the once task with another image, reads how it went, changes the
   * version of the application's stack, puts static files. CloudFormation and ECS ask some of it in the role's name.
   */
  #statements(config: EnvironmentConfig): iam.PolicyStatement[] {
    const prefix = prefixOf(config)
    const arn = (service: string, resource: string, resourceName: string, arnFormat = ArnFormat.SLASH_RESOURCE_NAME) =>
      this.formatArn({ service, resource, resourceName, arnFormat, ...(service === 'iam' && { region: '' }) })
    const named = (service: string, resource: string, name: string) =>
      arn(service, resource, name, ArnFormat.COLON_RESOURCE_NAME)
    const bucket = `arn:${this.partition}:s3:::${staticBucketName(this.account, config)}`
    const allow = (actions: string[], resources: string[], conditions?: Record<string, unknown>) =>
      new iam.PolicyStatement({ actions, resources, ...(conditions && { conditions }) })
    const inCluster = { ArnEquals: { 'ecs:cluster': arn('ecs', 'cluster', prefix) } }
    return [
      allow(
        ['cloudformation:DescribeStacks', 'cloudformation:DescribeStackEvents', 'cloudformation:UpdateStack'],
        [arn('cloudformation', 'stack', `${prefix}-application/*`)],
      ),
      // Whoever updates a stack must be able to read its parameters: CDK's version, and what machines start from.
      allow(
        ['ssm:GetParameters'],
        [
          arn('ssm', 'parameter', `cdk-bootstrap/${DefaultStackSynthesizer.DEFAULT_QUALIFIER}/version`),
          `arn:${this.partition}:ssm:${this.region}::parameter${MACHINE_IMAGES}*`,
        ],
      ),
      // They know no resource. What a revision may do, iam:PassRole says.
      allow(['ecs:DescribeTaskDefinition', 'ecs:RegisterTaskDefinition'], ['*']),
      allow(['ecs:RunTask'], [arn('ecs', 'task-definition', `${prefix}-once:*`)], inCluster),
      allow(['ecs:DescribeTasks', 'ecs:StopTask'], [arn('ecs', 'task', `${prefix}/*`)], inCluster),
      allow(['iam:PassRole'], [arn('iam', 'role', `${prefix}-*-OnceTask*`)], {
        StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
      }),
      allow(['logs:GetLogEvents'], [named('logs', 'log-group', `/${prefix}/once:*`)]),
      allow(['cloudwatch:DescribeAlarms'], [named('cloudwatch', 'alarm', `${prefix}-*`)]),
      allow(['s3:ListBucket'], [bucket]),
      allow(['s3:PutObject'], [`${bucket}/_app/immutable/*`]),
    ]
  }
}

/** Names that AWS makes as it builds end in anything; what stands before it is of this environment. */
function openEnded(config: EnvironmentConfig): Record<string, string> {
  const prefix = prefixOf(config)
  const here = `${config.region}:<AWS::AccountId>`
  const reasons = {
    [`cloudformation:${here}:stack/${prefix}-application/*`]: 'A stack has an id behind its name.',
    [`ssm:${config.region}::parameter${MACHINE_IMAGES}*`]: 'AWS publishes them for everybody.',
    [`ecs:${here}:task-definition/${prefix}-once:*`]: 'Each version has its own revision.',
    [`ecs:${here}:task/${prefix}/*`]: 'A task gets its id when it starts; the cluster is this one.',
    [`iam::<AWS::AccountId>:role/${prefix}-*-OnceTask*`]:
      'CloudFormation ends the names of roles; only tasks get them.',
    [`logs:${here}:log-group:/${prefix}/once:*`]: 'Every task has its own stream.',
    [`cloudwatch:${here}:alarm:${prefix}-*`]: 'It reads the alarms of its environment.',
    [`s3:::${prefix}-static-<AWS::AccountId>/_app/immutable/*`]: 'Files that visitors get anyway.',
  }
  return Object.fromEntries(
    Object.entries(reasons).map(([name, reason]) => [
      `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:${name}]`,
      reason,
    ]),
  )
}
