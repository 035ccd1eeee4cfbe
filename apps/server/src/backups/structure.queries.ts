import type { OwnerClient } from '../db/owner.ts'
import type { Table } from './tables.queries.ts'

/** Something that stands over the rows of a table and holds them to a rule, or finds them: how it is dropped, and made. */
export type Structure = { drop: string; make: string }

/**
 * The foreign keys, the other constraints that an index holds, and the plain indexes of these tables, in an order in which
 * they can be dropped; in the opposite one they can be made. Those of tables in parts are left out: the parts name theirs.
 */
export async function listStructures(client: OwnerClient, tables: readonly Table[]): Promise<Structure[]> {
  const { rows } = await client.query<Structure>(STRUCTURES, [tables.map(({ name }) => name)])
  return rows
}

const STRUCTURES = `
  with whole as (
    select c.oid, c.oid::regclass::text as name from pg_class c
    where c.oid = any ($1::text[]::regclass[]) and c.relkind = 'r'
  ), structure as (
    select case k.contype when 'f' then 1 else 2 end as rank, w.name as of, k.conname as name,
      format('alter table %s drop constraint %I', w.name, k.conname) as drop,
      format('alter table %s add constraint %I %s', w.name, k.conname, pg_get_constraintdef(k.oid)) as make
    from pg_constraint k join whole w on w.oid = k.conrelid
    where k.contype in ('f', 'p', 'u', 'x') and k.conparentid = 0
    union all
    select 3, w.name, i.indexrelid::regclass::text,
      format('drop index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
    from pg_index i join whole w on w.oid = i.indrelid
    where not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.conrelid = i.indrelid)
  )
  select drop, make from structure order by rank, of, name`

export async function dropStructures(client: OwnerClient, structures: readonly Structure[]): Promise<void> {
  for (const { drop } of structures) await client.query(drop)
}

/** Makes them over the rows that are there: each reads all of them, and fails when one breaks its rule. */
export async function makeStructures(client: OwnerClient, structures: readonly Structure[]): Promise<void> {
  for (const { make } of structures.toReversed()) await client.query(make)
}
