import type { ErrorCode } from './error-codes.ts'

/** One field of the request that must change. */
export type FieldError = { field: string; message: string }

/** A free time near the one that was asked for. */
export type Alternative = { start: string; end: string; providers: string[] }

/** One of several times that were asked for together, why it cannot be had, and the nearest that can. */
export type RefusedTime = { start: string; reason: string; message: string; alternatives: string[] }

type Details = { fields?: FieldError[]; alternatives?: Alternative[]; refused?: RefusedTime[]; cause?: unknown }

/** An outcome the caller can act on. Anything else that is thrown is a bug and answers 500 without detail. */
export class AppError extends Error {
  override name = 'AppError'
  readonly code: ErrorCode
  readonly fields: FieldError[] | undefined
  readonly alternatives: Alternative[] | undefined
  readonly refused: RefusedTime[] | undefined
  constructor(code: ErrorCode, message: string, details: Details = {}) {
    super(message, { cause: details.cause })
    this.code = code
    this.fields = details.fields
    this.alternatives = details.alternatives
    this.refused = details.refused
  }
}

/** The request has a field that cannot be as it is. */
export function invalidField(field: string, message: string): AppError {
  return new AppError('request.invalid', message, { fields: [{ field, message }] })
}
