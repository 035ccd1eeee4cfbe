import type { World } from '../../test/world.ts'
import { withTenant } from '../db/tenant.ts'
import { newId } from '../shared/id.ts'
import { appendAudit, prepareAudit, sealAudit } from './audit.service.ts'

const SYSTEM = { kind: 'system' } as const

/** Appends events at these moments, and seals them one by one, in this order. */
export async function happen(world: World, moments: string[], organizationId = world.organizationId): Promise<void> {
  for (const moment of moments) {
    const entry = { atMs: Date.parse(moment), actor: SYSTEM, action: 'x.happened', entity: 'x', entityId: newId(0) }
    await withTenant(world.db, organizationId, (tx) => appendAudit(tx, organizationId, entry))
    await sealAudit(world, organizationId)
  }
}

/** Splits the first part, in which all that was before lies, into months of which one may go. */
export async function withMonths(world: World, months: string[]): Promise<void> {
  const [first] = await world.sql<{ name: string }>(
    `select min(inhrelid::regclass::text) as name from pg_inherits where inhparent = 'audit_event'::regclass`,
  )
  await world.sql(`alter table audit_event detach partition ${first?.name}`)
  await world.sql(`drop table ${first?.name}`)
  await happen(
    world,
    months.map((month) => `${month}-15T12:00:00Z`),
  )
  await prepareAudit(world)
}
