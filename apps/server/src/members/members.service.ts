import type { Database, TenantTransaction } from '../db/database.ts'
import { withTenant, withUser } from '../db/tenant.ts'
import { organizationName } from '../organizations/organizations.service.ts'
import type { MeView } from '../organizations/organizations.schemas.ts'
import type { MemberActor } from '../shared/actor.ts'
import * as queries from './members.queries.ts'

/** The person as a member of the organization; undefined when they are none. */
export async function findMember(
  db: Database,
  organizationId: string,
  userId: string,
): Promise<MemberActor | undefined> {
  const member = await withTenant(db, organizationId, (tx) => queries.selectMember(tx, organizationId, userId))
  if (!member) return undefined
  return { kind: 'member', userId, memberId: member.id, role: member.role, providerId: member.providerId ?? undefined }
}

/** The organizations a person belongs to, with their roles there. */
export async function membershipsOf(db: Database, userId: string): Promise<MeView['memberships']> {
  const memberships = await withUser(db, userId, (tx) => queries.selectMemberships(tx, userId))
  return Promise.all(
    memberships.map(async ({ organizationId, slug, role, providerId }) => {
      const name = await withTenant(db, organizationId, (tx) => organizationName(tx, organizationId))
      return { organization: slug, name, role, ...(providerId && { providerId }) }
    }),
  )
}

/** Makes somebody the owner of a new organization. */
export function addOwner(
  tx: TenantTransaction,
  organizationId: string,
  member: { id: string; userId: string },
): Promise<void> {
  return queries.insertMember(tx, organizationId, { ...member, role: 'owner' })
}
