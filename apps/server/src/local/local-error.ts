/** A local start that cannot go on. The message is the whole story: it is printed alone, without a stack. */
export class LocalError extends Error {
  override name = 'LocalError'
}

/** @returns the system's code of an error, such as `ENOENT`; undefined for anything that has none */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
