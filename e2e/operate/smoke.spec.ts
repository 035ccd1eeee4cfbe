import { expect, test } from '@playwright/test'
import { runMain, told } from '../../apps/server/test/run-command.ts'

type Findings = { ok: boolean; findings: { name: string; state: string }[] }

test('a running installation passes its smoke test, pages and a hold included', async () => {
  const ran = await runMain(['smoke', '--url', process.env['E2E_URL'] ?? '', '--organization', 'demo', '--json'])
  const { findings } = told<Findings>(ran)
  expect(findings.filter(({ state }) => state !== 'ok')).toEqual([])
  const names = findings.map(({ name }) => name)
  expect(names).toEqual(
    expect.arrayContaining(['static file', 'security headers', 'business page', 'booking page', 'hold']),
  )
  expect(ran.code).toBe(0)
})
