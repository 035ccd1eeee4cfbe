/** What the clocks on the wall show, minute after minute, told by Temporal. Minutes are whole, since 1970. */

export const MINUTE_MS = 60_000
export const DAY_MIN = 1440

/** The stretch of time a case plays in: days before its first date and after its last are in it too. */
export type Frame = { readonly firstMin: number; readonly lengthMin: number }

const MARGIN_DAYS = 5

export function frameOf({ fromDate, toDate }: { fromDate: string; toDate: string }): Frame {
  const firstMin = localMinutesOf(fromDate) - MARGIN_DAYS * DAY_MIN
  return { firstMin, lengthMin: localMinutesOf(toDate) + (MARGIN_DAYS + 1) * DAY_MIN - firstMin }
}

export type WallClock = {
  /** what the clock shows, in minutes since 1970 as if it were UTC */
  readonly shownAt: (minute: number) => number
  /** the latest date that it has shown by then, as its midnight */
  readonly dayAt: (minute: number) => number
  /** whether it shows that for the first time */
  readonly isFirst: (minute: number) => boolean
  /** the first minute in which it shows that or something later */
  readonly firstAtOrAfter: (local: number) => number
}

const clocks = new Map<string, WallClock>()

export function clockOf(timeZone: string, frame: Frame): WallClock {
  const key = `${timeZone} ${frame.firstMin} ${frame.lengthMin}`
  const known = clocks.get(key)
  if (known) return known
  const clock = makeClock(shownIn(timeZone, frame), frame)
  clocks.set(key, clock)
  return clock
}

/** The date, YYYY-MM-DD, of local minutes. */
export function dateOf(localMin: number): string {
  return new Date(localMin * MINUTE_MS).toISOString().slice(0, 10)
}

/** Midnight of a date. */
export function localMinutesOf(date: string): number {
  return Date.parse(`${date}T00:00Z`) / MINUTE_MS
}

function makeClock(shown: Int32Array, { firstMin }: Frame): WallClock {
  const seen = new Set<number>()
  const known = new Map<number, number>()
  const isFirst = Uint8Array.from(shown, (local) => {
    const isNew = !seen.has(local)
    seen.add(local)
    return isNew ? 1 : 0
  })
  let latest = -Infinity
  const days = shown.map((local) => (latest = Math.max(latest, Math.floor(local / DAY_MIN) * DAY_MIN)))
  const at = (list: Int32Array, minute: number) => {
    const local = list[minute - firstMin]
    if (local === undefined) throw new Error(`minute ${minute} is outside of the frame`)
    return local
  }
  return {
    shownAt: (minute) => at(shown, minute),
    dayAt: (minute) => at(days, minute),
    isFirst: (minute) => isFirst[minute - firstMin] === 1,
    firstAtOrAfter: (local) => {
      const found = known.get(local) ?? firstMin + shown.findIndex((one) => one >= local)
      known.set(local, found)
      return found
    },
  }
}

const BLOCK_MIN = 15

/** Every minute is asked about where the clocks change; where a quarter of an hour begins and ends alike, they run on. */
function shownIn(timeZone: string, { firstMin, lengthMin }: Frame): Int32Array {
  const shown = new Int32Array(lengthMin)
  for (let block = 0; block < lengthMin; block += BLOCK_MIN) {
    const [first, last] = [askTemporal(timeZone, firstMin + block), askTemporal(timeZone, firstMin + block + BLOCK_MIN)]
    for (let i = block; i < Math.min(block + BLOCK_MIN, lengthMin); i++)
      shown[i] = last - first === BLOCK_MIN ? first + i - block : askTemporal(timeZone, firstMin + i)
  }
  return shown
}

function askTemporal(timeZone: string, minute: number): number {
  const zoned = Temporal.Instant.fromEpochMilliseconds(minute * MINUTE_MS).toZonedDateTimeISO(timeZone)
  return zoned.toPlainDateTime().toZonedDateTime('UTC').epochMilliseconds / MINUTE_MS
}
