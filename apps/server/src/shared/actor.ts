import { roleReaches, type Role } from './role.ts'

/** Who makes a request, as far as it was proved. */
export type Actor = { kind: 'anonymous' } | { kind: 'user'; userId: string } | MemberActor | KeyActor

/** A signed-in person in one organization. Made by the access hook alone. */
export type MemberActor = {
  kind: 'member'
  userId: string
  memberId: string
  role: Role
  providerId: string | undefined
}

/** A program with a key of the organization, whose scopes reach for the operation. Made by the access hook alone. */
export type KeyActor = { kind: 'key'; keyId: string }

/** A key may do no more than a manager, and of that only what its scopes say. */
const ROLE_OF_KEYS: Role = 'manager'

/** The rights with which somebody acts for the organization; undefined for those who do not belong to it. */
export function roleOf(actor: Actor | { kind: 'system' | 'provider_link' }): Role | undefined {
  if (actor.kind === 'key') return ROLE_OF_KEYS
  return actor.kind === 'member' ? actor.role : undefined
}

/** Whether somebody has all the rights of `minimum` in the organization. */
export function actorReaches(actor: Parameters<typeof roleOf>[0], minimum: Role): boolean {
  const role = roleOf(actor)
  return role !== undefined && roleReaches(role, minimum)
}
