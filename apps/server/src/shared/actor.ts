import type { Role } from './role.ts'

/** Who makes a request, as far as it was proved. */
export type Actor = { kind: 'anonymous' } | { kind: 'user'; userId: string } | MemberActor

/** A signed-in person in one organization. Made by the access hook alone. */
export type MemberActor = {
  kind: 'member'
  userId: string
  memberId: string
  role: Role
  providerId: string | undefined
}
