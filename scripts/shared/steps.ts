export type StepResult = { ok: boolean; output: string; note?: string }

/** One thing that is checked. `run` does not throw for what it finds: it says so in its result. */
export type Step = { name: string; run: () => Promise<StepResult> }

export type StepReport = StepResult & { name: string; seconds: number }

/**
 * Runs steps in the order of the list, some at a time, and reports each when it ends. A step that throws has failed.
 * @param parallel  how many run at once, 1 or more
 */
export async function runSteps(
  steps: Step[],
  parallel: number,
  report: (done: StepReport) => void,
): Promise<StepReport[]> {
  const waiting = [...steps]
  const reports: StepReport[] = []
  const work = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const done = await runStep(step)
      reports.push(done)
      report(done)
    }
  }
  await Promise.all(Array.from({ length: parallel }, work))
  return reports
}

/** One line a step, followed by its output when it failed. */
export function formatReport({ name, ok, output, note, seconds }: StepReport): string {
  const line = `${ok ? 'ok    ' : 'FAILED'} ${name.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s${note ? `  ${note}` : ''}`
  return ok ? line : `${line}\n${indent(output.trimEnd())}\n`
}

async function runStep(step: Step): Promise<StepReport> {
  const startMs = performance.now()
  const result = await step.run().catch((error: unknown) => ({ ok: false, output: String(error) }))
  return { ...result, name: step.name, seconds: (performance.now() - startMs) / 1000 }
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ')
}
