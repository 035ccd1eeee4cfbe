import { invalidField } from './app-error.ts'

/** Where the next page of a list begins: the sort key of the last row that was given, opaque to the caller. */
export function encodeCursor(values: string[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

/**
 * The sort key that `encodeCursor` was given.
 * @throws {AppError} request.invalid when the text is no cursor
 */
export function decodeCursor(text: string): string[] {
  const values = parse(Buffer.from(text, 'base64url').toString())
  if (!isTexts(values)) throw invalidField('cursor', 'This is not the nextCursor of a page.')
  return values
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function isTexts(values: unknown): values is string[] {
  return Array.isArray(values) && values.length > 0 && values.every((value) => typeof value === 'string')
}
