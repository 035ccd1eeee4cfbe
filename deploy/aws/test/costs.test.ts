import { describe, expect, test } from 'vitest'
import { synthesised } from '../check/synthesised.ts'
import { CONFIGS, ENVIRONMENTS } from '../config.ts'
import { costsOf, sumOf } from '../costs/costs.ts'
import type { Cost } from '../costs/resources.ts'
import { USAGE, type Usage } from '../costs/usage.ts'

const OPTIONS = ['containers', 'machines'] as const
const FIRST_WARNING = 0.8
const UNUSED: Usage = {
  requestsMillion: 0,
  trafficGb: 0,
  natGb: 0,
  logsGb: 0,
  databaseGb: 0,
  imagesGb: 0,
  filesGb: 0,
}

describe.each(ENVIRONMENTS)('%s', (environment) => {
  const config = CONFIGS[environment]

  test.each(OPTIONS)('as %s, an ordinary month is within the budget (W7)', async (option) => {
    const costs = costsOf({ ...config, option }, await synthesised(environment, option), USAGE[environment])
    expect(sumOf(costs)).toBeLessThan(config.budgetUsd)
  })

  test('as it is configured, an ordinary month warns nobody (W7)', async () => {
    const costs = costsOf(config, await synthesised(environment, config.option), USAGE[environment])
    expect(sumOf(costs)).toBeLessThan(config.budgetUsd * FIRST_WARNING)
  })
})

describe('a resource', () => {
  const costsOfOne = (type: string, properties: Record<string, unknown>, more = {}): Cost[] => {
    const template = { Resources: { One: { Type: type, Properties: properties }, ...more } }
    return costsOf(CONFIGS.staging, { templates: { one: template } }, UNUSED).filter(({ amount }) => amount > 0)
  }

  test('that nobody has thought of is named', () => {
    expect(() => costsOfOne('AWS::Quantum::Computer', {})).toThrow('AWS::Quantum::Computer: say in')
  })

  test('in two zones costs twice', () => {
    const database = (MultiAZ: boolean) =>
      costsOfOne('AWS::RDS::DBInstance', { DBInstanceClass: 'db.t4g.medium', MultiAZ })
    expect(sumOf(database(true))).toBeCloseTo(2 * sumOf(database(false)))
  })

  test('of a size without a price is named', () => {
    expect(() => costsOfOne('AWS::RDS::DBInstance', { DBInstanceClass: 'db.x2g.huge' })).toThrow(
      'no price rds.x2g.huge',
    )
  })

  test('that may be interrupted is counted at its lower price, above the base that may not', () => {
    const service = { TaskDefinition: { Ref: 'Task' }, DesiredCount: 2, LoadBalancers: [{}] }
    const Task = { Type: 'AWS::ECS::TaskDefinition', Properties: { Cpu: '1024', Memory: '2048' } }
    const costs = costsOfOne('AWS::ECS::Service', service, { Task }).filter(({ price }) => price === 'fargate.cpu')
    // Two of staging: one base, and of the other three quarters may be interrupted.
    expect(costs).toEqual([
      { what: 'Web: processors', price: 'fargate.cpu', amount: 1.25 * 730, part: 1 },
      { what: 'Web: processors, interruptible', price: 'fargate.cpu', amount: 0.75 * 730, part: 0.3 },
    ])
  })
})
