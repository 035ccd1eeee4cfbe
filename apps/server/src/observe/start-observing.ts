import type { DestinationStream, Logger } from 'pino'
import type { Config } from '../config/config.ts'
import { startErrorReports } from './error-reports.ts'
import { createLogger, type ProcessKind } from './log.ts'
import { registry } from './metrics.ts'
import { serveMetrics } from './metrics-server.ts'
import { watchProcess } from './process-metrics.ts'
import { startTracing } from './start-tracing.ts'

export type Observing = { logger: Logger; close: () => Promise<void> }

/** Begins to tell what a process does: its log and, where the settings ask for them, figures, traces, reports of errors. */
export async function startObserving(
  process: ProcessKind,
  config: Config,
  destination?: DestinationStream,
): Promise<Observing> {
  const logger = createLogger(process, config, destination)
  const stack = new AsyncDisposableStack()
  try {
    const tracing = await startTracing(config, process, (err) => logger.warn({ err }, 'traces could not be sent'))
    stack.defer(tracing.close)
    const reports = await startErrorReports(config, process, (err) => logger.warn({ err }, 'an error was not reported'))
    stack.defer(reports.close)
    if (config.metricsPort !== undefined) {
      watchProcess()
      const metrics = await serveMetrics(registry, { port: config.metricsPort, host: config.host })
      stack.defer(metrics.close)
    }
    stack.defer(tellEnd(logger))
    return { logger, close: () => stack.disposeAsync() }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

/** The last line of a process that ends by an error nobody was there for. */
function tellEnd(logger: Logger): () => void {
  const tell = (err: unknown) => logger.fatal({ err }, 'the process ends')
  globalThis.process.on('uncaughtExceptionMonitor', tell)
  return () => void globalThis.process.off('uncaughtExceptionMonitor', tell)
}
