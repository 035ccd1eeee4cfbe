import { runCommand } from '../shared/run-command.ts'
import type { StepResult } from '../shared/steps.ts'

/** A package may run code while it is installed only after somebody has looked at it: `allowScripts` in package.json. */
export async function checkInstallScripts(): Promise<StepResult> {
  const { output } = await runCommand('npm', ['install-scripts', 'ls'])
  const ok = output.includes('No packages with unreviewed install scripts')
  return { ok, output: `${output.trim()}\nLook at each, then: npm install-scripts approve <package>` }
}
