import { Type, type Static } from 'typebox'
import { closed, described, Instant, LocalDate, OrganizationSlug, TimeZone, Uuid } from '../shared/schemas.ts'

const DateOrInstant = Type.String({
  minLength: 10,
  maxLength: 40,
  pattern: '^\\d{4}-\\d{2}-\\d{2}(?:T.+)?$',
  description: 'A local date in the asked time zone (inclusive), or an instant.',
})

export const SlotsParams = Type.Object({
  organization: OrganizationSlug,
  service: Type.String({ minLength: 1, maxLength: 48, description: 'The slug or the id of the service.' }),
})

export const SlotsQuery = Type.Object(
  {
    from: DateOrInstant,
    to: DateOrInstant,
    timeZone: Type.Optional(TimeZone),
    provider: Type.Optional(described(Uuid, 'Only times at which this provider is free.')),
    duration: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1440, description: 'Minutes; one of the durations of the service.' }),
    ),
    seats: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1000, description: 'Only times with so many seats left.' }),
    ),
    rescheduling: Type.Optional(
      Type.String({ format: 'uuid', description: 'A booking that is to be moved: its own time counts as free.' }),
    ),
    token: Type.Optional(Type.String({ maxLength: 200, description: 'The token of the link of that booking.' })),
  },
  closed,
)
export type SlotsQuery = Static<typeof SlotsQuery>

export const SlotsView = Type.Object(
  {
    timeZone: TimeZone,
    days: Type.Array(
      Type.Object({
        date: LocalDate,
        slots: Type.Array(
          Type.Object({
            start: Instant,
            end: Instant,
            providers: Type.Array(Uuid),
            seatsLeft: Type.Optional(Type.Integer()),
          }),
        ),
      }),
    ),
    next: Type.Optional(
      Type.Union([Instant, Type.Null()], {
        description: 'When no slot is in the range: the first free start after it, or null.',
      }),
    ),
  },
  { $id: 'Slots', title: 'Slots' },
)
export type SlotsView = Static<typeof SlotsView>
