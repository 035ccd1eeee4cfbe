import { Type, type Static } from 'typebox'
import { closed, described, Instant, LimitRule, LocalDate, Uuid } from '../shared/schemas.ts'

const optional = Type.Optional

/** A reason that anybody may know. */
export const PublicReason = Type.Union([
  Type.Literal('past'),
  Type.Literal('notice'),
  Type.Literal('window'),
  Type.Literal('no_provider'),
  Type.Literal('hours'),
  Type.Literal('steps'),
  Type.Literal('full'),
  Type.Literal('limit'),
  Type.Literal('taken'),
  Type.Literal('resource'),
  Type.Literal('not_offered'),
])

/** What in the hours says that they are closed. */
export const Because = Type.Object(
  {
    kind: Type.Union([
      Type.Literal('weekly_hours'),
      Type.Literal('override'),
      Type.Literal('holiday'),
      Type.Literal('closure'),
    ]),
    date: optional(LocalDate),
    fromDate: optional(LocalDate),
    toDate: optional(LocalDate),
    name: optional(Type.String()),
  },
  { ...closed, description: 'What in the hours says so.' },
)

const LimitUse = Type.Object(
  { ...LimitRule.properties, count: Type.Integer(), minutes: Type.Number() },
  { ...closed, description: 'What is allowed, and what counts already.' },
)

const Absence = Type.Object(
  {
    cause: Type.Union([
      Type.Literal('closed'),
      Type.Literal('busy'),
      Type.Literal('buffer'),
      Type.Literal('unreadable'),
      Type.Literal('limit'),
      Type.Literal('steps'),
    ]),
    because: optional(Because),
    kind: optional(Type.String({ description: 'booking, hold, time_off or external' })),
    booking: optional(described(Uuid, 'The booking that is in the way.')),
    from: optional(Instant),
    to: optional(Instant),
    limit: optional(LimitUse),
  },
  closed,
)

/** One reason why a start is not offered, with all that caused it. */
export const RefusalView = Type.Object(
  {
    reason: Type.Union([
      Type.Literal('past'),
      Type.Literal('notice'),
      Type.Literal('window'),
      Type.Literal('service_closed'),
      Type.Literal('limit'),
      Type.Literal('not_enough'),
      Type.Literal('shared'),
      Type.Literal('steps'),
      Type.Literal('seats'),
      Type.Literal('gap'),
      Type.Literal('not_first'),
      Type.Literal('skipped'),
      Type.Literal('series'),
    ]),
    from: optional(described(Instant, 'The first start that notice or window allow.')),
    to: optional(described(Instant, 'The end of the booking window.')),
    because: optional(Because),
    of: optional(Type.Union([Type.Literal('service'), Type.Literal('customer')])),
    limit: optional(LimitUse),
    kind: optional(Type.Union([Type.Literal('provider'), Type.Literal('resource')])),
    needed: optional(Type.Integer()),
    free: optional(Type.Integer()),
    absent: optional(
      Type.Array(
        Type.Object(
          {
            id: Uuid,
            name: Type.String(),
            unit: optional(Type.Integer({ description: 'Which one of several.' })),
            causes: Type.Array(Absence),
          },
          closed,
        ),
      ),
    ),
    wanted: optional(Type.Integer({ description: 'Seats that were asked for.' })),
    left: optional(Type.Integer({ description: 'Seats that are left.' })),
  },
  closed,
)
export type RefusalView = Static<typeof RefusalView>
export type AbsenceView = Static<typeof Absence>

export const ExplanationQuery = Type.Object(
  {
    start: Instant,
    provider: optional(described(Uuid, 'Only with this provider.')),
    duration: optional(Type.Integer({ minimum: 1, maximum: 1440, description: 'Minutes.' })),
    seats: optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'So many seats together.' })),
  },
  closed,
)

export const ExplanationView = Type.Object(
  {
    start: Instant,
    end: Instant,
    offered: Type.Boolean(),
    reason: optional(PublicReason),
    message: optional(Type.String({ description: 'The reason as a sentence.' })),
    refusals: optional(
      Type.Array(RefusalView, { description: 'For members only: every reason, with all that caused it.' }),
    ),
  },
  { ...closed, $id: 'Explanation', title: 'Explanation' },
)
export type ExplanationView = Static<typeof ExplanationView>
