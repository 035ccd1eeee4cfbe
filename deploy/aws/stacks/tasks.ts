import * as ecs from 'aws-cdk-lib/aws-ecs'
import { Duration } from 'aws-cdk-lib'
import type * as ecr from 'aws-cdk-lib/aws-ecr'
import * as iam from 'aws-cdk-lib/aws-iam'
import type { IKey, Key } from 'aws-cdk-lib/aws-kms'
import type * as s3 from 'aws-cdk-lib/aws-s3'
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import { prefixOf, type EnvironmentConfig } from '../config.ts'
import { accept } from '../check/accept.ts'
import { hostsOf, programOf, settingsOf } from './contract.ts'
import type { DataStack } from './data.ts'
import { encryptedLogGroup } from './logs.ts'
import type { Secrets } from './secrets.ts'
import { WEB_PORT } from './network.ts'

type TaskProps = {
  config: EnvironmentConfig
  data: DataStack
  secrets: Secrets<ISecret>
  repository: ecr.IRepository
  /** the tag of the image */
  version: string
  logKey: Key
}

/** What serves, what sends, and what is run once: the same image, and no container gets secrets that it does not need. */
export function webTask(scope: Construct, props: TaskProps): ecs.FargateTaskDefinition {
  const { task, image, logging } = taskWithSettings(scope, 'Web', props, props.config.web)
  const container = task.addContainer('web', {
    ...product(props, image, logging),
    command: ['web'],
    portMappings: [{ containerPort: WEB_PORT }],
    healthCheck: {
      command: ['CMD', 'node', 'apps/server/src/main.ts', 'health'],
      interval: Duration.seconds(10),
      startPeriod: Duration.seconds(60),
    },
  })
  afterSettings(container)
  return task
}

export function workerTask(scope: Construct, props: TaskProps): ecs.FargateTaskDefinition {
  const { task, image, logging } = taskWithSettings(scope, 'Worker', props, props.config.worker)
  const alive =
    "fetch('http://127.0.0.1:9464/metrics').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"
  const { environment, ...rest } = product(props, image, logging)
  const container = task.addContainer('worker', {
    ...rest,
    environment: { ...environment, METRICS_PORT: '9464' },
    command: ['worker'],
    healthCheck: {
      command: ['CMD', 'node', '-e', alive],
      interval: Duration.seconds(10),
      startPeriod: Duration.seconds(60),
    },
  })
  afterSettings(container)
  return task
}

/** Makes the database's users, then migrates; `command` runs any other command of the product in its place. */
export function onceTask(scope: Construct, props: TaskProps): ecs.FargateTaskDefinition {
  const { task, image, logging, settings } = taskWithSettings(scope, 'Once', props, { cpu: 512, memoryMb: 1024 })
  const { owner, admin } = props.secrets
  settings.addSecret('OWNER_SECRET', ecs.Secret.fromSecretsManager(owner))
  settings.addSecret('ADMIN_SECRET', ecs.Secret.fromSecretsManager(admin))
  const users = task.addContainer('users', {
    image,
    logging,
    readonlyRootFilesystem: true,
    essential: false,
    entryPoint: programOf('users'),
    environment: { CA_FILE: '/made/database_ca.pem' },
  })
  afterSettings(users)
  const { environment, ...rest } = product(props, image, logging)
  const command = task.addContainer('command', {
    ...rest,
    environment: { ...environment, DATABASE_OWNER_URL_FILE: '/made/database_owner_url' },
    command: ['migrate', 'up'],
  })
  afterSettings(command)
  command.addContainerDependencies({ container: users, condition: ecs.ContainerDependencyCondition.SUCCESS })
  return task
}

/** Writes the audit trail into a compressed file, which AWS's own tool then uploads. */
export function exportTask(
  scope: Construct,
  props: TaskProps & { dataKey: IKey },
  bucket: s3.Bucket,
): ecs.FargateTaskDefinition {
  const { task, image, logging } = taskWithSettings(scope, 'Export', props, { cpu: 512, memoryMb: 1024 })
  const write = task.addContainer('write', {
    ...product(props, image, logging),
    essential: false,
    entryPoint: ['sh', '-ec', 'node apps/server/src/main.ts audit export > /tmp/trail.jsonl && gzip /tmp/trail.jsonl'],
  })
  afterSettings(write)
  const upload = task.addContainer('upload', {
    image: ecs.ContainerImage.fromRegistry(AWS_TOOL),
    logging,
    readonlyRootFilesystem: true,
    entryPoint: [
      'sh',
      '-ec',
      `aws s3 cp /tmp/trail.jsonl.gz "s3://${bucket.bucketName}/$(date -u +%Y/%m/%d).jsonl.gz"`,
    ],
  })
  upload.addMountPoints({ sourceVolume: 'tmp', containerPath: '/tmp', readOnly: false })
  upload.addContainerDependencies({ container: write, condition: ecs.ContainerDependencyCondition.SUCCESS })
  for (const [action, resource] of [
    ['s3:PutObject', bucket.arnForObjects('*')],
    ['kms:GenerateDataKey', props.dataKey.keyArn],
    ['kms:Decrypt', props.dataKey.keyArn],
  ] as const)
    task.addToTaskRolePolicy(new iam.PolicyStatement({ actions: [action], resources: [resource] }))
  accept(task.taskRole, {
    'AwsSolutions-IAM5[Resource::<AuditTrailFF0F2BB5.Arn>/*]':
      'It adds to this one bucket, whose objects nobody can change.',
    'NIST.800.53.R5-IAMNoInlinePolicy': 'The policy belongs to this one role.',
  })
  return task
}

/** Has AWS's command line; it uploads and gets no secret. */
const AWS_TOOL = 'public.ecr.aws/aws-cli/aws-cli:2.27.50'

function taskWithSettings(scope: Construct, id: string, props: TaskProps, size: { cpu: number; memoryMb: number }) {
  const { config, data, secrets, repository, version, logKey } = props
  const task = new ecs.FargateTaskDefinition(scope, `${id}Task`, {
    family: `${prefixOf(config)}-${id.toLowerCase()}`,
    cpu: size.cpu,
    memoryLimitMiB: size.memoryMb,
    volumes: [{ name: 'made' }, { name: 'tmp' }],
  })
  const image = ecs.ContainerImage.fromEcrRepository(repository, version)
  const logGroup = encryptedLogGroup(scope, `${id}Logs`, {
    key: logKey,
    name: `/${prefixOf(config)}/${id.toLowerCase()}`,
  })
  const logging = ecs.LogDrivers.awsLogs({ streamPrefix: id.toLowerCase(), logGroup })
  const { app, cache, application } = secrets
  const settings = task.addContainer('settings', {
    image,
    logging,
    essential: false,
    user: '0',
    readonlyRootFilesystem: true,
    entryPoint: programOf('settings'),
    environment: hostsOf(config, data),
    secrets: {
      APP_SECRET: ecs.Secret.fromSecretsManager(app),
      CACHE_PASSWORD: ecs.Secret.fromSecretsManager(cache),
      APPLICATION_SECRET: ecs.Secret.fromSecretsManager(application),
    },
  })
  mount(settings, false)
  accept(task, {
    'AwsSolutions-ECS2': 'What stands in the environment is no secret; secrets come from Secrets Manager.',
  })
  accept(task.obtainExecutionRole(), {
    'AwsSolutions-IAM5[Resource::*]': 'ecr:GetAuthorizationToken knows no resource.',
    'NIST.800.53.R5-IAMNoInlinePolicy': 'The policy belongs to this one role.',
  })
  return { task, image, logging, settings }
}

function product({ config, secrets }: TaskProps, image: ecs.ContainerImage, logging: ecs.LogDriver) {
  return {
    image,
    logging,
    environment: settingsOf(config),
    secrets: { MAIL_USERNAME: ecs.Secret.fromSecretsManager(secrets.application, 'MAIL_USERNAME') },
    readonlyRootFilesystem: true,
    stopTimeout: Duration.seconds(60),
  }
}

function afterSettings(container: ecs.ContainerDefinition): void {
  mount(container, true)
  const settings = container.taskDefinition.findContainer('settings')
  if (!settings) throw new Error('A task makes its settings first')
  container.addContainerDependencies({ container: settings, condition: ecs.ContainerDependencyCondition.SUCCESS })
}

function mount(container: ecs.ContainerDefinition, readOnly: boolean): void {
  container.addMountPoints(
    { sourceVolume: 'made', containerPath: '/made', readOnly },
    { sourceVolume: 'tmp', containerPath: '/tmp', readOnly: false },
  )
}
