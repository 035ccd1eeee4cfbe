import fc from 'fast-check'
import type { BusyTime, Session } from '../src/index.ts'
import type { CaseLimit, Subject } from './case.ts'
import { BASE_DATE, minutes, someZone } from './cases-schedules.ts'

const MINUTE_MS = 60_000
const NOON_MS = Date.parse(`${BASE_DATE}T12:00Z`)

/** What most cases do without, so that in most cases something is offered. */
export const seldom = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })

export const fewOf = <T>(arbitrary: fc.Arbitrary<T>, most = 2): fc.Arbitrary<T[]> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<T[]>([]) },
    { weight: 2, arbitrary: fc.array(arbitrary, { maxLength: most }) },
  )

/** Instants so many days around, every so many minutes; now and then one that is no whole minute. */
export const instants = (days: number, by = 5) =>
  fc
    .tuple(minutes(-days * 1440, days * 1440, by), fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 30_500, 59_999))
    .map(([minute, restMs]) => NOON_MS + minute * MINUTE_MS + restMs)

const kinds = fc.constantFrom('booking', 'booking', 'hold', 'time_off', 'external', 'unreadable')

export const busyTimes: fc.Arbitrary<BusyTime> = fc
  .record(
    {
      startMs: instants(2),
      lengthMin: fc.oneof({ weight: 3, arbitrary: minutes(5, 120, 5) }, { weight: 1, arbitrary: minutes(5, 900, 5) }),
      kind: kinds,
      id: fc.constantFrom('x', 'y', 'z'),
      bufferBeforeMin: fc.constantFrom(0, 10, 20),
      bufferAfterMin: fc.constantFrom(0, 5, 30),
    },
    { requiredKeys: ['startMs', 'lengthMin', 'kind'] },
  )
  .map(({ lengthMin, ...time }) => ({ ...time, endMs: time.startMs + lengthMin * MINUTE_MS }))

const rules = fc
  .record({
    per: fc.constantFrom('day', 'week', 'month'),
    by: fc.constantFrom('count', 'minutes', 'both'),
    maxCount: fc.constantFrom(1, 2, 3, 4, 0),
    maxMinutes: fc.constantFrom(120, 240, 180, 60, 0),
  })
  .map(({ per, by, maxCount, maxMinutes }) => {
    if (by === 'both') return { per, maxCount, maxMinutes }
    return by === 'count' ? { per, maxCount } : { per, maxMinutes }
  })

export const limits: fc.Arbitrary<CaseLimit> = fc.record({
  rule: rules,
  clock: fc.record(
    { timeZone: someZone, weekStartsOn: fc.integer({ min: 1, max: 7 }) },
    { requiredKeys: ['timeZone'] },
  ),
  counted: fc.array(fc.record({ startMs: instants(3), minutes: minutes(5, 90, 5) }), { maxLength: 4 }),
})

const turns = fc.record(
  {
    priority: fc.nat({ max: 1 }),
    weight: fc.constantFrom(0.5, 1, 2),
    load: fc.nat({ max: 3 }),
    lastMs: instants(1),
  },
  { requiredKeys: [] },
)

/** Everybody is called by their place, as the oracle expects it. */
export const subjects: fc.Arbitrary<Subject[]> = fc
  .array(
    fc.record(
      {
        schedule: fc.option(fc.nat({ max: 2 }), { nil: undefined, freq: 5 }),
        busy: fc.array(busyTimes, { maxLength: 4 }),
        extentOnly: fc.boolean(),
        setUpMin: fc.constantFrom(0, 5, 15),
        cleanUpMin: fc.constantFrom(0, 10, 40),
        limits: fewOf(limits, 1),
        turn: turns,
      },
      { requiredKeys: ['schedule', 'busy', 'extentOnly'] },
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((all) => all.map((one, index) => ({ id: `s${index}`, ...one })))

export type RawSession = Pick<Session, 'startMs' | 'seatsLeft'> & { readonly fits: boolean; readonly hosts: number[] }

export const sessions: fc.Arbitrary<RawSession> = fc.record({
  startMs: instants(1, 30),
  seatsLeft: fc.nat({ max: 4 }),
  fits: fc.constantFrom(true, true, true, false),
  hosts: fc.uniqueArray(fc.nat({ max: 3 }), { maxLength: 2 }),
})
