import fc from 'fast-check'
import type { OracleCase, OracleSchedule } from './oracle.ts'

/** Zones with the dates on which their clocks change, and two without. */
export const CHANGES: [zone: string, date: string][] = [
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Berlin', '2026-10-25'],
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  // By half an hour.
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  // A whole day was skipped.
  ['Pacific/Apia', '2011-12-30'],
  ['Pacific/Apia', '2012-04-01'],
  // Back for Ramadan.
  ['Africa/Casablanca', '2026-02-15'],
  ['Africa/Casablanca', '2026-03-22'],
  // At midnight.
  ['Africa/Cairo', '2026-04-24'],
  ['Africa/Cairo', '2026-10-29'],
  ['America/Santiago', '2026-04-04'],
  ['America/Santiago', '2026-09-06'],
  ['Asia/Kathmandu', '2026-06-10'],
  ['UTC', '2026-06-10'],
]

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

const minutes = (least: number, most: number, by: number) =>
  fc.integer({ min: least / by, max: most / by }).map((n) => n * by)

/** Windows of one day that do not overlap, and now and then touch. */
const day = fc
  .uniqueArray(minutes(0, 1440, 15), { maxLength: 6 })
  .map((cuts) => cuts.sort((a, b) => a - b))
  .chain((cuts) => fc.boolean().map((touching) => ({ cuts, touching })))
  .map(({ cuts, touching }) =>
    cuts.flatMap((startMin, index) => {
      const endMin = cuts[index + 1]
      return endMin !== undefined && (touching || index % 2 === 0) ? [{ startMin, endMin }] : []
    }),
  )

function schedules(timeZone: string, date: string): fc.Arbitrary<OracleSchedule> {
  const override = fc.record({ date: fc.integer({ min: -1, max: 1 }).map((days) => shift(date, days)), windows: day })
  return fc.record({
    timeZone: fc.constant(timeZone),
    weekly: fc
      .array(day, { minLength: 7, maxLength: 7 })
      .map((days) => days.flatMap((windows, index) => windows.map((window) => ({ weekday: index + 1, ...window })))),
    overrides: fc.uniqueArray(override, { maxLength: 2, selector: (one) => one.date }),
  })
}

/** Three days around a change of the clocks, with everything that bears upon which starts are free. */
export const cases: fc.Arbitrary<OracleCase> = fc.constantFrom(...CHANGES).chain(([zone, date]) => {
  const noonMs = Date.parse(`${date}T12:00Z`)
  const instants = (days: number) => minutes(-days * 1440, days * 1440, 5).map((at) => noonMs + at * MINUTE_MS)
  const busy = fc.array(
    fc
      .tuple(instants(2), minutes(5, 240, 5))
      .map(([startMs, length]) => ({ startMs, endMs: startMs + length * MINUTE_MS })),
    { maxLength: 6 },
  )
  return fc.record({
    fromDate: fc.constant(shift(date, -1)),
    toDate: fc.constant(shift(date, 1)),
    fromMs: fc.oneof(fc.constant(noonMs - 3 * DAY_MS), instants(1)),
    toMs: fc.oneof(fc.constant(noonMs + 3 * DAY_MS), instants(2)),
    nowMs: fc.oneof(fc.constant(noonMs - 4 * DAY_MS), instants(2)),
    lengthMin: fc.constantFrom(5, 15, 30, 45, 60, 90, 240),
    stepMin: fc.constantFrom(5, 10, 15, 20, 30, 45, 60),
    bufferBeforeMin: fc.constantFrom(0, 0, 5, 15),
    bufferAfterMin: fc.constantFrom(0, 0, 10, 30),
    noticeMin: fc.constantFrom(0, 0, 1, 60, 1440),
    windowEndMs: fc.oneof(fc.constant(Infinity), instants(2)),
    serviceHours: fc.option(schedules(zone, date), { nil: undefined, freq: 2 }),
    providers: fc.array(fc.record({ schedule: schedules(zone, date), busy }), { maxLength: 3 }),
    pools: fc.array(fc.record({ count: fc.integer({ min: 1, max: 2 }), units: fc.array(busy, { maxLength: 3 }) }), {
      maxLength: 1,
    }),
  })
})

function shift(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString()
}
