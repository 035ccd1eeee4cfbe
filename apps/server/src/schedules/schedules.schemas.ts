import { Type, type Static } from 'typebox'
import { closed, LocalDate, Name, TimeZone, Uuid } from '../shared/schemas.ts'

const windowFields = {
  startMin: Type.Integer({ minimum: 0, maximum: 1439, description: 'Minutes after local midnight.' }),
  endMin: Type.Integer({
    minimum: 1,
    maximum: 1440,
    description: 'Minutes after local midnight; 1440 is the end of the day.',
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
      description: 'Replaces the weekly hours; empty is closed.',
    }),
  },
  closed,
)

const fields = {
  name: Name,
  timeZone: TimeZone,
  weekly: Type.Array(WeeklyWindow, { maxItems: 168 }),
  overrides: Type.Array(DateOverride, { maxItems: 1000 }),
}

export const ScheduleView = Type.Object({ id: Uuid, ...fields }, { ...closed, $id: 'Schedule', title: 'Schedule' })
export type ScheduleView = Static<typeof ScheduleView>

export const ScheduleCreate = Type.Object(
  { name: Name, timeZone: TimeZone, weekly: fields.weekly, overrides: Type.Optional(fields.overrides) },
  closed,
)
export type ScheduleCreate = Static<typeof ScheduleCreate>

export const SchedulePatch = Type.Partial(Type.Object(fields), { ...closed, minProperties: 1 })
export type SchedulePatch = Static<typeof SchedulePatch>
