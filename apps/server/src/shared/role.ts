import { Type, type Static } from 'typebox'

export const Role = Type.Union([
  Type.Literal('owner'),
  Type.Literal('admin'),
  Type.Literal('manager'),
  Type.Literal('provider'),
  Type.Literal('viewer'),
])
export type Role = Static<typeof Role>

/** From the fewest rights to the most. */
const RANKS = ['viewer', 'provider', 'manager', 'admin', 'owner'] as const satisfies Role[]

/** Whether the role has all the rights of `minimum`. */
export function roleReaches(role: Role, minimum: Role): boolean {
  return RANKS.indexOf(role) >= RANKS.indexOf(minimum)
}
