import { Type, type Static } from 'typebox'
import { closed, Colour, Email, Name, LimitRule, Uuid } from '../shared/schemas.ts'

const Limits = Type.Array(LimitRule, { maxItems: 6, description: 'At most so much work in a day, week or month.' })

export const ProviderView = Type.Object(
  {
    id: Uuid,
    name: Name,
    title: Type.String(),
    email: Type.Union([Email, Type.Null()], { description: 'Where invitations go.' }),
    colour: Colour,
    scheduleId: Uuid,
    position: Type.Integer(),
    active: Type.Boolean(),
    limits: Limits,
  },
  { ...closed, $id: 'Provider', title: 'Provider' },
)
export type ProviderView = Static<typeof ProviderView>

const optional = {
  title: Type.Optional(Type.String({ maxLength: 120 })),
  email: Type.Optional(Type.Union([Email, Type.Null()])),
  colour: Type.Optional(Colour),
  position: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
  limits: Type.Optional(Limits),
}

export const ProviderCreate = Type.Object(
  {
    name: Name,
    scheduleId: Type.Optional(Uuid),
    ...optional,
  },
  {
    ...closed,
    description: 'Without scheduleId the provider gets a schedule of their own, open Monday to Friday from 9 to 17.',
  },
)
export type ProviderCreate = Static<typeof ProviderCreate>

export const ProviderPatch = Type.Object(
  {
    name: Type.Optional(Name),
    scheduleId: Type.Optional(Uuid),
    active: Type.Optional(Type.Boolean()),
    ...optional,
  },
  { ...closed, minProperties: 1 },
)
export type ProviderPatch = Static<typeof ProviderPatch>
