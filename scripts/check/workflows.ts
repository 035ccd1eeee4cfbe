import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { neverRun } from '../pipeline/complete.ts'
import { differentPins, lintWorkflow, problemsOf, unpinnedIn } from '../pipeline/rules.ts'
import { readWorkflows } from '../pipeline/workflows.ts'
import { ROOT } from '../shared/run-command.ts'
import { SUITES } from '../test/suites.ts'
import type { StepResult } from '../shared/steps.ts'

const INSTALL = '.github/actions/install/action.yml'

/** The workflows are right by actionlint, and hold this project's rules for them. */
export async function checkWorkflows(): Promise<StepResult> {
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { scripts: object }
  const files = await readWorkflows(ROOT)
  const install = await readFile(join(ROOT, INSTALL), 'utf8')
  const linted = await Promise.all(files.map(lintWorkflow))
  const wrong = [
    ...linted.flat(),
    ...files.flatMap((file) => problemsOf(file, Object.keys(scripts))),
    ...neverRun(files, SUITES, Object.keys(scripts)),
    ...unpinnedIn(install).map((problem) => `${INSTALL}: ${problem}`),
    ...differentPins([install, ...files.map(({ text }) => text)]),
  ]
  return { ok: wrong.length === 0, output: wrong.join('\n'), note: `${files.length} workflows` }
}
