import type { OwnerClient } from '../db/owner.ts'

/** Parts of the trail are named after the moment that all of their events came before. */
const PREFIX = 'event_before_'

/** The name of the part that ends with a month, such as 2026-11. */
export function partEndingBefore(month: string): string {
  return PREFIX + month.replace('-', '_')
}

/** The parts whose events all came before the end of that one, oldest first. */
export async function listPartsUpTo(client: OwnerClient, part: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'audit_event'::regclass and starts_with(c.relname, $1) and c.relname <= $2 order by 1`,
    [PREFIX, part],
  )
  return rows.map(({ name }) => name)
}

/** Whose events a part holds, and how many. */
export async function countByOrganization(client: OwnerClient, part: string) {
  const { rows } = await client.query<{ organizationId: string; events: number }>(
    `select organization_id as "organizationId", count(*)::integer as events from ${nameOf(client, part)} group by 1 order by 1`,
  )
  return rows
}

/** From here to the end of the transaction, the rows of one organization are seen, as in `withTenant`. */
export async function chooseOrganization(client: OwnerClient, organizationId: string): Promise<void> {
  await client.query(`select set_config('app.organization_id', $1, true)`, [organizationId])
}

/** Events of the chosen organization in a part that have no seal. */
export async function countUnsealed(client: OwnerClient, organizationId: string, part: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::integer as count from ${nameOf(client, part)} e where e.organization_id = $1 and not exists (
       select from audit_seal s where s.organization_id = $1 and s.event_id = e.id)`,
    [organizationId],
  )
  return rows[0]?.count ?? 0
}

/** Keeps the last seal of every unbroken run of what the part holds, and removes the seals of all of it. */
export async function moveSealsToAnchors(client: OwnerClient, organizationId: string, part: string): Promise<void> {
  await client.query(
    `with gone as (
       delete from audit_seal s using ${nameOf(client, part)} e
       where s.organization_id = $1 and e.organization_id = $1 and e.id = s.event_id
       returning s.position, s.hash
     ), run as (
       select position, hash, position - row_number() over (order by position) as run from gone
     )
     insert into audit_anchor (organization_id, first_position, position, hash)
     select $1, min(position), max(position), (array_agg(hash order by position desc))[1] from run group by run`,
    [organizationId],
  )
}

/** Waits for whoever is reading or writing the trail, and keeps others waiting for an instant. */
export async function dropPart(client: OwnerClient, part: string): Promise<void> {
  await client.query(`drop table ${nameOf(client, part)}`)
}

function nameOf(client: OwnerClient, part: string): string {
  return `audit.${client.escapeIdentifier(part)}`
}
