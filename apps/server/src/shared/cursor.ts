import { invalidField } from './app-error.ts'
import { parseInstantMs, toInstantText } from './clock.ts'
import { isUuid } from './id.ts'

/** What a part of a sort key must look like before a query may take it. */
export type CursorPart = 'text' | 'uuid' | 'integer' | 'instant'

/** Where the next page of a list begins: the sort key of the last row that was given, opaque to the caller. */
export function encodeCursor(values: string[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

/**
 * The sort key that `encodeCursor` was given.
 * @param parts  what the key is made of; left out, the caller checks it
 * @throws {AppError} request.invalid when the text is no cursor, or not one of this list
 */
export function decodeCursor(text: string, parts?: readonly CursorPart[]): string[] {
  const values = parse(Buffer.from(text, 'base64url').toString())
  if (!isTexts(values) || (parts && !fits(values, parts))) {
    throw invalidField('cursor', 'This is not the nextCursor of a page.')
  }
  return values
}

/**
 * Cuts what was read, one row further than the page reaches, into the page.
 * @param keyOf  the sort key of a row
 */
export function toPage<Row, View>(
  rows: Row[],
  limit: number,
  shape: { keyOf: (row: Row) => string[]; toView: (row: Row) => View },
): { items: View[]; nextCursor?: string } {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const more = rows.length > limit && last !== undefined
  return { items: items.map(shape.toView), ...(more && { nextCursor: encodeCursor(shape.keyOf(last)) }) }
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

const CHECKS: Record<CursorPart, (value: string) => boolean> = {
  // PostgreSQL takes no text with a zero in it.
  text: (value) => !value.includes('\0'),
  uuid: isUuid,
  integer: (value) => /^-?\d{1,9}$/.test(value),
  instant: isOurInstant,
}

/** Only as we write it: the database refuses some offsets and fractions that are valid elsewhere. */
function isOurInstant(value: string): boolean {
  const instantMs = parseInstantMs(value)
  return instantMs !== undefined && toInstantText(instantMs) === value
}

function fits(values: string[], parts: readonly CursorPart[]): boolean {
  return values.length === parts.length && parts.every((part, index) => CHECKS[part](values[index] ?? ''))
}
