import { Type, type Static } from 'typebox'
import { Because } from '../availability/explanation.schemas.ts'
import { SchedulePatch } from '../schedules/schedules.schemas.ts'
import { closed, described, Instant, Name, Uuid } from '../shared/schemas.ts'
import { TimeOffCreate } from '../time-off/time-off.schemas.ts'

const optional = Type.Optional

/** A change that is only thought of. */
export const ImpactQuery = Type.Object(
  {
    schedule: optional(Type.Object({ id: Uuid, changes: SchedulePatch }, closed)),
    provider: optional(Type.Object({ id: Uuid, active: optional(Type.Boolean()), scheduleId: optional(Uuid) }, closed)),
    resource: optional(
      Type.Object(
        {
          id: Uuid,
          active: optional(Type.Boolean()),
          quantity: optional(Type.Integer({ minimum: 1, maximum: 100 })),
          scheduleId: optional(Type.Union([Uuid, Type.Null()])),
        },
        closed,
      ),
    ),
    timeOff: optional(
      Type.Object({ id: described(Uuid, 'Of the person or thing that is off.'), ...TimeOffCreate.properties }, closed),
    ),
  },
  {
    ...{ ...closed, minProperties: 1, maxProperties: 1 },
    description: 'One change: of hours, of a person, of a thing, or time off.',
  },
)
export type ImpactQuery = Static<typeof ImpactQuery>

const Misfit = Type.Object(
  {
    cause: Type.Union([Type.Literal('gone'), Type.Literal('closed'), Type.Literal('busy'), Type.Literal('buffer')]),
    of: Type.Union([Type.Literal('service'), Type.Literal('subject')], { description: 'What no longer fits.' }),
    id: optional(Uuid),
    name: optional(Name),
    unit: optional(Type.Integer()),
    because: optional(Because),
  },
  closed,
)

export const ImpactView = Type.Object(
  {
    bookings: Type.Array(
      Type.Object(
        {
          id: Uuid,
          start: Instant,
          end: Instant,
          service: Name,
          provider: Name,
          customer: Type.String(),
          misfits: Type.Array(Misfit),
        },
        closed,
      ),
      { description: 'Those that fit now and would no longer, the next one first.' },
    ),
    checked: Type.Integer({ description: 'How many bookings to come were looked at.' }),
    isComplete: Type.Boolean({ description: 'Whether these were all, or there are more than are looked at.' }),
  },
  { ...closed, $id: 'Impact', title: 'Impact' },
)
export type ImpactView = Static<typeof ImpactView>
