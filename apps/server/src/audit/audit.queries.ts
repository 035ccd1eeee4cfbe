import { sql, type SqlBool } from 'kysely'
import type { TenantTransaction } from '../db/database.ts'

export type NewAuditEvent = {
  id: string
  at: Date
  actorKind: 'customer' | 'member' | 'system'
  actorId: string | null
  action: string
  entity: string
  entityId: string
  detail: string
}

export async function insertEvent(tx: TenantTransaction, organizationId: string, event: NewAuditEvent): Promise<void> {
  await tx
    .insertInto('auditEvent')
    .values({ organizationId, ...event })
    .execute()
}

export type EventFilter = {
  entity?: string | undefined
  entityId?: string | undefined
  after?: { at: string; id: string } | undefined
  limit: number
}

/** Events, newest first. */
export function listEvents(tx: TenantTransaction, organizationId: string, filter: EventFilter) {
  let query = selectEvents(tx, organizationId).orderBy('at', 'desc').orderBy('id', 'desc').limit(filter.limit)
  if (filter.entity) query = query.where('entity', '=', filter.entity)
  if (filter.entityId) query = query.where('entityId', '=', filter.entityId)
  if (filter.after) {
    const { at, id } = filter.after
    query = query.where(sql<SqlBool>`(at, id) < (${at}::timestamptz, ${id}::uuid)`)
  }
  return query.execute()
}

export type EventRow = Awaited<ReturnType<typeof listEvents>>[number]

function selectEvents(tx: TenantTransaction, organizationId: string) {
  return tx
    .selectFrom('auditEvent')
    .where('organizationId', '=', organizationId)
    .select((eb) => [
      ...(['id', 'at', 'actorId', 'action', 'entity', 'entityId'] as const),
      eb.ref('actorKind').$castTo<NewAuditEvent['actorKind']>().as('actorKind'),
      eb.ref('detail').$castTo<Record<string, unknown>>().as('detail'),
    ])
}

/** One at a time seals the trail of an organization; the lock ends with the transaction. */
export async function lockChain(tx: TenantTransaction, organizationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`audit ${organizationId}`}, 0))`.execute(tx)
}

export function findLastSeal(tx: TenantTransaction, organizationId: string) {
  return tx
    .selectFrom('auditSeal')
    .where('organizationId', '=', organizationId)
    .select(['position', 'hash'])
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Events that are in no seal yet, oldest first. */
export function listUnsealed(tx: TenantTransaction, organizationId: string, limit: number) {
  return selectEvents(tx, organizationId)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('auditSeal as s')
            .whereRef('s.organizationId', '=', 'auditEvent.organizationId')
            .whereRef('s.eventId', '=', 'auditEvent.id')
            .select('s.position'),
        ),
      ),
    )
    .orderBy('at')
    .orderBy('id')
    .limit(limit)
    .execute()
}

export type Seal = { position: number; eventId: string; hash: Buffer }

export async function insertSeals(tx: TenantTransaction, organizationId: string, seals: Seal[]): Promise<void> {
  await tx
    .insertInto('auditSeal')
    .values(seals.map((seal) => ({ organizationId, ...seal })))
    .execute()
}

/** Sealed events in the order of their seals, after a position. */
export function listSealed(tx: TenantTransaction, organizationId: string, after: number, limit: number) {
  return tx
    .selectFrom('auditSeal as s')
    .innerJoin('auditEvent as e', (join) =>
      join.onRef('e.organizationId', '=', 's.organizationId').onRef('e.id', '=', 's.eventId'),
    )
    .where('s.organizationId', '=', organizationId)
    .where('s.position', '>', after)
    .select((eb) => [
      ...(['s.position', 's.hash', 'e.id', 'e.at', 'e.actorId', 'e.action', 'e.entity', 'e.entityId'] as const),
      eb.ref('e.actorKind').$castTo<NewAuditEvent['actorKind']>().as('actorKind'),
      eb.ref('e.detail').$castTo<Record<string, unknown>>().as('detail'),
    ])
    .orderBy('s.position')
    .limit(limit)
    .execute()
}
