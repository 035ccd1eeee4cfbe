import { sql, type Insertable, type Updateable } from 'kysely'
import type { TenantTransaction } from '../db/database.ts'
import type { Provider } from '../db/schema.generated.ts'
import type { LimitRule } from '../shared/schemas.ts'

const COLUMNS = [
  ...(['id', 'name', 'title', 'email', 'colour', 'scheduleId', 'position', 'active'] as const),
  sql<LimitRule[]>`limits`.as('limits'),
] as const

type ProviderRow<Row> = Omit<Row, 'organizationId' | 'limits'> & { limits?: LimitRule[] | undefined }

export type ProviderPage = { after: { position: number; name: string; id: string } | undefined; limit: number }

/** Providers in the order in which the business shows them. */
export function listProviders(tx: TenantTransaction, organizationId: string, { after, limit }: ProviderPage) {
  return tx
    .selectFrom('provider')
    .select(COLUMNS)
    .where('organizationId', '=', organizationId)
    .$if(after !== undefined, (query) =>
      query.where((eb) =>
        eb(
          eb.refTuple('position', 'name', 'id'),
          '>',
          eb.tuple(after?.position ?? 0, after?.name ?? '', after?.id ?? ''),
        ),
      ),
    )
    .orderBy('position')
    .orderBy('name')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** How many providers there are, and where in their order the next one stands. */
export function countProviders(tx: TenantTransaction, organizationId: string) {
  return tx
    .selectFrom('provider')
    .where('organizationId', '=', organizationId)
    .select((eb) => [
      eb.fn.countAll<number>().as('count'),
      eb.fn.coalesce(eb(eb.fn.max('position'), '+', 1), eb.lit(0)).as('nextPosition'),
    ])
    .executeTakeFirstOrThrow()
}

/** The zone in which the business keeps its hours. */
export async function organizationTimeZone(tx: TenantTransaction, organizationId: string): Promise<string> {
  const { timeZone } = await tx
    .selectFrom('organization')
    .select('timeZone')
    .where('id', '=', organizationId)
    .executeTakeFirstOrThrow()
  return timeZone
}

/** Adds the provider, and the row that bookings lock. Rejects with 23503 when there is no such schedule. */
export async function insertProvider(
  tx: TenantTransaction,
  organizationId: string,
  { limits = [], ...provider }: ProviderRow<Insertable<Provider>>,
) {
  await tx.insertInto('subject').values({ organizationId, id: provider.id, kind: 'provider' }).execute()
  return tx
    .insertInto('provider')
    .values({ ...provider, limits: JSON.stringify(limits), organizationId })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow()
}

/**
 * Rejects with 23503 when there is no such schedule.
 * @returns undefined when there is no such provider
 */
export function updateProvider(
  tx: TenantTransaction,
  organizationId: string,
  id: string,
  { limits, ...changes }: ProviderRow<Updateable<Provider>>,
) {
  return tx
    .updateTable('provider')
    .set({ ...changes, id, ...(limits && { limits: JSON.stringify(limits) }) })
    .where('organizationId', '=', organizationId)
    .where('id', '=', id)
    .returning(COLUMNS)
    .executeTakeFirst()
}

/** The constraint that holds `scheduleId`. */
export const SCHEDULE_KEY = 'provider_organization_id_schedule_id_fkey'
