import { sql } from 'kysely'
import type { Database, TenantTransaction } from '../db/database.ts'

/** A number of a name and a label, such as bookings to come that are confirmed. */
export type Figure = { name: string; label: string; value: number }

/** What is counted of one organization; states of which there is nothing are left out. */
export async function countOf(tx: TenantTransaction, organizationId: string, now: Date): Promise<Figure[]> {
  const { rows } = await sql<Figure>`
    select 'bookings_to_come' as name, state as label, count(*) as value from booking
      where organization_id = ${organizationId} and starts_at > ${now} and state in ('pending', 'confirmed') group by state
    union all
    select 'bookings_of_30_days', state, count(*) from booking
      where organization_id = ${organizationId} and starts_at > ${now}::timestamptz - interval '30 days'
        and starts_at <= ${now} group by state
    union all
    select 'wishes_open', state, count(*) from wish
      where organization_id = ${organizationId} and state in ('waiting', 'offered') group by state
    union all
    select 'messages_unsent', state, count(*) from message
      where organization_id = ${organizationId} and state in ('queued', 'failed') and facts <> '{}' group by state`.execute(
    tx,
  )
  return rows
}

/** Replaces all figures by those that were counted now. */
export async function storeFigures({ kysely }: Pick<Database, 'kysely'>, figures: Figure[], now: Date): Promise<void> {
  await kysely.transaction().execute(async (tx) => {
    await tx.deleteFrom('figure').execute()
    await tx
      .insertInto('figure')
      .values(figures.map((figure) => ({ ...figure, countedAt: now })))
      .execute()
  })
}

/** The figures as they were counted last. */
export function listFigures({ kysely }: Pick<Database, 'kysely'>): Promise<(Figure & { countedAt: Date })[]> {
  return kysely.selectFrom('figure').selectAll().execute()
}
