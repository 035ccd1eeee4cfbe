/** A request that must have its effect once, however often it is sent. */
export type Once = {
  key: string
  /** SHA-256 over all that makes it the same request */
  requestHash: Buffer
  /** when it came */
  atMs: number
}

/** How long an answer is remembered: 24 hours. After that the same key is a new one, swept or not. */
const ANSWER_LIFE_MS = 24 * 3_600_000

/** Answers given at this moment or before are forgotten. */
export function forgottenAtMs(nowMs: number): number {
  return nowMs - ANSWER_LIFE_MS
}

/** Stands for the status of an answer that was erased with the customer it spoke of. */
export const ERASED_STATUS = 410
