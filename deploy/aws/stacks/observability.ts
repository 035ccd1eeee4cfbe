import { Duration, Stack, type StackProps } from 'aws-cdk-lib'
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import { Match, Rule, type EventPattern } from 'aws-cdk-lib/aws-events'
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets'
import type { Construct } from 'constructs'
import { prefixOf, type EnvironmentConfig } from '../config.ts'
import type { AlertsStack } from './alerts.ts'
import type { ApplicationStack } from './application.ts'
import type { DataStack } from './data.ts'

type Watched = { data: DataStack; application: ApplicationStack; alerts: AlertsStack }

type Line = { metric: cloudwatch.IMetric; above?: number; below?: number; missing?: cloudwatch.TreatMissingData }

const GIB = 1024 ** 3
const PERIOD = Duration.minutes(5)
/** Of its disk, when somebody should look; RDS adds to it by itself until the configured limit. */
const FREE_SHARE = 0.1

/** Tells people of what is wrong, and shows how things are. */
export class ObservabilityStack extends Stack {
  constructor(scope: Construct, config: EnvironmentConfig, { alerts, ...props }: StackProps & Watched) {
    super(scope, `${prefixOf(config)}-observability`, props)
    const lines = { ...databaseLines(config, props.data), ...cacheLines(props.data), ...workerLines(config, props) }
    const alarms = Object.entries(lines).map(([id, line]) => this.#alarm(id, line, config))
    const all = [...props.application.rollbackAlarms, ...alarms]
    for (const alarm of all) {
      alarm.addAlarmAction(new SnsAction(alerts.topic))
      alarm.addOkAction(new SnsAction(alerts.topic))
    }
    for (const [id, eventPattern] of Object.entries(failures(config)))
      new Rule(this, id, { eventPattern, targets: [new SnsTopic(alerts.topic)] })
    this.#dashboard(config, props.application, { all, lines })
  }

  #alarm(id: string, { metric, above, below, missing }: Line, config: EnvironmentConfig): cloudwatch.Alarm {
    const { GREATER_THAN_THRESHOLD, LESS_THAN_THRESHOLD } = cloudwatch.ComparisonOperator
    return new cloudwatch.Alarm(this, id, {
      alarmName: `${prefixOf(config)}-${id}`,
      metric,
      threshold: above ?? below ?? 0,
      comparisonOperator: above === undefined ? LESS_THAN_THRESHOLD : GREATER_THAN_THRESHOLD,
      evaluationPeriods: 3,
      treatMissingData: missing ?? cloudwatch.TreatMissingData.MISSING,
    })
  }

  #dashboard(
    config: EnvironmentConfig,
    { balanced: { loadBalancer } }: ApplicationStack,
    { all, lines }: { all: cloudwatch.Alarm[]; lines: Record<string, Line> },
  ): void {
    const { metrics } = loadBalancer
    const graph = (title: string, ...left: cloudwatch.IMetric[]) =>
      new cloudwatch.GraphWidget({ title, left, width: 8, period: PERIOD })
    new cloudwatch.Dashboard(this, 'Dashboard', {
      dashboardName: prefixOf(config),
      widgets: [
        [new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms: all, width: 24 })],
        [
          graph('Requests', metrics.requestCount()),
          graph(
            'Failures',
            metrics.httpCodeTarget(elb.HttpCodeTarget.TARGET_5XX_COUNT),
            metrics.httpCodeElb(elb.HttpCodeElb.ELB_5XX_COUNT),
          ),
          graph(
            'Time to answer (s)',
            metrics.targetResponseTime({ statistic: 'p50' }),
            metrics.targetResponseTime({ statistic: 'p99' }),
          ),
        ],
        Object.entries(lines).map(([id, { metric }]) => graph(id, metric)),
      ],
    })
  }
}

function databaseLines({ database }: EnvironmentConfig, { database: instance, replica }: DataStack) {
  const lines: Record<string, Line> = {
    'database-cpu': { metric: instance.metricCPUUtilization({ period: PERIOD }), above: 80 },
    'database-disk': {
      metric: instance.metricFreeStorageSpace({ period: PERIOD, statistic: 'Minimum' }),
      below: database.storageGb * GIB * FREE_SHARE,
    },
    'database-queue': { metric: instance.metric('DiskQueueDepth', { period: PERIOD }), above: 20 },
  }
  if (replica)
    lines['replica-lag'] = { metric: replica.metric('ReplicaLag', { period: PERIOD, statistic: 'Maximum' }), above: 60 }
  return lines
}

/** Of its first node: the metrics of a group have no dimension of their own. */
function cacheLines({ cache }: DataStack): Record<string, Line> {
  const metric = (metricName: string) =>
    new cloudwatch.Metric({
      namespace: 'AWS/ElastiCache',
      metricName,
      dimensionsMap: { CacheClusterId: `${cache.ref}-001` },
      period: PERIOD,
    })
  return {
    'cache-cpu': { metric: metric('EngineCPUUtilization'), above: 80 },
    'cache-memory': { metric: metric('DatabaseMemoryUsagePercentage'), above: 80 },
  }
}

/** Nobody waits for a worker, so nobody would notice that there is none. */
function workerLines({ worker: { min } }: EnvironmentConfig, { application }: Pick<Watched, 'application'>) {
  const lines: Record<string, Line> = {}
  const { worker, cluster } = application
  if (worker)
    lines['workers'] = {
      metric: new cloudwatch.Metric({
        namespace: 'ECS/ContainerInsights',
        metricName: 'RunningTaskCount',
        dimensionsMap: { ClusterName: cluster.clusterName, ServiceName: worker.serviceName },
        period: PERIOD,
      }),
      below: min,
      missing: cloudwatch.TreatMissingData.BREACHING,
    }
  return lines
}

/** What fails without any metric that would show it. */
function failures(config: EnvironmentConfig): Record<string, EventPattern> {
  const failed = ['FAILED', 'ABORTED', 'EXPIRED']
  return {
    BackupFailed: {
      source: ['aws.backup'],
      detailType: ['Backup Job State Change', 'Copy Job State Change'],
      detail: { state: failed },
    },
    RestoreTestFailed: {
      source: ['aws.backup'],
      detailType: ['Restore Job State Change'],
      detail: { status: failed },
    },
    ReleaseFailed: {
      source: ['aws.ecs'],
      detailType: ['ECS Deployment State Change'],
      detail: { eventName: ['SERVICE_DEPLOYMENT_FAILED'] },
    },
    ExportFailed: {
      source: ['aws.ecs'],
      detailType: ['ECS Task State Change'],
      detail: {
        lastStatus: ['STOPPED'],
        group: [`family:${prefixOf(config)}-export`],
        containers: { exitCode: Match.anythingBut(0) },
      },
    },
  }
}
