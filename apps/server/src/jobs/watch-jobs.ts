import type { JobHelpers, Logger as QueueLogger, Task } from 'graphile-worker'
import { Logger } from 'graphile-worker'
import type { Logger as Log } from 'pino'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { scrub } from '../observe/error-facts.ts'
import { reportError } from '../observe/error-reports.ts'
import { jobDuration, jobLastDone } from '../observe/metrics.ts'
import { contextOf, inSpan, SpanKind, traceIds } from '../observe/tracing.ts'

/** What a job's payload may say of where it came from. */
const Origin = Type.Object({
  organizationId: Type.Optional(Type.String()),
  traces: Type.Optional(Type.Array(Type.String())),
})

/** What may become of a job: `again` is tried later, `failed` is given up. */
type Outcome = 'done' | 'again' | 'failed'

/**
 * Tells of every job that it was done or not: a line in the log, its figures, a span that goes on with the trace in which
 * it was queued, and a report of an error: the first time, and when it is given up. In between it is the same one.
 */
export function watchJobs(tasks: Record<string, Task>, logger: Log): Record<string, Task> {
  return Object.fromEntries(Object.entries(tasks).map(([kind, task]) => [kind, watched(kind, task, logger)]))
}

function watched(kind: string, task: Task, logger: Log): Task {
  return async (payload, helpers) => {
    const { organizationId, traces = [] } = Value.Check(Origin, payload) ? payload : {}
    const [first, ...others] = traces
    const attributes = {
      ...{ 'messaging.system': 'graphile-worker', 'messaging.destination.name': kind },
      ...(organizationId !== undefined && { 'slotkeeper.organization.id': organizationId }),
    }
    const options = { kind: SpanKind.CONSUMER, attributes, parent: contextOf(first), links: others }
    await inSpan(`job ${kind}`, options, async () => {
      const startMs = performance.now()
      const tell = (outcome: Outcome, error?: unknown) => {
        const durationMs = performance.now() - startMs
        tellOf(logger, helpers, { kind, outcome, durationMs, organizationId, error })
      }
      try {
        await task(payload, helpers)
      } catch (error) {
        tell(helpers.job.attempts >= helpers.job.max_attempts ? 'failed' : 'again', error)
        throw error
      }
      tell('done')
    })
  }
}

type Told = {
  kind: string
  outcome: Outcome
  durationMs: number
  organizationId: string | undefined
  error: unknown
}

function tellOf(logger: Log, { job }: JobHelpers, { kind, outcome, durationMs, organizationId, error }: Told): void {
  jobDuration.observe({ kind, outcome }, durationMs / 1000)
  const line = {
    ...{ jobId: job.id, kind, attempt: job.attempts, durationMs: Math.round(durationMs * 10) / 10, outcome },
    ...(organizationId !== undefined && { organizationId }),
    ...(error !== undefined && { err: error }),
  }
  if (outcome === 'done') {
    jobLastDone.setToCurrentTime({ kind })
    logger.info(line, 'job')
    return
  }
  if (outcome === 'again') logger.warn(line, 'job failed and is tried again')
  else logger.error(line, 'job failed and is given up')
  if (outcome === 'again' && job.attempts > 1) return
  reportError(error, { ...traceIds(), what: `job ${kind}`, ...(organizationId !== undefined && { organizationId }) })
}

/** The queue's own words in our log. What it says of a job is left out: the job's line says it without its error's words. */
export function toQueueLogger(logger: Log): QueueLogger {
  return new Logger(({ jobId }) => (level, message) => {
    if (jobId !== undefined) return
    if (level === 'error' || level === 'warning') logger.warn(scrub(message))
    else logger.debug(scrub(message))
  })
}
