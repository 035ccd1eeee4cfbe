import { setTimeout as pause } from 'node:timers/promises'

/** How often is looked at what takes its time, and how often at most. */
export type Watch = { everyMs: number; looks: number }

/**
 * Looks until there is something to see.
 * @returns what `look` gave at last; undefined when it never gave anything
 */
export async function watchFor<Seen>(
  { everyMs, looks }: Watch,
  look: () => Promise<Seen | undefined>,
): Promise<Seen | undefined> {
  for (let count = 1; ; count += 1) {
    const seen = await look()
    if (seen !== undefined || count >= looks) return seen
    await pause(everyMs)
  }
}
