import { sql, type Insertable, type Updateable } from 'kysely'
import type { TenantTransaction } from '../db/database.ts'
import type { Location } from '../db/schema.generated.ts'
import type { LocationView } from './locations.schemas.ts'

const COLUMNS = ['id', sql<LocationView['kind']>`kind`.as('kind'), 'name', 'detail'] as const

export type NamePage = { after: { name: string; id: string } | undefined; limit: number }

/** Locations in the order of their names. */
export function listLocations(tx: TenantTransaction, organizationId: string, { after, limit }: NamePage) {
  return tx
    .selectFrom('location')
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

export function insertLocation(
  tx: TenantTransaction,
  organizationId: string,
  location: Omit<Insertable<Location>, 'organizationId'>,
) {
  return tx
    .insertInto('location')
    .values({ ...location, organizationId })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow()
}

/** @returns undefined when there is no such location */
export function updateLocation(
  tx: TenantTransaction,
  organizationId: string,
  id: string,
  changes: Updateable<Location>,
) {
  return tx
    .updateTable('location')
    .set(changes)
    .where('organizationId', '=', organizationId)
    .where('id', '=', id)
    .returning(COLUMNS)
    .executeTakeFirst()
}
