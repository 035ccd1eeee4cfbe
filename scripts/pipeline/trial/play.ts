import { fillIn, isRun, type Contexts } from '../expressions.ts'
import type { Job, Workflow, WorkflowStep } from '../workflows.ts'

/** A step as it comes to its turn: an action, or a command with its variables put in and its own environment. */
export type Turn = { action: string; isRun: boolean } | { command: string; env: Record<string, string>; isRun: boolean }

/** Every choice of values of a job's matrix; one without any where it has none. */
export function choicesOf({ strategy }: Job): Record<string, string>[] {
  let choices: Record<string, string>[] = [{}]
  for (const [name, values] of Object.entries(strategy?.matrix ?? {}))
    choices = choices.flatMap((choice) => values.map((value) => ({ ...choice, [name]: value })))
  return choices
}

export type PlayedJob = {
  workflow: Workflow
  job: Job
  contexts: Contexts
  /** variables that every step has from the runner */
  runner: Record<string, string>
  /** variables that are otherwise here, whatever the workflow says */
  instead: Record<string, string>
}

/**
 * Goes through the steps of a job in the order and under the conditions that GitHub does.
 * @param take  does what a step does, and says whether it succeeded; it is told of those that are left out, too
 */
export async function playJob(
  { workflow, job, contexts, runner, instead }: PlayedJob,
  take: (turn: Turn) => Promise<boolean>,
): Promise<void> {
  const steps: Record<string, { outcome: string }> = {}
  let hasFailed = false
  for (const step of job.steps ?? []) {
    const known = { ...contexts, steps }
    const runs = isRun(step.if, known, hasFailed)
    const env = { ...envOf([runner, workflow.env, job.env, step.env], known), ...instead }
    const succeeded = await take(turnOf(step, env, runs))
    if (step.id) steps[step.id] = { outcome: !runs ? 'skipped' : succeeded ? 'success' : 'failure' }
    hasFailed ||= runs && !succeeded
  }
}

function turnOf({ uses, run }: WorkflowStep, env: Record<string, string>, runs: boolean): Turn {
  if (uses !== undefined) return { action: uses, isRun: runs }
  const command = (run ?? '').replaceAll(/"\$([A-Z_]+)"/g, (whole, name: string) => env[name] ?? whole)
  return { command, env, isRun: runs }
}

function envOf(levels: readonly (Record<string, string> | undefined)[], contexts: Contexts): Record<string, string> {
  const entries = levels.flatMap((level) => Object.entries(level ?? {}))
  return Object.fromEntries(entries.map(([name, value]) => [name, fillIn(value, contexts)]))
}
