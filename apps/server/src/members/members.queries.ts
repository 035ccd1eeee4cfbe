import type { TenantTransaction } from '../db/database.ts'
import type { Role } from '../shared/role.ts'

export function selectMember(tx: TenantTransaction, organizationId: string, userId: string) {
  return tx
    .selectFrom('member')
    .where('organizationId', '=', organizationId)
    .where('userId', '=', userId)
    .select((eb) => ['id', 'providerId', eb.ref('role').$castTo<Role>().as('role')])
    .executeTakeFirst()
}

/** Inside `withUser`: where the user belongs, before one of the organizations is chosen. */
export function selectMemberships(tx: TenantTransaction, userId: string) {
  return tx
    .selectFrom('member as m')
    .innerJoin('organizationSlug as g', 'g.organizationId', 'm.organizationId')
    .where('m.userId', '=', userId)
    .select((eb) => ['m.organizationId', 'm.providerId', 'g.slug', eb.ref('m.role').$castTo<Role>().as('role')])
    .orderBy('g.slug')
    .execute()
}

export async function insertMember(
  tx: TenantTransaction,
  organizationId: string,
  member: { id: string; userId: string; role: Role },
): Promise<void> {
  await tx
    .insertInto('member')
    .values({ organizationId, ...member })
    .execute()
}
