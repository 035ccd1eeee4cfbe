import { Type, type Static } from 'typebox'
import { HolidayPlace } from '../holidays/holidays.schemas.ts'
import { closed, LocalDate, Name, TimeZone, Uuid } from '../shared/schemas.ts'

const windowFields = {
  startMin: Type.Integer({ minimum: 0, maximum: 1439, description: 'Minutes after local midnight.' }),
  endMin: Type.Integer({
    minimum: 1,
    maximum: 2880,
    description:
      'Minutes after local midnight; above 1440 it is on the next day: 22:00 to 02:00 is 1320 to 1560. At most 1440 after the start.',
  }),
}

export const WeeklyWindow = Type.Object(
  { weekday: Type.Integer({ minimum: 1, maximum: 7, description: 'ISO 8601: Monday is 1.' }), ...windowFields },
  closed,
)
export const DateOverride = Type.Object(
  {
    date: LocalDate,
    windows: Type.Array(Type.Object(windowFields, closed), {
      maxItems: 24,
      description: 'Replaces the hours that begin on the date, of a public holiday too; empty is closed.',
    }),
  },
  closed,
)

const range = { fromDate: LocalDate, toDate: LocalDate }

const fields = {
  name: Name,
  timeZone: TimeZone,
  weekly: Type.Array(WeeklyWindow, { maxItems: 168 }),
  overrides: Type.Array(DateOverride, { maxItems: 1000 }),
  holidays: Type.Union([HolidayPlace, Type.Null()], {
    description: 'Whose public holidays are closed, unless an override opens one; null is nobody’s.',
  }),
  closures: Type.Array(Type.Object({ ...range, name: Type.Optional(Name) }, closed), {
    maxItems: 500,
    description: 'Dates, both inclusive, on which nothing is open, whatever else says so.',
  }),
  stays: Type.Array(Type.Object({ ...range, timeZone: TimeZone }, closed), {
    maxItems: 200,
    description: 'Dates, both inclusive, on which the hours go by the clocks of another place.',
  }),
}

export const ScheduleView = Type.Object({ id: Uuid, ...fields }, { ...closed, $id: 'Schedule', title: 'Schedule' })
export type ScheduleView = Static<typeof ScheduleView>

export const ScheduleCreate = Type.Object(
  {
    ...Type.Partial(Type.Object(fields)).properties,
    ...{ name: Name, timeZone: TimeZone, weekly: fields.weekly },
  },
  closed,
)
export type ScheduleCreate = Static<typeof ScheduleCreate>

export const SchedulePatch = Type.Partial(Type.Object(fields), { ...closed, minProperties: 1 })
export type SchedulePatch = Static<typeof SchedulePatch>
