import type { Synthesised } from '../check/synthesised.ts'
import { graphOf, type Found, type Graph } from './graph.ts'
import { flowChart, type Edge, type Node } from './mermaid.ts'

const PEOPLE: Node = { key: 'people', label: ['People who are told'], shape: 'people' }
const GITHUB: Node = { key: 'github', label: ['Workflows on GitHub'], shape: 'people' }

/** What watches the environment, what keeps its data, and how a version comes. Many of a kind are one box. */
export function careDiagram({ templates, regions }: Pick<Synthesised, 'templates' | 'regions'>): string {
  const graph = graphOf({ templates })
  const box = (type: string, label: (found: Found[]) => string[], shape?: 'store'): Node[] => {
    const found = graph.all(type)
    return found.length === 0 ? [] : [{ key: type, label: label(found), ...(shape && { shape }) }]
  }
  const counted = (type: string, name: string, more: string[] = []) =>
    box(type, ({ length }) => [`${name}: ${length}`, ...more])
  const vaults = graph
    .all('AWS::Backup::BackupVault')
    .map(({ key, stack }): Node => ({ key, label: ['Vault', String(regions[stack])], shape: 'store' }))
  const databases = graph
    .all('AWS::RDS::DBInstance')
    .filter(({ properties }) => !properties['SourceDBInstanceIdentifier'])
    .map(({ key }): Node => ({ key, label: ['Database'], shape: 'store' }))
  const trail = graph
    .all('AWS::S3::Bucket')
    .filter(({ properties }) => properties['ObjectLockEnabled'] === true)
    .map(({ key }): Node => ({ key, label: ['Exported trail', 'locked, 7 years'], shape: 'store' }))
  const roles = graph
    .all('AWS::IAM::Role')
    .filter(({ stack, properties }) => stack === 'pipeline' && String(properties['RoleName']).endsWith('-deploy'))
  const days = retentionOf(graph)
  const groups = [
    {
      title: 'Watched',
      nodes: [
        ...counted('AWS::CloudWatch::Alarm', 'Alarms'),
        ...counted('AWS::Events::Rule', 'Failed jobs, kinds'),
        ...counted('AWS::Logs::LogGroup', 'Log groups', [`${days} days`]),
        ...box('AWS::SNS::Topic', () => ['Alerts']),
        ...box('AWS::Budgets::Budget', ([one]) => ['Budget', `${limitOf(one)} USD a month`]),
      ],
    },
    {
      title: 'Kept',
      nodes: [
        ...databases,
        ...box('AWS::Backup::BackupPlan', ([one]) => ['Backups', ...rulesOf(one)]),
        ...vaults,
        ...box('AWS::Backup::RestoreTestingPlan', () => ['Restore test, monthly']),
        ...trail,
      ],
    },
    {
      title: 'Rolled out',
      nodes: [
        ...roles.map(({ key }): Node => ({ key, label: ['Deploy role, no keys'] })),
        ...box('AWS::ECR::Repository', () => ['Images', 'never replaced'], 'store'),
      ],
    },
  ]
  const releases = roles.flatMap(({ key }): Edge[] => [
    { from: GITHUB.key, to: key, label: 'OIDC' },
    { from: key, to: 'AWS::ECR::Repository', label: 'pushes' },
  ])
  return flowChart([GITHUB, PEOPLE], groups, [...alerts(graph), ...backups(graph, trail), ...releases])
}

function retentionOf(graph: Graph): string {
  const all = graph.all('AWS::Logs::LogGroup').map(({ properties }) => String(properties['RetentionInDays']))
  return [...new Set(all)].join(', ')
}

function limitOf(budget: Found | undefined): string {
  const { BudgetLimit } = budget?.properties['Budget'] as { BudgetLimit: { Amount: number } }
  return String(BudgetLimit.Amount)
}

type Rule = { RuleName: string; Lifecycle: { DeleteAfterDays: number } }

function rulesOf(plan: Found | undefined): string[] {
  const { BackupPlanRule } = plan?.properties['BackupPlan'] as { BackupPlanRule: Rule[] }
  return BackupPlanRule.map(({ RuleName, Lifecycle }) => `${RuleName}, ${Lifecycle.DeleteAfterDays} days`)
}

/** What tells the topic, as far as it names it; and whom the topic and the budget tell. */
function alerts(graph: Graph): Edge[] {
  const [topic] = graph.all('AWS::SNS::Topic')
  const tells = ({ stack, properties }: Found) => graph.references(stack, properties).includes(topic?.key ?? '')
  const senders = ['AWS::CloudWatch::Alarm', 'AWS::Events::Rule'].filter((type) => graph.all(type).every(tells))
  return [
    ...senders.map((from) => ({ from, to: 'AWS::SNS::Topic' })),
    ...graph.all('AWS::SNS::Subscription').map(() => ({ from: 'AWS::SNS::Topic', to: PEOPLE.key, label: 'mail' })),
    { from: 'AWS::Budgets::Budget', to: PEOPLE.key, label: 'mail' },
  ]
}

function backups(graph: Graph, trail: Node[]): Edge[] {
  const plan = 'AWS::Backup::BackupPlan'
  const test = 'AWS::Backup::RestoreTestingPlan'
  const selected = graph
    .all('AWS::Backup::BackupSelection')
    .flatMap((one) => graph.references(one.stack, one.properties))
  const databases = graph.all('AWS::RDS::DBInstance').filter(({ key }) => selected.includes(key))
  const [here] = graph.all('AWS::Backup::BackupVault').filter(({ stack }) => stack === 'backup')
  const [copies] = graph.all('AWS::Backup::BackupVault').filter(({ stack }) => stack === 'copies')
  return [
    ...databases.map(({ key }) => ({ from: key, to: plan })),
    { from: plan, to: here?.key ?? '' },
    { from: here?.key ?? '', to: copies?.key ?? '', label: 'copies' },
    { from: here?.key ?? '', to: test },
    ...databases.flatMap(({ key }) => trail.map((bucket) => ({ from: key, to: bucket.key, label: 'monthly' }))),
  ]
}
