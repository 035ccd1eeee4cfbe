import type { Insertable, Updateable } from 'kysely'
import type { TenantTransaction } from '../db/database.ts'
import type { Resource } from '../db/schema.generated.ts'

const COLUMNS = ['id', 'name', 'quantity', 'setUpMin', 'cleanUpMin', 'scheduleId', 'active'] as const

/** The constraint that holds `scheduleId`. */
export const SCHEDULE_KEY = 'resource_organization_id_schedule_id_fkey'

export type NamePage = { after: { name: string; id: string } | undefined; limit: number }

/** Resources in the order of their names. */
export function listResources(tx: TenantTransaction, organizationId: string, { after, limit }: NamePage) {
  return tx
    .selectFrom('resource')
    .select(COLUMNS)
    .where('organizationId', '=', organizationId)
    .$if(after !== undefined, (query) =>
      query.where((eb) => eb(eb.refTuple('name', 'id'), '>', eb.tuple(after?.name ?? '', after?.id ?? ''))),
    )
    .orderBy('name')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Adds the resource, and the row that bookings lock. */
export async function insertResource(
  tx: TenantTransaction,
  organizationId: string,
  resource: Omit<Insertable<Resource>, 'organizationId'>,
) {
  await tx.insertInto('subject').values({ organizationId, id: resource.id, kind: 'resource' }).execute()
  return tx
    .insertInto('resource')
    .values({ ...resource, organizationId })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow()
}

/** Keeps bookings from claiming a unit of the resource until the transaction ends. */
export async function lockUnits(tx: TenantTransaction, organizationId: string, id: string): Promise<void> {
  await tx
    .selectFrom('subject')
    .select('id')
    .where('organizationId', '=', organizationId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .execute()
}

/** The highest unit that is claimed now or later; 0 when none is. Lock the units first. */
export async function highestClaimedUnit(
  tx: TenantTransaction,
  organizationId: string,
  id: string,
  now: Date,
): Promise<number> {
  const { unit } = await tx
    .selectFrom('claim as c')
    .leftJoin('hold as h', (join) =>
      join.onRef('h.organizationId', '=', 'c.organizationId').onRef('h.id', '=', 'c.holdId'),
    )
    .where('c.organizationId', '=', organizationId)
    .where('c.subjectId', '=', id)
    .where('c.endsAt', '>', now)
    .where((eb) => eb.or([eb('c.holdId', 'is', null), eb('h.expiresAt', '>', now)]))
    .select((eb) => eb.fn.max<number | null>('c.unit').as('unit'))
    .executeTakeFirstOrThrow()
  return unit ?? 0
}

/** @returns undefined when there is no such resource */
export function updateResource(
  tx: TenantTransaction,
  organizationId: string,
  id: string,
  changes: Updateable<Resource>,
) {
  return tx
    .updateTable('resource')
    .set(changes)
    .where('organizationId', '=', organizationId)
    .where('id', '=', id)
    .returning(COLUMNS)
    .executeTakeFirst()
}
