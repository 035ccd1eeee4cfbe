import type { ServerRuntimeClient } from '@sentry/core/server'
import type { Config } from '../config/config.ts'
import { errorFacts, type ErrorFacts } from './error-facts.ts'
import type { ProcessKind } from './log.ts'
import { RELEASE } from './release.ts'

/** Where an error happened. Ids and names of ours only: nothing of whoever met it. */
export type Circumstances = {
  /** the operation or the job */
  what: string
  traceId?: string
  spanId?: string
  requestId?: string
  organizationId?: string
}

type Report = (facts: ErrorFacts, circumstances: Circumstances) => void

/** How long one report may take to be sent. */
const SEND_MS = 5_000

/** How long a process that ends waits for its last reports. */
const FLUSH_MS = 2_000

/** What reports in this process: one of it, whoever else starts, as when one process is web and worker. */
let reporting: { users: number; report: Report; flush: () => Promise<void> } | undefined

/** Reports errors to SENTRY_DSN from here on; what cannot be sent is told to `onError`. Where there is none, nothing is loaded. */
export async function startErrorReports(
  config: Pick<Config, 'sentryDsn' | 'environment'>,
  process: ProcessKind,
  onError: (error: unknown) => void,
): Promise<{ close: () => Promise<void> }> {
  const { sentryDsn, environment } = config
  if (sentryDsn === undefined) return { close: async () => undefined }
  reporting ??= { users: 0, ...(await start({ dsn: sentryDsn, environment, onError }, process)) }
  const mine = reporting
  mine.users += 1
  return {
    close: async () => {
      mine.users -= 1
      if (mine.users > 0) return
      reporting = undefined
      await mine.flush()
    },
  }
}

/** Reports an error that is a fault of ours. */
export function reportError(error: unknown, circumstances: Circumstances): void {
  reporting?.report(errorFacts(error), circumstances)
}

type Target = { dsn: string; environment: string; onError: (error: unknown) => void }

/**
 * Of Sentry the core alone: it adds nothing by itself, and the event is made here, so that what is sent is what stands
 * below.
 */
async function start({ dsn, environment, onError }: Target, process: ProcessKind) {
  const { createStackParser, createTransport } = await import('@sentry/core')
  const { nodeStackLineParser, ServerRuntimeClient } = await import('@sentry/core/server')
  const stackParser = createStackParser(nodeStackLineParser())
  const client: ServerRuntimeClient = new ServerRuntimeClient({
    ...{ dsn, environment, release: `slotkeeper@${RELEASE}`, platform: 'node', integrations: [], stackParser },
    sendClientReports: false,
    runtime: { name: 'node', version: globalThis.process.version },
    transport: (options) =>
      createTransport(options, async ({ body }) => {
        const content = typeof body === 'string' ? body : new Uint8Array(body)
        const answer = await fetch(options.url, {
          ...{ method: 'POST', body: content, signal: AbortSignal.timeout(SEND_MS) },
          ...headersOf(options),
        }).catch((error: unknown) => {
          onError(error)
          throw error
        })
        return { statusCode: answer.status, headers: limitsOf(answer.headers) }
      }),
  })
  client.init()
  const exceptionOf = ({ type, message, stack = '' }: ErrorFacts) => ({
    ...{ type, value: message },
    stacktrace: { frames: stackParser(`${type}\n${stack.replaceAll(/^/gm, '    ')}`) },
  })
  const report: Report = (facts, { what, traceId, spanId, requestId, organizationId }) => {
    const ids = traceId !== undefined && spanId !== undefined ? { trace_id: traceId, span_id: spanId } : undefined
    client.captureEvent({
      level: 'error',
      transaction: what,
      exception: { values: chainOf(facts).map(exceptionOf) },
      ...(ids && { contexts: { trace: ids } }),
      tags: { process, ...(requestId && { requestId }), ...(organizationId && { organizationId }) },
    })
  }
  const flush = async () => {
    await client.close(FLUSH_MS)
  }
  return { report, flush }
}

function headersOf({ headers }: { headers?: Record<string, string> }) {
  return headers ? { headers } : {}
}

function limitsOf(headers: Headers) {
  return { 'x-sentry-rate-limits': headers.get('x-sentry-rate-limits'), 'retry-after': headers.get('retry-after') }
}

/** The error and what caused it, the cause first, as the protocol wants it. */
function chainOf(facts: ErrorFacts): ErrorFacts[] {
  const inner = [...(facts.cause ? [facts.cause] : []), ...(facts.errors ?? [])]
  return [...inner.flatMap(chainOf), facts]
}
