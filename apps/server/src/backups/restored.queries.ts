import type { OwnerClient } from '../db/owner.ts'

/**
 * How many pairs of claims of the same person or thing overlap, of all organizations; the client is past row-level security.
 * Along the time of each, a claim that begins overlaps those that have begun and not ended: every claim is read once.
 */
export async function countOverlaps(client: OwnerClient): Promise<number> {
  const { rows } = await client.query<{ count: string }>(`
    with edge as (
      select organization_id, subject_id, unit, at, step
      from claim, lateral (values (starts_at, 1), (ends_at, -1)) as edge (at, step)
    ), along as (
      select step, sum(step) over (
        partition by organization_id, subject_id, unit order by at, step rows unbounded preceding) as under_way
      from edge
    )
    select coalesce(sum(under_way - 1), 0) as count from along where step = 1`)
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

/** Whether what makes overlap impossible is there, and in force. */
export async function hasExclusion(client: OwnerClient): Promise<boolean> {
  const { rows } = await client.query(`
    select from pg_constraint
    where conname = 'claim_no_overlap' and conrelid = 'claim'::regclass and contype = 'x' and convalidated`)
  return rows.length > 0
}

/**
 * Builds what makes overlap impossible anew, which reads every claim again.
 * @returns what PostgreSQL has against it; undefined when it holds
 */
export async function rebuildExclusion(client: OwnerClient): Promise<string | undefined> {
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
