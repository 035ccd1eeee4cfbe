import fc from 'fast-check'
import type { DateOverride, LocalWindow, Schedule, WeeklyWindow } from '../src/index.ts'

/** Cases are made around noon of this date in this zone, and then moved to where clocks change. */
export const BASE_DATE = '2026-06-10'
export const HOME = 'Home/Town'

/** Places to travel to, and of other people's clocks. */
const AWAY = ['America/New_York', 'Asia/Tokyo', 'Pacific/Kiritimati']

export const someZone = fc.constantFrom(HOME, HOME, 'UTC', 'America/New_York')

export const minutes = (least: number, most: number, by: number) =>
  fc.integer({ min: least / by, max: most / by }).map((n) => n * by)

export function shift(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

const dates = (least: number, most: number) =>
  fc.integer({ min: least, max: most }).map((days) => shift(BASE_DATE, days))

const stretches = (least: number, most: number) =>
  fc
    .tuple(fc.integer({ min: least, max: most }), fc.nat({ max: 1 }))
    .map(([first, days]) => ({ fromDate: shift(BASE_DATE, first), toDate: shift(BASE_DATE, first + days) }))

/** Windows of one day that do not overlap, now and then touch, and may end on the next. */
const day: fc.Arbitrary<LocalWindow[]> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({
        cuts: fc.uniqueArray(minutes(0, 1435, 5), { maxLength: 5 }),
        touching: fc.boolean(),
        overMidnight: fc.constantFrom(0, 0, 60, 95, 300),
      })
      .map(windowsBetween),
  },
  { weight: 4, arbitrary: fc.constant<LocalWindow[]>([{ startMin: 0, endMin: 1440 }]) },
  { weight: 1, arbitrary: fc.constant<LocalWindow[]>([{ startMin: 1320, endMin: 1560 }]) },
  { weight: 1, arbitrary: fc.constant<LocalWindow[]>([{ startMin: 60, endMin: 240 }]) },
)

function windowsBetween({ cuts, touching, overMidnight }: { cuts: number[]; touching: boolean; overMidnight: number }) {
  const sorted = [...cuts].sort((a, b) => a - b)
  return sorted.flatMap((startMin, index) => {
    if (!touching && index % 2 === 1) return []
    const endMin = sorted[index + 1] ?? (overMidnight > 0 ? 1440 + overMidnight : undefined)
    return endMin === undefined || endMin > startMin + 1440 ? [] : [{ startMin, endMin }]
  })
}

const weekly = fc
  .array(day, { minLength: 1, maxLength: 3 })
  .map((days): WeeklyWindow[] =>
    [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) =>
      (days[weekday % days.length] ?? []).map((window) => ({ weekday, ...window })),
    ),
  )

const overrides: fc.Arbitrary<DateOverride[]> = fc.uniqueArray(fc.record({ date: dates(-1, 1), windows: day }), {
  maxLength: 2,
  selector: ({ date }) => date,
})
const name = fc.constantFrom('Founders’ day', 'Works')
const holidays = fc.array(fc.record({ date: dates(-1, 1), name }, { requiredKeys: ['date'] }), { maxLength: 1 })
const closures = fc.array(
  fc.tuple(stretches(-1, 2), fc.option(name, { nil: undefined })).map(([stretch, called]) => ({
    ...stretch,
    ...(called !== undefined && { name: called }),
  })),
  { maxLength: 1 },
)
const stays = fc.array(
  fc.tuple(stretches(-1, 1), fc.constantFrom(...AWAY)).map(([stretch, timeZone]) => ({ ...stretch, timeZone })),
  { maxLength: 2 },
)

/** Most schedules have few of what is special, so that something is left open. */
export const schedules: fc.Arbitrary<Schedule> = fc
  .record({ weekly, extras: fc.nat({ max: 15 }), overrides, holidays, closures, stays })
  .map(({ weekly: rules, extras, ...special }) => ({
    ...{ timeZone: HOME, weekly: rules },
    ...(extras % 2 === 1 && { overrides: special.overrides }),
    ...(extras % 3 === 1 && { holidays: special.holidays }),
    ...(extras % 5 === 1 && { closures: special.closures }),
    ...(extras % 4 === 3 && { stays: special.stays }),
  }))
