import { Type, type Static } from 'typebox'
import { closed, Name, Uuid } from '../shared/schemas.ts'

const Quantity = Type.Integer({ minimum: 1, maximum: 100, description: 'How many of them there are.' })

const fields = {
  name: Name,
  quantity: Quantity,
  setUpMin: Type.Integer({ minimum: 0, maximum: 1440, description: 'Minutes it is taken before an appointment.' }),
  cleanUpMin: Type.Integer({ minimum: 0, maximum: 1440, description: 'Minutes it is taken after an appointment.' }),
  scheduleId: Type.Union([Uuid, Type.Null()], { description: 'When it can be used; null is always.' }),
}

export const ResourceView = Type.Object(
  { id: Uuid, ...fields, active: Type.Boolean() },
  { ...closed, $id: 'Resource', title: 'Resource' },
)
export type ResourceView = Static<typeof ResourceView>

export const ResourceCreate = Type.Object({ ...Type.Partial(Type.Object(fields)).properties, name: Name }, closed)
export type ResourceCreate = Static<typeof ResourceCreate>

export const ResourcePatch = Type.Partial(Type.Object({ ...fields, active: Type.Boolean() }), {
  ...closed,
  minProperties: 1,
})
export type ResourcePatch = Static<typeof ResourcePatch>
