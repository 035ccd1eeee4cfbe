/** What of an error may be kept in a log or reported: where it came from, and nothing of what it was about. */
export type ErrorFacts = {
  type: string
  message: string
  /** of the database, the system or a library */
  code?: string
  /** what of the schema was violated */
  constraint?: string
  /** where it was thrown; without the message, which stands above it otherwise */
  stack?: string
  cause?: ErrorFacts
  errors?: ErrorFacts[]
}

/** How far causes are followed: a chain may be a circle. */
const DEPTH_MAX = 4
const ERRORS_MAX = 5
const MESSAGE_MAX = 500

/**
 * Reduces whatever was thrown to what may be told. Fields that libraries add to their errors are left out: the database's
 * name the row, the mail server's the address.
 */
export function errorFacts(error: unknown, depth = 0): ErrorFacts {
  if (!(error instanceof Error)) return { type: typeof error, message: 'Something was thrown that is no error' }
  const { code, constraint, cause } = fieldsOf(error)
  const inner = depth < DEPTH_MAX
  const stack = framesOf(error)
  return {
    type: error.name,
    message: messageOf(error),
    ...(typeof code === 'string' && { code }),
    ...(typeof constraint === 'string' && { constraint }),
    ...(stack && { stack }),
    ...(inner && cause instanceof Error && { cause: errorFacts(cause, depth + 1) }),
    ...(inner &&
      error instanceof AggregateError && {
        errors: error.errors.slice(0, ERRORS_MAX).map((one) => errorFacts(one, depth + 1)),
      }),
  }
}

/** Takes out of a text of ours or of a library whatever may be a person's or a secret. */
export function scrub(text: string): string {
  return text
    .replaceAll(/\b([a-z][\w+.-]*:\/\/)[^\s@/]+@/gi, '$1[secret] ')
    .replaceAll(/\?[^\s"']+/g, '?[query]')
    .replaceAll(/[^\s<>"'(),;:=]+@[^\s<>"'(),;:]+/g, '[email]')
    .replaceAll(/\+\d[\d\s().-]{5,}\d/g, '[phone]')
    .replaceAll(/[\w.~+-]{32,}/g, (found) => (IS_ID.test(found) ? found : '[secret]'))
}

/** Ids name nobody. */
const IS_ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

function fieldsOf(error: Error): { code?: unknown; constraint?: unknown; response?: unknown; cause?: unknown } {
  return error
}

function messageOf(error: Error): string {
  const { code, response } = fieldsOf(error)
  // The words of a mail server: it may name whom it does not know.
  if (response !== undefined) return 'The other side refused it'
  const text = scrub(error.message).slice(0, MESSAGE_MAX)
  return quotesNames(code) ? text : text.replaceAll(/"[^"]*"/g, '"..."')
}

/** SQLSTATE: what the database puts into quotes is of the schema, but for class 22, where it is what it could not read. */
function quotesNames(code: unknown): boolean {
  return typeof code === 'string' && /^(?!22)[\dA-Z]{5}$/.test(code)
}

function framesOf({ stack = '' }: Error): string {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line))
  return frames.map((line) => line.trim()).join('\n')
}
