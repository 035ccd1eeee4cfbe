import { Type, type Static } from 'typebox'
import { closed, Name, Uuid } from '../shared/schemas.ts'

const Quantity = Type.Integer({ minimum: 1, maximum: 100, description: 'How many of them there are.' })

export const ResourceView = Type.Object(
  { id: Uuid, name: Name, quantity: Quantity, active: Type.Boolean() },
  { ...closed, $id: 'Resource', title: 'Resource' },
)
export type ResourceView = Static<typeof ResourceView>

export const ResourceCreate = Type.Object({ name: Name, quantity: Type.Optional(Quantity) }, closed)
export type ResourceCreate = Static<typeof ResourceCreate>

export const ResourcePatch = Type.Partial(Type.Object({ name: Name, quantity: Quantity, active: Type.Boolean() }), {
  ...closed,
  minProperties: 1,
})
export type ResourcePatch = Static<typeof ResourcePatch>
