/** Every change of the clocks that the zones of this runtime see in sixteen years. */

const FROM = '2020-01-01T00:00Z'
const UNTIL_MS = Date.parse('2036-01-01T00:00Z')

/** Names of before, that old data still bears. */
const LEGACY = ['US/Eastern', 'Europe/Kiev', 'Asia/Calcutta', 'America/Godthab', 'CET', 'EST5EDT', 'GMT', 'Etc/GMT+12']

export type ClockChange = { readonly atMs: number; readonly beforeMs: number; readonly afterMs: number }
export type ZoneChanges = { readonly timeZone: string; readonly changes: readonly ClockChange[] }

export const ALL_ZONES: readonly string[] = [...new Set([...Intl.supportedValuesOf('timeZone'), ...LEGACY])]

/**
 * One zone for all that change their clocks alike, or every nth of those: mutation tests cannot walk them all. How many
 * property cases run says which.
 */
export function zonesThatDiffer(): ZoneChanges[] {
  const tables = new Map<string, ZoneChanges>()
  for (const timeZone of ALL_ZONES) {
    const first = Temporal.Instant.from(FROM).toZonedDateTimeISO(timeZone)
    const changes = changesOf(first)
    const key = JSON.stringify([first.offsetNanoseconds, changes])
    if (changes.length > 0 && !tables.has(key)) tables.set(key, { timeZone, changes })
  }
  const few = Number(process.env['PROPERTY_CASES'] ?? Infinity) < 100
  return [...tables.values()].filter((_zone, index) => !few || index % 10 === 0)
}

function changesOf(first: Temporal.ZonedDateTime): ClockChange[] {
  const changes: ClockChange[] = []
  let last = first
  for (;;) {
    const next = last.getTimeZoneTransition('next')
    if (!next || next.epochMilliseconds >= UNTIL_MS) return changes
    const [beforeMs, afterMs] = [last.offsetNanoseconds / 1e6, next.offsetNanoseconds / 1e6]
    changes.push({ atMs: next.epochMilliseconds, beforeMs, afterMs })
    last = next
  }
}

/** What the clocks show at an instant, as if it were UTC. */
export function shownMs(instantMs: number, timeZone: string): number {
  const zoned = Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(timeZone)
  return zoned.toPlainDateTime().toZonedDateTime('UTC').epochMilliseconds
}

/** The first instant at which the clocks show a time, and the first at which they show that or, skipping it, a later one. */
export function whenShown(localMs: number, timeZone: string): { exactMs: number | undefined; orLaterMs: number } {
  const plain = Temporal.Instant.fromEpochMilliseconds(localMs).toZonedDateTimeISO('UTC').toPlainDateTime()
  const zoned = plain.toZonedDateTime(timeZone, { disambiguation: 'earlier' })
  if (zoned.toPlainDateTime().equals(plain))
    return { exactMs: zoned.epochMilliseconds, orLaterMs: zoned.epochMilliseconds }
  const change = zoned.getTimeZoneTransition('next')
  return { exactMs: undefined, orLaterMs: change?.epochMilliseconds ?? Number.NaN }
}
