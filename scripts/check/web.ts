import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT, runBin, runCommand } from '../shared/run-command.ts'
import type { StepResult } from '../shared/steps.ts'

const WEB = 'apps/web'

/** Writes the web app's generated types and messages, which every npm install removes and all other checks read. */
export async function syncWeb(): Promise<StepResult> {
  if (!(await hasPages())) return nothingYet()
  return runCommand('npm', ['run', '--silent', '--if-present', 'sync'], { cwd: WEB })
}

export async function checkSvelte(): Promise<StepResult> {
  if (!(await hasPages())) return nothingYet()
  const flags = ['--tsconfig', './tsconfig.json', '--output', 'human', '--fail-on-warnings']
  return runBin('svelte-check', flags, { cwd: WEB })
}

async function hasPages(): Promise<boolean> {
  const first = await glob('src/**/*.svelte', { cwd: join(ROOT, WEB) }).next()
  return first.done !== true
}

function nothingYet(): StepResult {
  return { ok: true, output: '', note: 'no pages yet' }
}
