import { tracingChannel } from 'node:diagnostics_channel'
import { context, propagation, trace } from '@opentelemetry/api'
import type { Config } from '../config/config.ts'
import type { ProcessKind } from './log.ts'
import { RELEASE } from './release.ts'
import { failSpan, hasSpan, SpanKind, startSpan, useTracer, type Span } from './tracing.ts'

/** How long spans are tried to be sent, all tries together: a process that ends waits for them. */
const SEND_MS = 3_000

type TracingConfig = Pick<Config, 'tracing' | 'sentryDsn' | 'environment'>

export type RunningTracing = {
  /** sends what has not been sent yet */
  close: () => Promise<void>
}

/** What is running in this process: one of it, whoever else starts, as when one process is web and worker. */
let running: { users: number; shutdown: () => Promise<void> } | undefined

/**
 * Makes traces from here on, and sends them to the collector of the settings; what cannot be sent is told to `onError`. Reports of errors need the ids alone, so that
 * they are made for them, too. Where neither is wanted, nothing is loaded.
 */
export async function startTracing(
  config: TracingConfig,
  process: ProcessKind,
  onError: (error: unknown) => void,
): Promise<RunningTracing> {
  if (config.tracing.endpoint === undefined && config.sentryDsn === undefined) return { close: async () => undefined }
  running ??= { users: 0, shutdown: await start(config, process, onError) }
  const mine = running
  mine.users += 1
  return {
    close: async () => {
      mine.users -= 1
      if (mine.users > 0) return
      running = undefined
      await mine.shutdown()
    },
  }
}

async function start(
  config: TracingConfig,
  process: ProcessKind,
  onError: (error: unknown) => void,
): Promise<() => Promise<void>> {
  const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks')
  const { loggingErrorHandler, setGlobalErrorHandler, W3CTraceContextPropagator } = await import('@opentelemetry/core')
  const { ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } = await import('@opentelemetry/sdk-trace')
  const provider = new TracerProvider({
    resource: await describeProcess(config, process),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(config.tracing.ratio) }),
    spanProcessors: await sendersOf(config.tracing),
  })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  useTracer(provider.getTracer('slotkeeper', RELEASE))
  setGlobalErrorHandler(onError)
  const unwatch = watchRedis()
  return async () => {
    unwatch()
    useTracer(undefined)
    await provider.shutdown().catch(onError)
    setGlobalErrorHandler(loggingErrorHandler())
    context.disable()
    propagation.disable()
    trace.disable()
  }
}

/** What the environment says of this service (OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES) wins over what we say. */
async function describeProcess({ environment }: TracingConfig, process: ProcessKind) {
  const { detectResources, envDetector, resourceFromAttributes } = await import('@opentelemetry/resources')
  const own = resourceFromAttributes({
    'service.name': `slotkeeper-${process}`,
    'service.version': RELEASE,
    'deployment.environment.name': environment,
  })
  return own.merge(detectResources({ detectors: [envDetector] }))
}

async function sendersOf({ endpoint, headers }: Config['tracing']) {
  if (endpoint === undefined) return []
  const { BatchSpanProcessor } = await import('@opentelemetry/sdk-trace')
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto')
  // OTLP §"Endpoint URLs for OTLP/HTTP": the path of the signal stands behind the endpoint.
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    headers,
    timeoutMillis: SEND_MS,
  })
  return [new BatchSpanProcessor({ exporter })]
}

/** The client tells each of its commands; without anybody who listens it does not. */
function watchRedis(): () => void {
  const spans = new WeakMap<object, Span>()
  const channel = tracingChannel('ioredis:command')
  const end = (message: object) => {
    spans.get(message)?.end()
    spans.delete(message)
  }
  const handlers = {
    start: (message: object) => {
      if (!hasSpan()) return
      const command = 'command' in message ? String(message.command) : 'command'
      const attributes = { 'db.system.name': 'redis', 'db.operation.name': command }
      const started = startSpan(`redis ${command}`, { kind: SpanKind.CLIENT, attributes })
      if (started) spans.set(message, started.span)
    },
    end: () => undefined,
    asyncStart: () => undefined,
    asyncEnd: end,
    error: (message: object) => {
      const span = spans.get(message)
      if (span && 'error' in message) failSpan(span, message.error)
    },
  }
  channel.subscribe(handlers)
  return () => channel.unsubscribe(handlers)
}
