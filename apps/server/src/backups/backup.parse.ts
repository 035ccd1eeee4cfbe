import type { Header, Note } from './backup-format.ts'

/** A note of our own writing: what was changed in the file is found by its checksums. */
export function parseNote(text: string): Note {
  return JSON.parse(text) as Note
}

/** @returns undefined when the line is none of a backup that this release can read */
export function parseHeader(line: string): Header | undefined {
  return line.startsWith('{"format":"slotkeeper-backup","version":1') ? (JSON.parse(line) as Header) : undefined
}
