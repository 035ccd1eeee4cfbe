import type { Config } from '../config/config.ts'
import { risksOf, type Risk } from '../config/safety.ts'
import { failed, ok, warning, type Finding } from '../shared/finding.ts'

const NAME = 'environment'

/** Whether the settings are safe for what the installation is for. */
export function judgeSafety(config: Config): Finding[] {
  const risks = risksOf(config)
  return risks.length === 0
    ? [ok(NAME, `${config.environment}, no risk`)]
    : risks.map((risk) => judgeRisk(risk, config))
}

/** A risk is a failure where it keeps a production from starting, and told everywhere. */
export function judgeRisk({ name, problem, fix }: Risk, { environment, acceptedRisks }: Config): Finding {
  const called = `${NAME} ${name}`
  const reason = acceptedRisks.get(name)
  if (reason !== undefined) return ok(called, `${problem}; accepted: ${reason}`)
  const state = environment === 'production' ? failed : warning
  return state(called, problem, sentence(fix))
}

/** What to do, as a sentence of its own. */
export function sentence(fix: string): string {
  return `${fix.charAt(0).toUpperCase()}${fix.slice(1)}.`
}

/** A production that nobody watches fails unseen. It starts all the same: a platform may watch it, which is to be said. */
export function judgeMonitoring(config: Config): Finding[] {
  const { environment, metricsPort, sentryDsn, tracing } = config
  if (environment !== 'production') return []
  const ways = [
    ...(metricsPort === undefined ? [] : ['figures']),
    ...(sentryDsn === undefined ? [] : ['errors']),
    ...(tracing.endpoint === undefined ? [] : ['traces']),
  ]
  if (ways.length > 0) return [ok('monitoring', `tells ${ways.join(', ')}`)]
  const fix = 'set METRICS_PORT, SENTRY_DSN or OTEL_EXPORTER_OTLP_ENDPOINT; docs/operate/monitoring.md tells of them'
  return [judgeRisk({ name: 'unwatched', problem: 'tells nobody how it is', fix }, config)]
}
