import { Tags, type App } from 'aws-cdk-lib'
import { CONFIGS, EDGE_REGION, ENVIRONMENTS, type EnvironmentConfig } from './config.ts'
import { AlertsStack } from './stacks/alerts.ts'
import { ApplicationStack } from './stacks/application.ts'
import { BackupStack, CopyStack } from './stacks/backup.ts'
import { BudgetStack } from './stacks/budget.ts'
import { DataStack } from './stacks/data.ts'
import { EdgeStack } from './stacks/edge.ts'
import { NetworkStack } from './stacks/network.ts'
import { ObservabilityStack } from './stacks/observability.ts'
import { PipelineStack } from './stacks/pipeline.ts'

/**
 * The configuration of what was asked for by name.
 * @throws {RangeError} when there is no such environment or option
 */
export function chosen({ environment, option }: { environment: string; option?: string }): EnvironmentConfig {
  const name = ENVIRONMENTS.find((one) => one === environment)
  if (!name) throw new RangeError(`There is no environment ${environment}; there are: ${ENVIRONMENTS.join(', ')}`)
  if (!option) return CONFIGS[name]
  if (option !== 'machines' && option !== 'containers') throw new RangeError('The option is machines or containers')
  return { ...CONFIGS[name], option }
}

/**
 * All stacks of an environment. The account is the one that deploys it.
 * @param empty  with an application that does not serve yet, until its database has a schema
 */
export function addEnvironment(app: App, config: EnvironmentConfig, { empty = false } = {}) {
  const env = { region: config.region }
  const network = new NetworkStack(app, config, { env })
  const data = new DataStack(app, config, { env, network })
  const pipeline = new PipelineStack(app, config, { env })
  const application = new ApplicationStack(app, config, { env, network, data, empty })
  application.addStackDependency(pipeline, 'Its image comes from the registry')
  const edge = new EdgeStack(app, config, { env: { region: EDGE_REGION } })
  edge.addStackDependency(data, 'The secret by which the load balancer knows CloudFront')
  const alerts = new AlertsStack(app, config, { env, network })
  const observability = new ObservabilityStack(app, config, { env, data, application, alerts })
  const copies = new CopyStack(app, config, { env: { region: config.copyRegion } })
  const backup = new BackupStack(app, config, { env, data, copies })
  const budget = new BudgetStack(app, config, { env })
  const stacks = { network, data, pipeline, application, edge, alerts, observability, copies, backup, budget }
  for (const stack of Object.values(stacks)) {
    Tags.of(stack).add('project', 'slotkeeper')
    Tags.of(stack).add('environment', config.name)
  }
  return stacks
}
