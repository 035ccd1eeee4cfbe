import { Type, type Static } from 'typebox'
import { closed, Name, Uuid } from '../shared/schemas.ts'

const Kind = Type.Union([Type.Literal('address'), Type.Literal('phone'), Type.Literal('video')])
const Detail = Type.String({
  maxLength: 500,
  description: 'The postal address, the number that is called, or the link.',
})

export const LocationView = Type.Object(
  { id: Uuid, kind: Kind, name: Name, detail: Detail },
  { ...closed, $id: 'Location', title: 'Location' },
)
export type LocationView = Static<typeof LocationView>

export const LocationCreate = Type.Object({ kind: Kind, name: Name, detail: Type.Optional(Detail) }, closed)
export type LocationCreate = Static<typeof LocationCreate>

export const LocationPatch = Type.Partial(Type.Object({ kind: Kind, name: Name, detail: Detail }), {
  ...closed,
  minProperties: 1,
})
export type LocationPatch = Static<typeof LocationPatch>
