/**
 * A second engine that is slow and obviously right: it looks at every minute, asks Temporal what the clocks show, and
 * shares no code with the first. Property tests hold the two against each other.
 */

/** Minutes after local midnight. */
type Window = { startMin: number; endMin: number }
export type OracleSchedule = {
  timeZone: string
  weekly: (Window & { weekday: number })[]
  overrides: { date: string; windows: Window[] }[]
}
type Busy = { startMs: number; endMs: number }
export type OracleProvider = { schedule: OracleSchedule; busy: Busy[] }
export type OracleCase = {
  fromDate: string
  toDate: string
  fromMs: number
  toMs: number
  nowMs: number
  lengthMin: number
  stepMin: number
  bufferBeforeMin: number
  bufferAfterMin: number
  noticeMin: number
  windowEndMs: number
  serviceHours: OracleSchedule | undefined
  providers: OracleProvider[]
  pools: { count: number; units: Busy[][] }[]
}

const MINUTE_MS = 60_000

/** The starts that are free, ascending, each with the indexes of who can serve it. */
export function oracleSlots(ask: OracleCase): { startMs: number; providers: number[] }[] {
  const found = new Map<number, number[]>()
  ask.providers.forEach((provider, index) => {
    for (const startMs of startsOf(provider, ask)) found.set(startMs, [...(found.get(startMs) ?? []), index])
  })
  return [...found]
    .sort(([a], [b]) => a - b)
    .filter(([startMs]) =>
      ask.pools.every((pool) => pool.units.filter((busy) => isFree(busy, startMs, ask)).length >= pool.count),
    )
    .map(([startMs, providers]) => ({ startMs, providers }))
}

function startsOf({ schedule, busy }: OracleProvider, ask: OracleCase): Set<number> {
  const clock = clockOf(schedule.timeZone, ask)
  const starts = new Set<number>()
  for (const own of windowsOf(schedule, ask)) {
    const services = ask.serviceHours ? windowsOf(ask.serviceHours, ask) : [own]
    for (const service of services) {
      const opensMs = Math.max(own.opensMs, service.opensMs)
      const closesMs = Math.min(own.closesMs, service.closesMs)
      // Starts are counted from the beginning of the window, or from when the service begins within it.
      const anchor = service.opensMs > own.opensMs ? clock.shownAt(service.opensMs) : own.anchor
      for (let local = anchor; local < anchor + 1441; local += ask.stepMin) {
        const startMs = clock.firstTimeOf(local)
        if (startMs === undefined) continue
        const isInside = opensMs <= startMs && startMs + ask.lengthMin * MINUTE_MS <= closesMs
        const isWanted = ask.fromMs <= startMs && startMs < ask.toMs && startMs < ask.windowEndMs
        const isLateEnough = startMs >= ask.nowMs + ask.noticeMin * MINUTE_MS
        if (isInside && isWanted && isLateEnough && isFree(busy, startMs, ask)) starts.add(startMs)
      }
    }
  }
  return starts
}

function isFree(busy: Busy[], startMs: number, ask: OracleCase): boolean {
  const fromMs = startMs - ask.bufferBeforeMin * MINUTE_MS
  const toMs = startMs + (ask.lengthMin + ask.bufferAfterMin) * MINUTE_MS
  for (let minuteMs = fromMs; minuteMs < toMs; minuteMs += MINUTE_MS) {
    if (busy.some((taken) => taken.startMs <= minuteMs && minuteMs < taken.endMs)) return false
  }
  return true
}

type OpenWindow = { opensMs: number; closesMs: number; anchor: number }

function windowsOf(schedule: OracleSchedule, ask: OracleCase): OpenWindow[] {
  const clock = clockOf(schedule.timeZone, ask)
  const windows: OpenWindow[] = []
  const last = Temporal.PlainDate.from(ask.toDate)
  for (
    let date = Temporal.PlainDate.from(ask.fromDate);
    Temporal.PlainDate.compare(date, last) <= 0;
    date = date.add({ days: 1 })
  ) {
    const override = schedule.overrides.find((one) => one.date === date.toString())
    const weekly = schedule.weekly.filter(({ weekday }) => weekday === date.dayOfWeek)
    for (const { startMin, endMin } of override?.windows ?? weekly) {
      const midnight = localMinutes(date.toPlainDateTime())
      const opensMs = clock.firstAtOrAfter(midnight + startMin)
      const closesMs = clock.firstAtOrAfter(midnight + endMin)
      if (opensMs < closesMs) windows.push({ opensMs, closesMs, anchor: midnight + startMin })
    }
  }
  return windows
}

type WallClock = {
  /** what the clock shows, in minutes since 1970 as if it were UTC */
  shownAt: (instantMs: number) => number
  /** the first instant at which it shows exactly that */
  firstTimeOf: (local: number) => number | undefined
  /** the first instant at which it shows that or something later */
  firstAtOrAfter: (local: number) => number
}

const clocks = new Map<string, WallClock>()

/** What the clocks of a zone show, minute after minute, from two days before the dates to three days after. */
function clockOf(timeZone: string, { fromDate, toDate }: OracleCase): WallClock {
  const key = [timeZone, fromDate, toDate].join(' ')
  const known = clocks.get(key)
  if (known) return known
  const firstMs = Date.parse(`${fromDate}T00:00Z`) - 2 * 1440 * MINUTE_MS
  const count = (Date.parse(`${toDate}T00:00Z`) - firstMs) / MINUTE_MS + 3 * 1440
  const shown: number[] = []
  for (let minute = 0; minute < count; minute++) {
    const instant = Temporal.Instant.fromEpochMilliseconds(firstMs + minute * MINUTE_MS)
    shown.push(localMinutes(instant.toZonedDateTimeISO(timeZone).toPlainDateTime()))
  }
  const at = (index: number) => (index === -1 ? undefined : firstMs + index * MINUTE_MS)
  const clock: WallClock = {
    shownAt: (instantMs) => shown[(instantMs - firstMs) / MINUTE_MS] ?? Number.NaN,
    firstTimeOf: (local) => at(shown.indexOf(local)),
    firstAtOrAfter: (local) => at(shown.findIndex((minute) => minute >= local)) ?? Number.NaN,
  }
  clocks.set(key, clock)
  return clock
}

function localMinutes(time: Temporal.PlainDateTime): number {
  return time.toZonedDateTime('UTC').epochMilliseconds / MINUTE_MS
}
