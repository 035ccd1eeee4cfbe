import { expect, test } from '@playwright/test'
import { startLocalServer } from '../../scripts/shared/local-server.ts'
import { runCommand } from '../../scripts/shared/run-command.ts'

type Findings = { ok: boolean; findings: { name: string; state: string }[] }

test('doctor finds nothing that has failed in what npm start has started', async () => {
  const server = await startLocalServer()
  try {
    const args = ['scripts/slotkeeper.ts', 'doctor', '--json']
    const { output, exitCode } = await runCommand(process.execPath, args, { env: { DATA_DIR: server.dataDir } })
    const { ok, findings } = JSON.parse(output.slice(output.indexOf('{'))) as Findings
    expect(findings.filter(({ state }) => state === 'failed')).toEqual([])
    expect(findings.find(({ name }) => name === 'mail server')?.state).toBe('ok')
    expect({ ok, exitCode }).toEqual({ ok: true, exitCode: 0 })
  } finally {
    await server.stop()
  }
})
