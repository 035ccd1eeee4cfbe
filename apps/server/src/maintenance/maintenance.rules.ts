export const MINUTE_MS = 60_000

/** What was read is good for this long: with the time that a request takes, all processes know within two seconds. */
const FRESH_MS = 1_000

/** Where nobody has said how long it takes. */
const UNKNOWN_S = 300

/** An end that was expected may be late. */
const SOONEST_S = 30

/** Whether what was read is new enough. A clock that was put back makes it old. */
export function isFresh(readMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - readMs) < FRESH_MS
}

/** How many seconds visitors should wait before they come again. */
export function retryAfterS(expectedEndMs: number | undefined, nowMs: number): number {
  if (expectedEndMs === undefined) return UNKNOWN_S
  return Math.max(SOONEST_S, Math.ceil((expectedEndMs - nowMs) / 1000))
}
