import type { Resource, Synthesised, TemplateText } from '../check/synthesised.ts'
import type { EnvironmentConfig } from '../config.ts'
import { PRICES, type PriceName } from './prices.ts'
import { FREE, PAID, type Cost } from './resources.ts'
import type { Usage } from './usage.ts'

/**
 * What a month of an environment comes to, line by line: from its templates, and from what it is taken to be used for.
 * @throws {Error} when a resource is neither known to cost something nor known to be free
 */
export function costsOf(
  config: EnvironmentConfig,
  { templates }: Pick<Synthesised, 'templates'>,
  usage: Usage,
): Cost[] {
  const ofResources = Object.values(templates).flatMap((template) =>
    Object.values(template.Resources).flatMap((resource) => costsOfResource(resource, { config, usage, template })),
  )
  return merged([...ofResources, ...costsOfUsage(usage)])
}

/** In USD. */
export function sumOf(costs: Cost[]): number {
  return costs.reduce((sum, cost) => sum + usdOf(cost), 0)
}

export function usdOf({ price, amount, part }: Cost): number {
  return PRICES[price].usd * amount * part
}

function costsOfResource(
  { Type, Properties = {} }: Resource,
  context: { config: EnvironmentConfig; usage: Usage; template: TemplateText },
): Cost[] {
  const lines = PAID[Type]
  if (lines) return lines(Properties, context)
  if (FREE.has(Type)) return []
  throw new Error(`${Type}: say in deploy/aws/costs/resources.ts what it costs, or that it is free`)
}

function costsOfUsage({ requestsMillion, trafficGb, natGb, logsGb, filesGb }: Usage): Cost[] {
  const line = (what: string, price: PriceName, amount: number): Cost => ({ what, price, amount, part: 1 })
  return [
    line('Traffic to visitors', 'cloudFront.traffic', trafficGb),
    line('Requests to CloudFront', 'cloudFront.requests', requestsMillion),
    line('Requests through the firewall', 'firewall.requests', requestsMillion),
    line('Traffic through NAT', 'nat.traffic', natGb),
    line('Traffic to other servers', 'internet.traffic', natGb),
    line('Logs, written', 'logs.written', logsGb),
    line('Logs, kept for 30 days', 'logs.kept', logsGb),
    line('Files in S3', 's3.kept', filesGb),
  ]
}

/** The same thing at the same price is one line. */
function merged(costs: Cost[]): Cost[] {
  const lines = new Map<string, Cost>()
  for (const cost of costs) {
    const key = `${cost.what} ${cost.price} ${cost.part}`
    const amount = (lines.get(key)?.amount ?? 0) + cost.amount
    lines.set(key, { ...cost, amount })
  }
  return [...lines.values()]
}
