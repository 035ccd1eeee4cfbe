import type { Header, Note } from './backup-format.ts'

/** @throws {SyntaxError} when it is no JSON; what is JSON is of our own writing, which the file's checksum holds */
export function parseNote(text: string): Note {
  return JSON.parse(text) as Note
}

/** @returns undefined when the line is none of a backup that this release can read */
export function parseHeader(line: string): Header | undefined {
  if (!line.startsWith('{"format":"slotkeeper-backup","version":1')) return undefined
  try {
    return JSON.parse(line) as Header
  } catch {
    return undefined
  }
}
