import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api'
import { errorFacts } from './error-facts.ts'

export { SpanKind, type Attributes, type Span }

/** A place in a trace, as it is carried from one process to another: W3C Trace Context, `traceparent`. */
export type TraceParent = string

type SpanOptions = {
  kind?: SpanKind
  attributes?: Attributes
  /** where the span belongs when it does not belong to what is under way here */
  parent?: Context
  /** other places that the work is for */
  links?: TraceParent[]
}

/** Set while traces are made. Without it, everything here does nothing. */
let tracer: Tracer | undefined

/** Called by `startTracing`, and by it alone. */
export function useTracer(used: Tracer | undefined): void {
  tracer = used
}

export function isTracing(): boolean {
  return tracer !== undefined
}

/** Does the work as a span of the trace that is under way, or of a new one; an error that it throws is noted. */
export async function inSpan<Result>(
  name: string,
  options: SpanOptions,
  work: (span: Span | undefined) => Promise<Result>,
): Promise<Result> {
  const started = startSpan(name, options)
  if (!started) return work(undefined)
  const { span, within } = started
  try {
    return await context.with(within, () => work(span))
  } catch (error) {
    failSpan(span, error)
    throw error
  } finally {
    span.end()
  }
}

/** Begins a span for work that is no promise; whoever begins it ends it. Undefined when no traces are made. */
export function startSpan(name: string, options: SpanOptions): { span: Span; within: Context } | undefined {
  if (!tracer) return undefined
  const { kind = SpanKind.INTERNAL, attributes = {}, parent = context.active(), links = [] } = options
  const linked = links.flatMap((link) => {
    const linkedContext = trace.getSpanContext(contextOf(link))
    return linkedContext ? [{ context: linkedContext }] : []
  })
  const span = tracer.startSpan(name, { kind, attributes, links: linked }, parent)
  return { span, within: trace.setSpan(parent, span) }
}

/** Notes the error with a span: its type and place, nothing of what it was about. */
export function failSpan(span: Span, error: unknown): void {
  const { type, message, code } = errorFacts(error)
  span.setStatus({ code: SpanStatusCode.ERROR, message })
  span.setAttribute('error.type', code ?? type)
}

/** Does the work where that context says that it belongs. */
export function within<Result>(place: Context, work: () => Result): Result {
  return context.with(place, work)
}

/** Remembers where work belongs that somebody else will do later. */
export function placeOfNow(): Context {
  return tracer ? context.active() : ROOT_CONTEXT
}

/** Whether a span is under way: what is done outside of one, such as asking for jobs, makes no trace. */
export function hasSpan(): boolean {
  return tracer !== undefined && trace.getActiveSpan() !== undefined
}

/** The ids by which a log line is found beside its trace; undefined outside of a span. */
export function traceIds(): { traceId: string; spanId: string } | undefined {
  if (!tracer) return undefined
  const found = trace.getActiveSpan()?.spanContext()
  return found && { traceId: found.traceId, spanId: found.spanId }
}

/** What a job's payload gets, so that the worker goes on with the trace; nothing when there is none. */
export function jobTraces(places: Context[] = [placeOfNow()]): { traces?: TraceParent[] } {
  if (!tracer) return {}
  const traces = places.flatMap((place) => {
    const carrier: Record<string, string> = {}
    propagation.inject(place, carrier)
    return carrier['traceparent'] ?? []
  })
  return traces.length === 0 ? {} : { traces }
}

/** The place that a `traceparent` names; the beginning of a new trace when it names none. */
export function contextOf(traceparent: TraceParent | undefined): Context {
  return traceparent === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent })
}
