import { describe, expect, test } from 'vitest'
import { synthesised, type Synthesised } from '../check/synthesised.ts'
import { careDiagram } from '../diagrams/care.ts'
import { flowChart } from '../diagrams/mermaid.ts'
import { trafficDiagram } from '../diagrams/traffic.ts'

/** Its lines by the labels of what they join. */
function linesOf(diagram: string): string[] {
  const labels = new Map(
    [...diagram.matchAll(/^\s+(n\d+)[[(]+"([^"]*)"/gm)].map(([, id = '', label = '']) => [id, label]),
  )
  const short = (id = '') => labels.get(id)?.replace(/<br\/>.*/, '')
  return [...diagram.matchAll(/(n\d+) -->(?:\|"[^"]*"\|)? (n\d+)/g)].map(
    ([, from, to]) => `${short(from)} > ${short(to)}`,
  )
}

describe('the diagram of traffic', () => {
  test('leads from visitors to the database over the load balancer alone', async () => {
    const lines = linesOf(trafficDiagram(await synthesised('production', 'containers')))
    expect(lines.filter((line) => line.startsWith('Visitors'))).toEqual(['Visitors, programs > Firewall, CloudFront'])
    expect(lines.filter((line) => line.endsWith('Load balancer'))).toEqual(['Firewall, CloudFront > Load balancer'])
    expect(lines.filter((line) => line.startsWith('Load balancer'))).toEqual(['Load balancer > Web'])
    expect(lines.filter((line) => line.endsWith('PostgreSQL 18.3'))).toEqual([
      'Web > PostgreSQL 18.3',
      'Worker > PostgreSQL 18.3',
      'Tasks: migrate, export > PostgreSQL 18.3',
      'Exchange of passwords > PostgreSQL 18.3',
    ])
  })

  test('has machines in the place of containers where the environment runs so', async () => {
    const lines = linesOf(trafficDiagram(await synthesised('production', 'machines')))
    expect(lines).toContain('Load balancer > Machines, web and worker')
    expect(lines.filter((line) => line.startsWith('Worker'))).toEqual([])
  })

  test('loses a line when its rule goes', async () => {
    const { templates, regions, messages } = await synthesised('dev', 'containers')
    const rules = Object.entries(templates['network']?.Resources ?? {})
    const network = {
      Resources: Object.fromEntries(rules.filter(([, { Properties }]) => Properties?.['Description'] !== 'cache')),
    }
    const changed: Synthesised = {
      templates: { ...templates, network: { ...templates['network'], ...network } },
      regions,
      messages,
    }
    const toCache = (made: Synthesised) => linesOf(trafficDiagram(made)).filter((line) => line.includes('> Valkey'))
    expect(toCache({ templates, regions, messages })).toHaveLength(3)
    expect(toCache(changed)).toEqual([])
  })
})

test('the diagram of what watches and keeps has copies in the other region, and people who are told', async () => {
  const diagram = careDiagram(await synthesised('production', 'containers'))
  expect(linesOf(diagram)).toEqual(
    expect.arrayContaining([
      'Alarms: 10 > Alerts',
      'Alerts > People who are told',
      'Database > Backups',
      'Vault > Vault',
    ]),
  )
  expect(diagram).toContain('eu-west-1')
})

test('a line to what is not drawn is refused', () => {
  expect(() => flowChart([], [], [{ from: 'a', to: 'b' }])).toThrow('The diagram has no node a')
})
