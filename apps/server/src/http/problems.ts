import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { isTransient, isUnavailable } from '../db/errors.ts'
import { AppError, type FieldError } from '../shared/app-error.ts'
import { ERROR_TITLES, type ErrorCode } from '../shared/error-codes.ts'
import type { Problem } from '../shared/schemas.ts'

/** What an outcome means in HTTP. Codes not listed are conflicts with the state of things: 409. */
const STATUSES: Partial<Record<ErrorCode, number>> = {
  'request.invalid': 400,
  'request.too_large': 413,
  'request.unsupported': 415,
  'route.not_found': 404,
  'rate.limited': 429,
  'auth.required': 401,
  'auth.forbidden': 403,
  'auth.sign_up_refused': 403,
  'auth.origin_refused': 403,
  'idempotency.key_reused': 422,
  'idempotency.answer_erased': 410,
  'organization.not_found': 404,
  'service.not_found': 404,
  'provider.not_found': 404,
  'resource.not_found': 404,
  'location.not_found': 404,
  'schedule.not_found': 404,
  'time_off.not_found': 404,
  'api_key.not_found': 404,
  'customer.not_found': 404,
  'message.not_found': 404,
  'booking.not_found': 404,
  'booking.bundle_not_found': 404,
  'booking.link_invalid': 403,
  'booking.link_expired': 410,
  'wish.link_invalid': 403,
  'wish.not_found': 404,
  'hold.not_found': 404,
  'hold.expired': 410,
  'hold.too_many': 429,
  'server.busy': 503,
  'server.maintenance': 503,
}

/** Answers every error of the API as RFC 9457 problem+json. What is no AppError is a bug: told without detail, and noted for the log. */
export function sendProblem(error: FastifyError | AppError, request: FastifyRequest, reply: FastifyReply) {
  const known = error instanceof AppError ? error : translate(error)
  if (!known) {
    request.failure = error
    return send(reply, {
      ...base(request),
      type: 'about:blank',
      title: 'The server failed',
      status: 500,
      code: 'server.failed',
    })
  }
  const status = STATUSES[known.code] ?? 409
  // That the installation is closed is no failure, and whoever closed it has said for how long.
  if (status === 503 && known.code !== 'server.maintenance') {
    request.failure = error
    reply.header('retry-after', '1')
  }
  return send(reply, {
    ...base(request),
    type: `/problems/${known.code}`,
    title: ERROR_TITLES[known.code],
    status,
    detail: known.message,
    code: known.code,
    ...(known.fields && { errors: known.fields }),
    ...(known.alternatives && { alternatives: known.alternatives }),
    ...(known.refused && { refused: known.refused }),
  })
}

function base(request: FastifyRequest) {
  return { requestId: request.id }
}

function send(reply: FastifyReply, problem: Problem) {
  return reply.code(problem.status).type('application/problem+json').serializer(JSON.stringify).send(problem)
}

/** What the framework or the database says, as an outcome of ours; undefined for a bug. */
function translate(error: FastifyError): AppError | undefined {
  if (error.validation) return invalidRequest(error)
  if (isUnavailable(error) || isTransient(error)) {
    return new AppError('server.busy', 'The database does not do this at the moment. Try again in a few seconds.')
  }
  if (error.statusCode === 413) return new AppError('request.too_large', 'The body is larger than this address takes.')
  if (error.statusCode === 415) return new AppError('request.unsupported', 'Send the body as application/json.')
  if (error.statusCode === 429)
    return new AppError('rate.limited', 'Too many requests from this address. Wait a little and try again.')
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new AppError('request.invalid', 'The request could not be read.')
  }
  return undefined
}

function invalidRequest(error: FastifyError): AppError {
  const fields = (error.validation ?? []).map((failure): FieldError => {
    const missing = failure.params['missingProperty'] ?? failure.params['additionalProperty']
    const path = [...failure.instancePath.split('/').slice(1), ...(typeof missing === 'string' ? [missing] : [])]
    return {
      field: path.join('.') || (error.validationContext ?? 'request'),
      message: failure.message ?? 'is not valid',
    }
  })
  const [first] = fields
  const detail = first ? `${first.field}: ${first.message}.` : 'The request is not valid.'
  return new AppError('request.invalid', detail, { fields })
}
