import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import type { ApplicationOption, EnvironmentConfig, EnvironmentName } from '../config.ts'
import { addEnvironment, chosen } from '../environment.ts'

/** The parts of a task definition that decide how a container runs, as CloudFormation has them. */
export type ContainerDefinition = {
  Name: string
  Essential: boolean
  User?: string
  EntryPoint?: string[]
  Command?: string[]
  Environment?: { Name: string; Value: string }[]
  Secrets?: { Name: string; ValueFrom: string }[]
  MountPoints?: { SourceVolume: string; ContainerPath: string; ReadOnly: boolean }[]
  DependsOn?: { ContainerName: string; Condition: string }[]
  PortMappings?: { ContainerPort: number }[]
  HealthCheck?: { Command: string[]; Interval: number; Retries: number; StartPeriod: number; Timeout: number }
  LogConfiguration: { LogDriver: string; Options: Record<string, string> }
  ReadonlyRootFilesystem?: boolean
  StopTimeout?: number
}

export type TaskDefinition = { Family: string; Memory: string; ContainerDefinitions: ContainerDefinition[] }

/** What deploying an environment would make, with names in the place of what AWS would give. */
export type Deployed = {
  config: EnvironmentConfig
  /** without the Base64 in which it travels */
  userData: string
  /** what each role of the machines logs to, by the names in the template */
  logGroups: string[]
  /** by the last part of its family: web, worker, once, export */
  task: (name: string) => TaskDefinition
  /** ids of secrets, by the beginning of the name that the data stack gives them */
  secretId: (name: string) => string
  /** the names of its machines, the primary's first */
  databases: string[]
  cache: string
  registry: string
}

const ACCOUNT = '123456789012'
export const VERSION = '1.2.3-test'

type Resources = Record<string, { Type: string; Properties?: Record<string, unknown> }>
type Synthesised = { Resources: Resources; Outputs?: Record<string, { Value: unknown; Export?: { Name: string } }> }

/** Synthesises an environment and resolves its intrinsics as CloudFormation would. */
export function deployed(environment: EnvironmentName, option: ApplicationOption): Deployed {
  const config = chosen({ environment, option })
  const stacks = addEnvironment(new App(), config)
  const [data, application] = [stacks.data, stacks.application].map(
    (stack) => Template.fromStack(stack).toJSON() as Synthesised,
  )
  if (!data || !application) throw new Error('A stack is missing')
  const resolve = resolverOf({ data, application, region: config.region })
  const all = (type: string) =>
    Object.values(application.Resources).flatMap(({ Type, Properties }) => (Type === type ? [resolve(Properties)] : []))
  const tasks = all('AWS::ECS::TaskDefinition') as TaskDefinition[]
  const templates = all('AWS::EC2::LaunchTemplate') as { LaunchTemplateData: { UserData: string } }[]
  const groups = all('AWS::Logs::LogGroup') as { LogGroupName: string }[]
  const idOf = (name: string) => {
    const id = Object.keys(data.Resources).find((one) => one.startsWith(name))
    if (!id) throw new Error(`There is no ${name} in the data stack`)
    return id
  }
  return {
    config,
    userData: templates[0]?.LaunchTemplateData.UserData ?? '',
    logGroups: groups.map(({ LogGroupName }) => LogGroupName),
    task: (name) => {
      const task = tasks.find(({ Family }) => Family.endsWith(`-${name}`))
      if (!task) throw new Error(`There is no task ${name}`)
      return task
    },
    secretId: (name) => secretArn(idOf(`${name}Secret`), config.region),
    databases: Object.entries(data.Resources).flatMap(([id, { Type }]) =>
      Type === 'AWS::RDS::DBInstance' ? [databaseHost(id, config.region)] : [],
    ),
    cache: CACHE_HOST,
    registry: `${ACCOUNT}.dkr.ecr.${config.region}.amazonaws.com`,
  }
}

const CACHE_HOST = 'master.slotkeeper.c0ffee.euc1.cache.amazonaws.com'

/** The certificate of a database is for a name below this one. */
export const databaseDomain = (region: string) => `c0ffee.${region}.rds.amazonaws.com`
const databaseHost = (id: string, region: string) => `${id.toLowerCase()}.${databaseDomain(region)}`
const secretArn = (id: string, region: string) => `arn:aws:secretsmanager:${region}:${ACCOUNT}:secret:${id}-AbCdEf`

type Grounds = { data: Synthesised; application: Synthesised; region: string }

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html */
function resolverOf({ data, application, region }: Grounds): (value: unknown) => unknown {
  const exported = new Map(Object.values(data.Outputs ?? {}).map(({ Value, Export }) => [Export?.Name, Value]))
  const pseudo: Record<string, string> = {
    'AWS::AccountId': ACCOUNT,
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::URLSuffix': 'amazonaws.com',
    Version: VERSION,
  }
  const reference = (id: string) => {
    if (data.Resources[id]?.Type === 'AWS::SecretsManager::Secret') return secretArn(id, region)
    const name = application.Resources[id]?.Properties?.['LogGroupName']
    return pseudo[id] ?? (typeof name === 'string' ? name : id)
  }
  const attribute = ([id, name]: [string, string]) => {
    if (name === 'PrimaryEndPoint.Address') return CACHE_HOST
    return name === 'Endpoint.Address' ? databaseHost(id, region) : `${id}.${name}`
  }
  const functions: Record<string, (given: never) => unknown> = {
    Ref: reference,
    'Fn::GetAtt': attribute,
    'Fn::Join': ([separator, parts]: [string, unknown[]]) => parts.map(resolve).join(separator),
    'Fn::ImportValue': (name: string) => resolve(exported.get(name)),
    'Fn::Base64': resolve,
  }
  function resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(resolve)
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value)
    const [first] = entries
    const intrinsic = first && entries.length === 1 ? functions[first[0]] : undefined
    if (first && intrinsic) return intrinsic(first[1] as never)
    return Object.fromEntries(entries.map(([name, one]) => [name, resolve(one)]))
  }
  return resolve
}
