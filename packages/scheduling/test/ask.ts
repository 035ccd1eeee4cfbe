/** Short ways to put questions to the engine in tests. Ada is open every day in UTC, and the day is 10 June 2026. */
import {
  checkStart,
  expandSchedule,
  findSlots,
  NEVER_BUSY,
  startOfDateMs,
  type Candidate,
  type LocalWindow,
  type Refusal,
  type Requirement,
  type Schedule,
  type SlotQuery,
} from '../src/index.ts'

export const MINUTE_MS = 60_000
export const DAY = '2026-06-10'

export const ms = (instant: string) => Date.parse(instant)
/** An instant of the day by its time in UTC. */
export const at = (time: string) => Date.parse(`${DAY}T${time}Z`)

export const window = (from: string, to: string): LocalWindow => ({ startMin: minuteOf(from), endMin: minuteOf(to) })
const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

export const everyDay = (...windows: LocalWindow[]) =>
  [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) => windows.map((one) => ({ weekday, ...one })))

/** Open every day from one time to another, over a fortnight around the date. */
export function hoursOf(windows: readonly LocalWindow[], more: Partial<Schedule> = {}, date = DAY) {
  return expandSchedule({ timeZone: 'UTC', weekly: everyDay(...windows), ...more }, shift(date, -7), shift(date, 7))
}

export const shift = (date: string, days: number) => Temporal.PlainDate.from(date).add({ days }).toString()

export const NINE_TO_TWELVE = [window('09:00', '12:00')]

export function person(id: string, more: Partial<Candidate> = {}): Candidate {
  return { id, hours: hoursOf(NINE_TO_TWELVE), busy: NEVER_BUSY, ...more }
}

export function room(id: string, more: Partial<Candidate> = {}): Candidate {
  return { id, busy: NEVER_BUSY, ...more }
}

export function oneOf(candidates: readonly Candidate[], more: Partial<Requirement> = {}): Requirement {
  return { kind: 'provider', count: 1, candidates, ...more }
}

/** Half an hour, every half hour, with Ada, on the day. */
export function ask(more: Partial<SlotQuery> = {}, requirements: readonly Requirement[] = [oneOf([person('ada')])]) {
  const query: SlotQuery = {
    ...{ fromMs: startOfDateMs(DAY, 'UTC'), toMs: startOfDateMs(shift(DAY, 1), 'UTC'), nowMs: 0, noticeMin: 0 },
    steps: { everyMin: 30 },
    segments: [{ lengthMin: 30, requirements }],
    ...more,
  }
  return query
}

/** The times of the starts in UTC. */
export const timesOf = (query: SlotQuery) =>
  Array.from(findSlots(query).startsMs, (startMs) => new Date(startMs).toISOString().slice(11, 16))

/** What the clocks on the wall show, with the offset, as two starts may show the same. */
export const wallTimes = (query: SlotQuery, timeZone: string) =>
  Array.from(findSlots(query).startsMs, (startMs) => {
    const shown = Temporal.Instant.fromEpochMilliseconds(startMs).toZonedDateTimeISO(timeZone)
    return `${shown.toPlainTime().toString({ smallestUnit: 'minute' })} ${shown.offset}`
  })

/** All that stands against a start, which is nothing when it is offered. */
export function refusalsAt(query: SlotQuery, startMs: number): readonly Refusal[] {
  const check = checkStart(query, startMs)
  return check.ok ? [] : check.refusals
}
