import { Type, type Static } from 'typebox'
import { closed, Instant, LocalDate, TimeZone, Uuid } from '../shared/schemas.ts'

const fields = {
  startsAt: Type.String({
    pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}$',
    description: 'Local date and time at which it begins, the first time: YYYY-MM-DDTHH:MM.',
  }),
  timeZone: TimeZone,
  durationMin: Type.Integer({
    minimum: 1,
    maximum: 527_040,
    description:
      'Minutes as the clocks show them: a whole day has 1440, also when they change. Whole days begin at midnight.',
  }),
  rule: Type.Union([Type.String({ minLength: 1, maxLength: 500 }), Type.Null()], {
    description:
      'How it comes back, as the value of an RRULE (RFC 5545), such as FREQ=WEEKLY;BYDAY=FR; null is once. It comes at most once a day.',
  }),
  except: Type.Array(LocalDate, { maxItems: 366, description: 'Dates that the rule gives and that are left out.' }),
  note: Type.String({
    maxLength: 500,
    description: 'For managers, and for whom it is about; empty for everybody else.',
  }),
}

const Span = Type.Object({ start: Instant, end: Instant }, closed)

export const TimeOffView = Type.Object(
  {
    ...{ id: Uuid, subjectId: Uuid, ...fields },
    next: Type.Union([Span, Type.Null()], {
      description: 'The time under way or the next one, of the coming two years; null when there is none.',
    }),
  },
  { ...closed, $id: 'TimeOff', title: 'TimeOff' },
)
export type TimeOffView = Static<typeof TimeOffView>

export const TimeOffCreate = Type.Object(
  {
    ...{ startsAt: fields.startsAt, timeZone: fields.timeZone, durationMin: fields.durationMin },
    rule: Type.Optional(fields.rule),
    except: Type.Optional(fields.except),
    note: Type.Optional(fields.note),
  },
  closed,
)
export type TimeOffCreate = Static<typeof TimeOffCreate>

export const TimeOffPatch = Type.Partial(Type.Object(fields), { ...closed, minProperties: 1 })
export type TimeOffPatch = Static<typeof TimeOffPatch>
