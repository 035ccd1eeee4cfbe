const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** What the engine uses of Temporal: the runtime's own, temporal-polyfill and @js-temporal/polyfill all fit. */
export type TemporalSource = {
  readonly Instant: {
    fromEpochMilliseconds: (epochMilliseconds: number) => { toZonedDateTimeISO: (timeZone: string) => ZonedTime }
  }
}
type ZonedTime = {
  readonly epochMilliseconds: number
  readonly offsetNanoseconds: number
  getTimeZoneTransition: (direction: 'next' | 'previous') => ZonedTime | null
}

/**
 * Which offset from UTC a zone has when: `offsetsMs[i]` holds from `sinceMs[i]` until the next, the last one until
 * `untilMs`. The first begins at the change that brought it, -Infinity when there was none; `untilMs` is the first change
 * that was not asked for, Infinity when none is to come.
 */
export type ZoneOffsets = {
  readonly sinceMs: readonly number[]
  readonly offsetsMs: readonly number[]
  readonly untilMs: number
}

let provided: TemporalSource | undefined

/** What was found out once about a zone is true for good. */
const known = new Map<string, ZoneOffsets>()

/** Above the some six hundred names there are; a zone can also be written `+01:23`, or in another case. */
const MOST_KNOWN = 1000

/** A question further than this from what is known of a zone is answered by itself: the years between are not read. */
const FAR_MS = 10 * 366 * DAY_MS

/**
 * Makes the engine use this implementation of Temporal, not `globalThis.Temporal`: for runtimes without one. To be called
 * once, before anything else of the engine.
 */
export function provideTemporal(temporal: TemporalSource): void {
  provided = temporal
  forgetZones()
}

/** Drops all that is known about zones, as if none had been asked about; for measuring what the first question costs. */
export function forgetZones(): void {
  known.clear()
}

/**
 * The offsets of a zone over a time and a day around it.
 * @throws {RangeError} when the zone is unknown or a time is out of range
 * @throws {Error} when there is no Temporal
 */
export function zoneOffsets(timeZone: string, fromMs: number, toMs: number): ZoneOffsets {
  const firstMs = fromMs - DAY_MS
  const lastMs = toMs + DAY_MS
  const found = known.get(timeZone)
  if (found && sinceWhen(found) <= firstMs && lastMs < found.untilMs) return found
  const isFar = !found || lastMs < sinceWhen(found) - FAR_MS || found.untilMs + FAR_MS < firstMs
  const read = isFar ? readOffsets(timeZone, firstMs, lastMs) : extend(found, { timeZone, firstMs, lastMs })
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(timeZone, read)
  return read
}

type Question = { timeZone: string; firstMs: number; lastMs: number }

/** Reads what is missing before and after. Both ends of a table are changes of the clocks, so that tables join there. */
function extend(found: ZoneOffsets, { timeZone, firstMs, lastMs }: Question): ZoneOffsets {
  const before = firstMs < sinceWhen(found) ? readOffsets(timeZone, firstMs, sinceWhen(found) - 1) : NOTHING
  const after = lastMs >= found.untilMs ? readOffsets(timeZone, found.untilMs, lastMs) : NOTHING
  return {
    sinceMs: [...before.sinceMs, ...found.sinceMs, ...after.sinceMs],
    offsetsMs: [...before.offsetsMs, ...found.offsetsMs, ...after.offsetsMs],
    untilMs: Math.max(found.untilMs, after.untilMs),
  }
}

const NOTHING: ZoneOffsets = { sinceMs: [], offsetsMs: [], untilMs: -Infinity }

function readOffsets(timeZone: string, firstMs: number, lastMs: number): ZoneOffsets {
  // Clocks change at whole seconds: half a second after one, `previous` is the change that brought the present offset.
  const halfSecondMs = Math.floor(firstMs / 1000) * 1000 + 500
  let at = temporal().Instant.fromEpochMilliseconds(halfSecondMs).toZonedDateTimeISO(timeZone)
  const sinceMs = [at.getTimeZoneTransition('previous')?.epochMilliseconds ?? -Infinity]
  const offsetsMs = [at.offsetNanoseconds / 1e6]
  for (;;) {
    const next = at.getTimeZoneTransition('next')
    if (!next || next.epochMilliseconds > lastMs)
      return { sinceMs, offsetsMs, untilMs: next?.epochMilliseconds ?? Infinity }
    sinceMs.push(next.epochMilliseconds)
    offsetsMs.push(next.offsetNanoseconds / 1e6)
    at = next
  }
}

function temporal(): TemporalSource {
  const runtime: { Temporal?: TemporalSource } = globalThis
  const source = provided ?? runtime.Temporal
  if (!source)
    throw new Error(
      'This JavaScript runtime has no Temporal. Install temporal-polyfill and call `provideTemporal(Temporal)` of ' +
        '@slotkeeper/scheduling with the `Temporal` that it exports, before anything else.',
    )
  return source
}

function sinceWhen({ sinceMs }: ZoneOffsets): number {
  return sinceMs[0] ?? Infinity
}

/** The index of the offset that holds at the instant; 0 before the first. */
export function offsetIndex({ sinceMs }: ZoneOffsets, instantMs: number): number {
  let low = 0
  let high = sinceMs.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if ((sinceMs[middle] ?? 0) <= instantMs) low = middle
    else high = middle - 1
  }
  return low
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
  for (let i = offsetIndex(zone, localMs - DAY_MS); ; i++) {
    const instantMs = localMs - (offsetsMs[i] ?? 0)
    if (instantMs < (sinceMs[i] ?? 0)) return undefined
    if (isBefore(instantMs, sinceMs[i + 1])) return instantMs
  }
}

/** The first instant at which the clocks of the zone show the local time or, where they skip it, a later one. */
export function instantOrAfterGap(zone: ZoneOffsets, localMs: number): number {
  const { sinceMs, offsetsMs } = zone
  for (let i = offsetIndex(zone, localMs - DAY_MS); ; i++) {
    const instantMs = Math.max(localMs - (offsetsMs[i] ?? 0), sinceMs[i] ?? 0)
    if (isBefore(instantMs, sinceMs[i + 1])) return instantMs
  }
}

function isBefore(instantMs: number, changeMs: number | undefined): boolean {
  return changeMs === undefined || instantMs < changeMs
}

/**
 * Midnight of a local date as if it were UTC.
 * @throws {RangeError} when the text is no date of the form YYYY-MM-DD
 */
export function dateToLocalMs(date: string): number {
  const day = /^\d{4}-\d{2}-(\d{2})$/.exec(date)?.[1]
  const localMs = Date.parse(date)
  // To Date, the 30th of February is the 2nd of March.
  if (new Date(localMs).getUTCDate() !== Number(day)) throw new RangeError(`not a date of the form YYYY-MM-DD: ${date}`)
  return localMs
}

/**
 * The date, YYYY-MM-DD, of a local time given as if it were UTC.
 * @throws {RangeError} when it is no time
 */
export function localMsToDate(localMs: number): string {
  const date = new Date(localMs)
  if (Number.isNaN(date.getTime())) throw new RangeError(`not a time: ${localMs}`)
  // Putting it together takes a third of what `toISOString` does.
  return `${digits(date.getUTCFullYear(), 4)}-${digits(date.getUTCMonth() + 1, 2)}-${digits(date.getUTCDate(), 2)}`
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, '0')
}

/**
 * The instant at which a local date begins. Where the clocks skip midnight, its first minute that exists; where they skip
 * the whole date, the beginning of the next.
 * @throws {RangeError} when the date or the zone is none
 */
export function startOfDateMs(date: string, timeZone: string): number {
  const localMs = dateToLocalMs(date)
  return instantOrAfterGap(zoneOffsets(timeZone, localMs, localMs), localMs)
}

/** The local date, YYYY-MM-DD, at an instant. */
export function localDateOf(instantMs: number, timeZone: string): string {
  return localMsToDate(instantMs + offsetAt(zoneOffsets(timeZone, instantMs, instantMs), instantMs))
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
  const days: number[] = []
  if (instantsMs.length === 0) return { offsetMin, dateIndex, dates: [] }
  const zone = zoneOffsets(timeZone, instantsMs[0] ?? 0, instantsMs.at(-1) ?? 0)
  let segment = 0
  let lastDayMs = Number.NaN
  let index = 0
  for (let i = 0; i < instantsMs.length; i++) {
    const instantMs = instantsMs[i] ?? 0
    while (!isBefore(instantMs, zone.sinceMs[segment + 1])) segment++
    const offsetMs = zone.offsetsMs[segment] ?? 0
    const dayMs = Math.floor((instantMs + offsetMs) / DAY_MS) * DAY_MS
    if (dayMs !== lastDayMs) index = enterDay(days, dayMs, dateIndex, i)
    lastDayMs = dayMs
    offsetMin[i] = offsetMs / MINUTE_MS
    dateIndex[i] = index
  }
  return { offsetMin, dateIndex, dates: days.map(localMsToDate) }
}

/**
 * Finds or makes the place of a local day among ascending ones. Clocks put back over midnight show the day before the
 * last: it goes before it, and what pointed at the last points one further.
 */
function enterDay(days: number[], dayMs: number, dateIndex: Uint32Array, length: number): number {
  const last = days.length - 1
  if (last < 0 || (days[last] ?? 0) < dayMs) return days.push(dayMs) - 1
  const found = days.lastIndexOf(dayMs)
  if (found >= 0) return found
  days.splice(last, 0, dayMs)
  for (let i = length - 1; dateIndex[i] === last; i--) dateIndex[i] = last + 1
  return last
}
