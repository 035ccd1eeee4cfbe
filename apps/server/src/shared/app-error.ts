import type { ErrorCode } from './error-codes.ts'

/** One field of the request that must change. */
export type FieldError = { field: string; message: string }

/** A free time near the one that was asked for. */
export type Alternative = { start: string; end: string; providers: string[] }

type Details = { fields?: FieldError[]; alternatives?: Alternative[]; cause?: unknown }

/** An outcome the caller can act on. Anything else that is thrown is a bug and answers 500 without detail. */
export class AppError extends Error {
  override name = 'AppError'
  readonly code: ErrorCode
  readonly fields: FieldError[] | undefined
  readonly alternatives: Alternative[] | undefined
  constructor(code: ErrorCode, message: string, details: Details = {}) {
    super(message, { cause: details.cause })
    this.code = code
    this.fields = details.fields
    this.alternatives = details.alternatives
  }
}

/** The request has a field that cannot be as it is. */
export function invalidField(field: string, message: string): AppError {
  return new AppError('request.invalid', message, { fields: [{ field, message }] })
}
