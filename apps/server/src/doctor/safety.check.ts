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
  return state(called, problem, `${fix.charAt(0).toUpperCase()}${fix.slice(1)}.`)
}
