import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, runBin } from '../shared/run-command.ts'
import type { StepResult } from '../shared/steps.ts'

const DOCUMENT = 'packages/client/openapi.json'

/** Lints the API's description by the rules in redocly.yaml. */
export async function checkOpenApi(): Promise<StepResult> {
  if (!existsSync(join(ROOT, DOCUMENT))) return { ok: true, output: '', note: 'no document yet' }
  const quiet = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
  return runBin('redocly', ['lint', '--format', 'stylish', DOCUMENT], { env: quiet })
}
