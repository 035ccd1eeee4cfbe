import type { Evidence } from '../evidence/evidence.ts'

/** What a check looked at, and what contradicts it. */
export type Finding = {
  /** how many things were looked at */
  counted: number
  /** what they are */
  what: string
  violations: string[]
  /** what is worth knowing, though no promise is broken */
  notes?: string[]
}

/** An invariant: a sentence that must be true, and the pure function that finds what contradicts it. */
export type Check = { claim: string; find: (evidence: Evidence) => Finding }

/** Clocks tell whole milliseconds: moments that far apart may be the same. */
export const SLACK_MS = 5
