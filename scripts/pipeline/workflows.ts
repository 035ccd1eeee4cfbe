import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'

export type WorkflowStep = {
  id?: string
  if?: string
  uses?: string
  run?: string
  env?: Record<string, string>
  with?: Record<string, unknown>
}
export type Job = {
  uses?: string
  if?: string
  permissions?: unknown
  'timeout-minutes'?: number
  env?: Record<string, string>
  strategy?: { matrix?: Record<string, string[]> }
  steps?: WorkflowStep[]
}
export type Workflow = {
  on?: unknown
  env?: Record<string, string>
  permissions?: unknown
  concurrency?: unknown
  jobs?: Record<string, Job>
}

/** A file below `.github` that runs something: its text, as comments count, and what it says. */
export type WorkflowFile = { path: string; text: string; workflow: Workflow }

/** A command as a job runs it, once for each value of its matrix. */
export type JobCommand = { path: string; job: string; command: string }

/** Every workflow of a checkout, in the order of their names. */
export async function readWorkflows(root: string): Promise<WorkflowFile[]> {
  const paths = await Array.fromAsync(glob('.github/workflows/*.yml', { cwd: root }))
  return Promise.all(
    paths.toSorted().map(async (path) => {
      const text = await readFile(join(root, path), 'utf8')
      return { path, text, workflow: parse(text) as Workflow }
    }),
  )
}

/** Every command of a workflow, with the values of the matrix where a variable stands for them. */
export function commandsOf({ path, workflow }: WorkflowFile): JobCommand[] {
  return Object.entries(workflow.jobs ?? {}).flatMap(([job, described]) =>
    (described.steps ?? []).flatMap((step) =>
      step.run === undefined ? [] : withMatrix(step.run, step, described).map((command) => ({ path, job, command })),
    ),
  )
}

/** `"$SUITE"` becomes each value of the matrix that the step's environment takes it from; other variables stay. */
function withMatrix(run: string, step: WorkflowStep, job: Job): string[] {
  const [quoted, name] = /"\$([A-Z_]+)"/.exec(run) ?? []
  const source = /^\$\{\{ matrix\.(\w+) \}\}$/.exec(step.env?.[name ?? ''] ?? '')?.[1]
  const values = job.strategy?.matrix?.[source ?? '']
  return quoted === undefined || values === undefined ? [run] : values.map((value) => run.replace(quoted, value))
}
