import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { logLines } from '../../apps/server/test/log-lines.ts'
import { createWorld } from '../../apps/server/test/world.ts'
import { startWorker } from '../../apps/server/src/jobs/start-worker.ts'
import { registry } from '../../apps/server/src/observe/metrics.ts'
import { DASHBOARDS } from './grafana/dashboards.ts'

/** What other programs tell. */
const FOREIGN = [
  'up',
  'probe_success',
  'probe_ssl_earliest_cert_expiry',
  'node_filesystem_avail_bytes',
  'node_filesystem_size_bytes',
]

const HERE = import.meta.dirname
const RUNBOOK = join(HERE, '..', '..', 'docs', 'operate', 'monitoring.md')
const read = (...path: string[]) => readFileSync(join(HERE, ...path), 'utf8')

/** The metrics that an expression asks for, without what a histogram adds to their names. */
function metricsIn(expr: string): string[] {
  const outside = expr.replaceAll(/\{[^}]*\}/g, '')
  const names = outside.match(/\b(?:up|(?:slotkeeper|nodejs|process|node|probe)_\w+)\b/g) ?? []
  return names.map((name) => name.replace(/_(?:bucket|sum|count)$/, ''))
}

function alerts(): { name: string; expr: string; runbook: string; severity: string }[] {
  const [, ...blocks] = read('prometheus', 'alerts.yml').split(/^ {6}- alert: /m)
  return blocks.map((block) => ({
    name: block.split('\n', 1)[0] ?? '',
    expr: /expr: ([\s\S]*?)\n {8}for:/.exec(block)?.[1] ?? '',
    runbook: /runbook: (\S+)/.exec(block)?.[1] ?? '',
    severity: /severity: (\w+)/.exec(block)?.[1] ?? '',
  }))
}

describe('of the figures that a web and a worker process tell', () => {
  const told: string[] = []

  beforeAll(async () => {
    await using world = await createWorld({ env: { MAIL_SERVER: '127.0.0.1', METRICS_PORT: '0' } })
    const worker = await startWorker(world.config, logLines())
    told.push(...registry.getMetricsAsArray().map(({ name }) => name))
    await worker.close()
  })

  test('a dashboard or an alert asks for no other', () => {
    const asked = [
      ...DASHBOARDS.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.map(({ expr }) => expr))),
      ...alerts().map(({ expr }) => expr),
    ].flatMap(metricsIn)
    expect(new Set(asked).size).toBeGreaterThan(25)
    expect(asked.filter((name) => !told.includes(name) && !FOREIGN.includes(name))).toEqual([])
  })

  test('the documentation names every one of ours', () => {
    const docs = readFileSync(RUNBOOK, 'utf8')
    const own = told.filter((name) => name.startsWith('slotkeeper_'))
    expect(own.length).toBeGreaterThan(25)
    expect(own.filter((name) => !docs.includes(`\`${name}\``))).toEqual([])
  })
})

describe('every alert', () => {
  const runbook = readFileSync(RUNBOOK, 'utf8')

  test.each(alerts())('$name says how urgent it is and what to do', ({ name, expr, runbook: where, severity }) => {
    expect(metricsIn(expr).length).toBeGreaterThan(0)
    expect(['page', 'ticket']).toContain(severity)
    expect(where).toBe(`docs/operate/monitoring.md#${name.toLowerCase()}`)
    expect(runbook).toContain(`\n### ${name}\n`)
  })

  test('of the runbook is an alert', () => {
    const sections = [...runbook.matchAll(/^### (\w+)$/gm)].map(([, name]) => name)
    expect(sections).toEqual(alerts().map(({ name }) => name))
  })
})

test('logs are kept for thirty days, and something deletes what is older', () => {
  const loki = read('loki', 'loki.yml')
  expect(loki).toContain('retention_period: 720h')
  expect(loki).toContain('retention_enabled: true')
})

test('each dashboard has its file, and no two panels lie over each other', () => {
  const files = readdirSync(join(HERE, 'grafana', 'dashboards'))
  expect(files.sort()).toEqual(DASHBOARDS.map(({ uid }) => `${uid}.json`).sort())
  for (const file of files) {
    const { panels } = JSON.parse(read('grafana', 'dashboards', file)) as Placed
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)} ${y + Math.floor(at / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
  }
})

type Placed = { panels: { gridPos: { x: number; y: number; w: number; h: number } }[] }

const hasPromtool = spawnSync('promtool', ['--version']).status === 0

if (hasPromtool) {
  describe('promtool, where it is installed, finds', () => {
    test.each([
      ['the configuration in order', ['check', 'config', '--syntax-only', 'prometheus.yml']],
      ['the rules in order', ['check', 'rules', 'alerts.yml']],
      ['that the alerts come when they should, and only then', ['test', 'rules', 'alerts.test.yml']],
    ])('%s', (_what, args) => {
      const { status, stdout, stderr } = spawnSync('promtool', args, {
        cwd: join(HERE, 'prometheus'),
        encoding: 'utf8',
      })
      expect({ status, output: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, output: '' })
    })
  })
}
