import fc from 'fast-check'
import type { Case, Need, Subject } from './case.ts'
import { fewOf, instants, limits, seldom, sessions, subjects, type RawSession } from './cases-people.ts'
import { BASE_DATE, HOME, schedules, shift, someZone } from './cases-schedules.ts'

const DAY_MS = 86_400_000
const NOON_MS = Date.parse(`${BASE_DATE}T12:00Z`)

/** Zones with the dates on which their clocks change, and two without. */
export const CHANGES: readonly (readonly [zone: string, date: string])[] = [
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
  // Midnight comes twice.
  ['America/Havana', '2026-11-01'],
  ['America/Havana', '2026-03-08'],
  // At one minute past midnight, back into the day before.
  ['America/St_Johns', '2010-11-07'],
  // By two hours, and by three.
  ['Antarctica/Troll', '2026-03-29'],
  ['Antarctica/Casey', '2010-03-05'],
  // The last day of a month and of a year.
  ['Asia/Kathmandu', '2026-05-31'],
  ['Pacific/Chatham', '2026-12-31'],
  ['UTC', '2026-06-10'],
]

const rawNeeds = fc.record(
  {
    kind: fc.constantFrom('provider', 'resource'),
    count: fc.constantFrom(1, 1, 1, 1, 1, 2, 2, 3),
    strict: fc.constantFrom(false, false, false, false, false, false, false, true),
    picks: fc.uniqueArray(fc.nat({ max: 3 }), { minLength: 1, maxLength: 4 }),
    chosen: fc.nat({ max: 30 }),
    bufferBeforeMin: fc.constantFrom(0, 5, 15),
    bufferAfterMin: fc.constantFrom(0, 10, 30),
    assign: fc.constantFrom('in_order', 'by_turn'),
  },
  { requiredKeys: ['kind', 'count', 'picks', 'strict'] },
)

const lengths = fc.constantFrom(15, 30, 30, 45, 60, 5, 7, 90, 240)

const rawSegments = fc.record({ lengthMin: lengths, needs: fewOf(rawNeeds) })

type RawSegment = typeof rawSegments extends fc.Arbitrary<infer T> ? T : never

const rawCases = fc.record({
  change: fc.nat({ max: CHANGES.length - 1 }),
  dates: fc.constantFrom([-1, 1] as const, [-1, 1] as const, [0, 0] as const, [0, 1] as const, [-1, 2] as const),
  fromMs: fc.oneof({ weight: 7, arbitrary: fc.constant(NOON_MS - 3 * DAY_MS) }, { weight: 1, arbitrary: instants(1) }),
  toMs: fc.oneof({ weight: 7, arbitrary: fc.constant(NOON_MS + 4 * DAY_MS) }, { weight: 1, arbitrary: instants(2) }),
  nowMs: fc.oneof({ weight: 7, arbitrary: fc.constant(NOON_MS - 4 * DAY_MS) }, { weight: 1, arbitrary: instants(1) }),
  noticeMin: fc.constantFrom(0, 0, 0, 1, 60, 1440),
  window: seldom(fc.tuple(instants(3), instants(3))),
  steps: fc.record(
    {
      everyMin: fc.constantFrom(30, 15, 60, 5, 10, 20, 45, 7, 50, 100),
      offsetMin: fc.constantFrom(0, 5, 20, 75),
      from: fc.constantFrom('window', 'midnight'),
    },
    { requiredKeys: ['everyMin'] },
  ),
  schedules: fc.array(schedules, { minLength: 1, maxLength: 3 }),
  sharesHours: fc.boolean(),
  subjects,
  lead: fc.record({ lengthMin: lengths, need: rawNeeds, others: fewOf(rawNeeds, 1) }),
  then: fc.oneof(
    { weight: 2, arbitrary: fc.constant<RawSegment[]>([]) },
    { weight: 1, arbitrary: fc.array(rawSegments, { maxLength: 2 }) },
  ),
  service: seldom(fc.nat({ max: 2 })),
  limits: fewOf(fc.tuple(fc.constantFrom('service', 'customer'), limits)),
  group: seldom(
    fc.record({
      capacity: fc.constantFrom(4, 3, 2, 1, 0),
      seats: fc.constantFrom(1, 1, 2, 3),
      sessions: fc.array(sessions, { maxLength: 3 }),
    }),
  ),
  usefulMin: seldom(fc.constantFrom(20, 45, 90, 240)),
  firstOfDayIn: seldom(someZone),
})

type RawCase = typeof rawCases extends fc.Arbitrary<infer T> ? T : never
type RawNeed = RawCase['lead']['need']

/** Three days around a change of the clocks, with everything that bears upon which starts are free. */
export const cases: fc.Arbitrary<Case> = rawCases.map((raw) => {
  const [zone, date] = CHANGES[raw.change] ?? ['UTC', BASE_DATE]
  const days = (Date.parse(date) - Date.parse(BASE_DATE)) / DAY_MS
  return moved(caseOf(raw), days, zone)
})

/** The same case so many days later, at home in a zone. */
export function moved(ask: Case, days: number, home = HOME): Case {
  return move('', ask) as Case

  function move(key: string, value: unknown): unknown {
    if (typeof value === 'number') return key.endsWith('Ms') ? value + days * DAY_MS : value
    if (typeof value === 'string')
      return /^\d{4}-\d\d-\d\d$/.test(value) ? shift(value, days) : value === HOME ? home : value
    if (Array.isArray(value)) return value.map((one: unknown) => move(key, one))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, one]: [string, unknown]) => [name, move(name, one)]))
  }
}

function caseOf({ change: _change, dates, window, lead, then, service, limits: whole, group, ...raw }: RawCase): Case {
  const hours = (index: number | undefined) => (index === undefined ? undefined : index % raw.schedules.length)
  const people = raw.subjects.map((one) => ({ ...one, schedule: hours(one.schedule) }))
  const segments = [
    {
      lengthMin: lead.lengthMin,
      needs: [needOf(lead.need, people, true), ...lead.others.map((need) => needOf(need, people))],
    },
    ...then.map(({ lengthMin, needs }) => ({ lengthMin, needs: needs.map((need) => needOf(need, people)) })),
  ]
  const lengthMin = segments.reduce((sum, segment) => sum + segment.lengthMin, 0)
  return {
    ...raw,
    ...{ fromDate: shift(BASE_DATE, dates[0]), toDate: shift(BASE_DATE, dates[1]) },
    window: window && { fromMs: Math.min(...window), untilMs: Math.max(...window) },
    subjects: people,
    segments,
    service: hours(service),
    limits: whole.map(([of, one]) => ({ of, ...one })),
    group: group && { ...group, sessions: group.sessions.map((one, index) => sessionOf(one, index, lengthMin)) },
  }
}

/** Whoever may lead has hours. */
function needOf({ picks, chosen, strict, ...need }: RawNeed, people: readonly Subject[], leads = false): Need {
  const all = [...new Set(picks.map((pick) => pick % people.length))]
  const named = all.filter((index) => !leads || people[index]?.schedule !== undefined)
  const called = chosen === undefined || chosen > 8 ? undefined : `s${named[chosen % 4] ?? named[0] ?? chosen}`
  // One in eight may ask for more than there are.
  const count = strict ? need.count : Math.max(1, Math.min(need.count, named.length))
  return { ...need, count, subjects: named, ...(called !== undefined && { chosen: called }) }
}

function sessionOf({ startMs, seatsLeft, fits, hosts }: RawSession, index: number, lengthMin: number) {
  const endMs = startMs + (fits ? lengthMin : lengthMin + 5) * 60_000
  return { id: `g${index}`, startMs, endMs, seatsLeft, candidateIds: hosts.map((host) => `s${host}`) }
}
