import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { reportError } from '../observe/error-reports.ts'
import { httpDuration, httpInFlight, httpRequests } from '../observe/metrics.ts'
import {
  contextOf,
  failSpan,
  placeOfNow,
  SpanKind,
  startSpan,
  traceIds,
  within,
  type Span,
} from '../observe/tracing.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** why it is answered with a failure of ours */
    failure: unknown
  }
}

type Watched = {
  startMs: number
  trace: ReturnType<typeof startSpan>
}

/** Visitors who left before they were answered: what nginx calls it. */
const LEFT = 499

/** Asked every few seconds by whatever watches a process: said on demand only. */
const IS_HEALTH = /^\/health(?:\/|$)/

/**
 * Tells of every request: a line in the log, its figures, a span, and a report when we failed. Always by the pattern of its
 * route: addresses have tokens in them, and what people asked for.
 */
export function watchRequests(app: FastifyInstance): void {
  const watched = new WeakMap<FastifyRequest, Watched>()
  app.decorateRequest('failure', undefined)
  app.addHook('onRequest', (request, _reply, done) => {
    httpInFlight.inc()
    const trace = startSpan(`${request.method} ${routeOf(request)}`, {
      kind: SpanKind.SERVER,
      attributes: { 'http.request.method': request.method, 'http.route': routeOf(request) },
      parent: parentOf(request),
    })
    watched.set(request, { startMs: performance.now(), trace })
    if (trace) within(trace.within, done)
    else done()
  })
  // The body came in events of the connection, which belong to no request.
  app.addHook('preValidation', (request, _reply, done) => {
    const trace = watched.get(request)?.trace
    if (trace) within(trace.within, done)
    else done()
  })
  const end = (request: FastifyRequest, status: number) => {
    const found = watched.get(request)
    if (!found) return
    watched.delete(request)
    httpInFlight.dec()
    const tell = () => tellOf(request, { status, durationMs: performance.now() - found.startMs })
    if (!found.trace) {
      tell()
      return
    }
    within(found.trace.within, tell)
    endSpan(found.trace.span, request, status)
  }
  app.addHook('onResponse', async (request, reply) => end(request, reply.statusCode))
  app.addHook('onRequestAbort', async (request) => end(request, LEFT))
}

/** An address that cannot be read meets no hook: it gets its line here. */
export function tellUnreadable(request: FastifyRequest, reply: FastifyReply): void {
  tellOf(request, { status: reply.statusCode, durationMs: 0 })
}

function tellOf(request: FastifyRequest, { status, durationMs }: { status: number; durationMs: number }): void {
  const { method, failure } = request
  const route = routeOf(request)
  httpRequests.inc({ method, route, status })
  httpDuration.observe({ method, route }, durationMs / 1000)
  const { organizationId } = request
  const line = {
    ...{ method, route, status, durationMs: Math.round(durationMs * 10) / 10 },
    ...(organizationId && { organizationId }),
    ...(failure !== undefined && { err: failure }),
  }
  if (status === 500) {
    request.log.error(line, 'request failed')
    // A page that tells of a failure of the API has none of its own: the API's request reports it.
    if (failure === undefined) return
    reportError(failure, { ...traceIds(), requestId: request.id, organizationId, what: `${method} ${route}` })
  } else if (status > 500) request.log.warn(line, 'request refused for now')
  else if (IS_HEALTH.test(route)) request.log.debug(line, 'request')
  else request.log.info(line, 'request')
}

function endSpan(span: Span, request: FastifyRequest, status: number): void {
  span.setAttribute('http.response.status_code', status)
  if (request.organizationId) span.setAttribute('slotkeeper.organization.id', request.organizationId)
  if (status >= 500 && status !== LEFT) failSpan(span, request.failure)
  span.end()
}

function routeOf({ routeOptions }: FastifyRequest): string {
  return routeOptions.url ?? 'none'
}

/** Where whoever asks says that it belongs. The pages ask the API in this process: that belongs to what is under way. */
function parentOf({ headers: { traceparent } }: FastifyRequest) {
  return typeof traceparent === 'string' ? contextOf(traceparent) : placeOfNow()
}
