/** The SQLSTATE of a database error, and the constraint that was violated; undefined for anything else. */
export function databaseErrorOf(error: unknown): { code: string; constraint: string | undefined } | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  const constraint = 'constraint' in error && typeof error.constraint === 'string' ? error.constraint : undefined
  return { code: error.code, constraint }
}

/** For `.catch`: turns the violation of one constraint into an outcome the caller can act on; rethrows anything else. */
export function onConstraint(constraint: string, outcome: (cause: unknown) => Error) {
  return (error: unknown): never => {
    throw databaseErrorOf(error)?.constraint === constraint ? outcome(error) : error
  }
}

/** 40P01 deadlock, 40001 serialization failure: the same work again can succeed. */
export function isTransient(error: unknown): boolean {
  const code = databaseErrorOf(error)?.code
  return code === '40P01' || code === '40001'
}

/**
 * What the driver says, without a code, of a connection that is gone or cannot be had. Where a transaction is rolled back
 * on such a connection, that is all that is left of the first error.
 */
const GONE =
  /Connection terminated|timeout exceeded when trying to connect|has encountered a connection error and is not queryable/

/** What the operating system says of an address where nobody answers, or of a name that nobody knows at the moment. */
const UNREACHABLE = /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOENT|ENOTFOUND|EAI_AGAIN)$/

/**
 * The database is away or coming back (class 08, 57P0x, a broken connection), is a copy that takes no writes yet (25006),
 * has no room, memory or connection left (class 53), or did not get to it in time (57014, 55P03).
 */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (/^(?:08...|53...|57P0[1-5]|25006|57014|55P03)$/.test(code)) return true
  return UNREACHABLE.test(code) || GONE.test(error.message)
}
