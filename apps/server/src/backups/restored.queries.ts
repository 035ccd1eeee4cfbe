import type { OwnerClient } from '../db/owner.ts'

/** How many claims overlap another of the same person or thing, of all organizations; the client is past row-level security. */
export async function countOverlaps(client: OwnerClient): Promise<number> {
  const { rows } = await client.query<{ count: string }>(`
    select count(*) from claim a join claim b
      on a.organization_id = b.organization_id and a.subject_id = b.subject_id and a.unit = b.unit and a.id < b.id
      and a.starts_at < b.ends_at and b.starts_at < a.ends_at`)
  return Number(rows[0]?.count)
}

/** How many bookings that claim their time have no claim, no seat and no part that has one. */
export async function countUnclaimed(client: OwnerClient): Promise<number> {
  const { rows } = await client.query<{ count: string }>(`
    select count(*) from booking b
    where b.claims_time and b.state in ('pending', 'confirmed') and b.ends_at > now()
      and not exists (select from claim c where c.organization_id = b.organization_id and c.booking_id = b.id)
      and not exists (select from seat s where s.organization_id = b.organization_id and s.booking_id = b.id)`)
  return Number(rows[0]?.count)
}

/**
 * Builds what makes overlap impossible anew, which reads every claim again.
 * @returns what PostgreSQL has against it; undefined when it holds
 */
export async function findBrokenExclusion(client: OwnerClient): Promise<string | undefined> {
  const { rows } = await client.query(`
    select from pg_constraint
    where conname = 'claim_no_overlap' and conrelid = 'claim'::regclass and contype = 'x' and convalidated`)
  if (rows.length === 0) return 'the constraint is not there'
  try {
    await client.query('reindex index claim_no_overlap')
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Foreign keys that are not valid, and indexes that are not: what a restore left half done. */
export async function listInvalid(client: OwnerClient): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    select conname as name from pg_constraint where not convalidated
    union all select indexrelid::regclass::text from pg_index where not indisvalid
    order by name`)
  return rows.map(({ name }) => name)
}
