/** A hold keeps its time for this long, from when it is placed. */
export const HOLD_LIFE_MS = 5 * 60_000

/** One address may hold so many times of one business at once: a family, or an office behind one connection. */
export const PLACES_MAX = 10

/** What of a hold says for how long it is good. */
type Life = { expiresMs: number; extended: boolean }

/** Whether a hold still keeps its time. */
export function isGood({ expiresMs }: Pick<Life, 'expiresMs'>, nowMs: number): boolean {
  return expiresMs > nowMs
}

/**
 * Until when a hold is good that is extended now. One rule for whatever takes long, a form or a payment: once, while it is
 * good, and for as long as a new hold. So nobody keeps a time for more than ten minutes, and whoever asks in the moment in
 * which a payment begins has five minutes for it.
 * @returns undefined when it cannot be extended
 */
export function extendedUntil(life: Life, nowMs: number): number | undefined {
  return isGood(life, nowMs) && !life.extended ? nowMs + HOLD_LIFE_MS : undefined
}
