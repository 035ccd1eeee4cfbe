const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** Which offset from UTC a zone has when: `offsetsMs[i]` holds from `sinceMs[i]` until the next. */
export type ZoneOffsets = {
  readonly sinceMs: readonly number[]
  readonly offsetsMs: readonly number[]
  readonly untilMs: number
}

/** What was found out once about a zone is true for good; at most a few hundred zones exist. */
const known = new Map<string, ZoneOffsets>()

/** Margin read around what is asked for, so that neighbouring questions find their answer ready. */
const MARGIN_MS = 400 * DAY_MS

/**
 * The offsets of a zone over a time.
 * @throws {RangeError} when the zone is unknown
 */
export function zoneOffsets(timeZone: string, fromMs: number, toMs: number): ZoneOffsets {
  const found = known.get(timeZone)
  if (found && (found.sinceMs[0] ?? Infinity) <= fromMs - DAY_MS && toMs + DAY_MS <= found.untilMs) return found
  const sinceMs = Math.min(fromMs - MARGIN_MS, found?.sinceMs[0] ?? Infinity)
  const untilMs = Math.max(toMs + MARGIN_MS, found?.untilMs ?? -Infinity)
  const read = readOffsets(timeZone, sinceMs, untilMs)
  known.set(timeZone, read)
  return read
}

function readOffsets(timeZone: string, fromMs: number, untilMs: number): ZoneOffsets {
  let at: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(timeZone)
  const sinceMs: number[] = []
  const offsetsMs: number[] = []
  while (at && at.epochMilliseconds < untilMs) {
    sinceMs.push(at.epochMilliseconds)
    offsetsMs.push(at.offsetNanoseconds / 1e6)
    at = at.getTimeZoneTransition('next')
  }
  return { sinceMs, offsetsMs, untilMs }
}

/** The index of the offset that holds at the instant. */
export function offsetIndex({ sinceMs }: ZoneOffsets, instantMs: number): number {
  let index = sinceMs.length - 1
  while (index > 0 && (sinceMs[index] ?? 0) > instantMs) index--
  return index
}

/** The offset at the instant, milliseconds east of UTC. */
export function offsetAt(zone: ZoneOffsets, instantMs: number): number {
  return zone.offsetsMs[offsetIndex(zone, instantMs)] ?? 0
}

/**
 * The first instant at which the clocks of the zone show a local time.
 * @param localMs  the local time, as if it were UTC
 * @returns undefined when the clocks skip it
 */
export function firstInstant(zone: ZoneOffsets, localMs: number): number | undefined {
  const { sinceMs, offsetsMs } = zone
  for (let i = offsetIndex(zone, localMs - DAY_MS); i < sinceMs.length; i++) {
    const instantMs = localMs - (offsetsMs[i] ?? 0)
    if (instantMs < (sinceMs[i] ?? 0)) return undefined
    if (instantMs < (sinceMs[i + 1] ?? Infinity)) return instantMs
  }
  return undefined
}

/** The first instant at which the clocks of the zone show the local time or, where they skip it, a later one. */
export function instantOrAfterGap(zone: ZoneOffsets, localMs: number): number {
  const { sinceMs, offsetsMs } = zone
  for (let i = offsetIndex(zone, localMs - DAY_MS); i < sinceMs.length; i++) {
    const instantMs = Math.max(localMs - (offsetsMs[i] ?? 0), sinceMs[i] ?? 0)
    if (instantMs < (sinceMs[i + 1] ?? Infinity)) return instantMs
  }
  return localMs - (offsetsMs.at(-1) ?? 0)
}

/**
 * Midnight of a local date as if it were UTC.
 * @throws {RangeError} when the text is no date of the form YYYY-MM-DD
 */
export function dateToLocalMs(date: string): number {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date)
  const [, year = '', month = '', day = ''] = parts ?? []
  const localMs = parts ? Date.UTC(Number(year), Number(month) - 1, Number(day)) : Number.NaN
  if (Number.isNaN(localMs) || localMsToDate(localMs) !== date)
    throw new RangeError(`not a date of the form YYYY-MM-DD: ${date}`)
  return localMs
}

/** The date, YYYY-MM-DD, of a local time given as if it were UTC. */
export function localMsToDate(localMs: number): string {
  return new Date(localMs).toISOString().slice(0, 10)
}

/**
 * The instant at which a local date begins. Where the clocks skip midnight, its first minute that exists; where they skip
 * the whole date, the beginning of the next.
 * @throws {RangeError} when the date or the zone is none
 */
export function startOfDateMs(date: string, timeZone: string): number {
  const localMs = dateToLocalMs(date)
  return instantOrAfterGap(zoneOffsets(timeZone, localMs - DAY_MS, localMs + DAY_MS), localMs)
}

/** The local date, YYYY-MM-DD, at an instant. */
export function localDateOf(instantMs: number, timeZone: string): string {
  return localMsToDate(instantMs + offsetAt(zoneOffsets(timeZone, instantMs, instantMs), instantMs))
}

/**
 * The end (exclusive) of a rolling booking window: the end of the local day `windowDays` after today.
 * @param windowDays  whole days, 0 for today only
 */
export function bookingWindowEnd(nowMs: number, windowDays: number, timeZone: string): number {
  const todayMs = dateToLocalMs(localDateOf(nowMs, timeZone))
  return startOfDateMs(localMsToDate(todayMs + (windowDays + 1) * DAY_MS), timeZone)
}

/** Local dates and offsets of many instants: `dates[dateIndex[i]]` and `offsetMin[i]` belong to instant i. */
export type LocalTimes = {
  readonly offsetMin: Float64Array
  readonly dateIndex: Uint32Array
  /** ascending, only dates that occur */
  readonly dates: readonly string[]
}

/** Tells the local date and the offset (minutes east of UTC) of ascending instants. */
export function localTimes(instantsMs: Float64Array, timeZone: string): LocalTimes {
  const offsetMin = new Float64Array(instantsMs.length)
  const dateIndex = new Uint32Array(instantsMs.length)
  const dates: string[] = []
  if (instantsMs.length === 0) return { offsetMin, dateIndex, dates }
  const zone = zoneOffsets(timeZone, instantsMs[0] ?? 0, instantsMs.at(-1) ?? 0)
  let segment = offsetIndex(zone, instantsMs[0] ?? 0)
  let dayEndMs = -Infinity
  for (let i = 0; i < instantsMs.length; i++) {
    const instantMs = instantsMs[i] ?? 0
    while ((zone.sinceMs[segment + 1] ?? Infinity) <= instantMs) segment++
    const offsetMs = zone.offsetsMs[segment] ?? 0
    const localMs = instantMs + offsetMs
    if (localMs >= dayEndMs || localMs < dayEndMs - DAY_MS) {
      const dayMs = Math.floor(localMs / DAY_MS) * DAY_MS
      dayEndMs = dayMs + DAY_MS
      const date = localMsToDate(dayMs)
      if (dates.at(-1) !== date) dates.push(date)
    }
    offsetMin[i] = offsetMs / MINUTE_MS
    dateIndex[i] = dates.length - 1
  }
  return { offsetMin, dateIndex, dates }
}
