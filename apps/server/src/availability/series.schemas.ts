import { Type, type Static } from 'typebox'
import { closed, described, Instant, Uuid } from '../shared/schemas.ts'
import { PublicReason, RefusalView } from './explanation.schemas.ts'

const optional = Type.Optional

const LocalDateTime = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(?::\\d{2})?$',
  description: 'A local date and time, YYYY-MM-DDTHH:MM.',
})

/** When a series is to be. */
export const SeriesTimes = {
  start: described(LocalDateTime, 'The first time, by the clocks of `timeZone`, YYYY-MM-DDTHH:MM.'),
  timeZone: optional(Type.String({ minLength: 1, maxLength: 64, description: 'That of the business by default.' })),
  rule: Type.String({
    minLength: 1,
    maxLength: 300,
    description: 'How it repeats, by RFC 5545: FREQ=WEEKLY;COUNT=10. With COUNT or UNTIL.',
  }),
  except: optional(
    Type.Array(Type.String({ maxLength: 19, pattern: '^\\d{4}-\\d{2}-\\d{2}(?:T\\d{2}:\\d{2}(?::\\d{2})?)?$' }), {
      maxItems: 100,
      description: 'Local dates, or dates and times, to leave out.',
    }),
  ),
}

export const SeriesQuery = Type.Object(
  {
    ...SeriesTimes,
    provider: optional(Uuid),
    duration: optional(Type.Integer({ minimum: 1, maximum: 1440 })),
    seats: optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    alternatives: optional(Type.Integer({ minimum: 0, maximum: 10, description: 'Free times to name; 3 by default.' })),
    withinDays: optional(Type.Integer({ minimum: 1, maximum: 31, description: 'How far around; 7 by default.' })),
  },
  closed,
)
export type SeriesQuery = Static<typeof SeriesQuery>

export const SeriesView = Type.Object(
  {
    total: Type.Integer(),
    free: Type.Integer({ description: 'How many of them are free.' }),
    occurrences: Type.Array(
      Type.Object(
        {
          start: Instant,
          end: Instant,
          free: Type.Boolean(),
          providers: optional(Type.Array(Uuid, { description: 'Who could serve.' })),
          reason: optional(PublicReason),
          message: optional(Type.String()),
          refusals: optional(Type.Array(RefusalView)),
          alternatives: optional(Type.Array(Instant, { description: 'Free times, the nearest first.' })),
        },
        closed,
      ),
    ),
  },
  { ...closed, $id: 'Series', title: 'Series' },
)
export type SeriesView = Static<typeof SeriesView>
