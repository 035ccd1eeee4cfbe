import { sql, type ExpressionBuilder, type SqlBool } from 'kysely'
import type { Database, TenantTransaction } from '../db/database.ts'
import type { DB } from '../db/schema.generated.ts'

export type NewAuditEvent = {
  id: string
  at: Date
  actorKind: 'customer' | 'member' | 'key' | 'system'
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

/**
 * What members and keys who made changes are called now, by the ids that events have. Who founded an organization was no
 * member yet, so that member is found by the user's id.
 */
export async function findActorNames(
  tx: TenantTransaction,
  organizationId: string,
  ids: string[],
): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; name: string }>`
    select actor.id, u.name from member m join auth."user" u on u.id = m.user_id
      cross join lateral (values (m.id), (m.user_id)) actor (id)
      where m.organization_id = ${organizationId} and actor.id = any(${ids})
    union all select id, name from api_key where organization_id = ${organizationId} and id = any(${ids})`.execute(tx)
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** One at a time seals the trail of an organization; the lock ends with the transaction. */
export async function lockChain(tx: TenantTransaction, organizationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`audit ${organizationId}`}, 0))`.execute(tx)
}

export function findLastSeal(tx: TenantTransaction, organizationId: string) {
  return tx
    .selectFrom('auditSeal')
    .where('organizationId', '=', organizationId)
    .select(['position', 'hash', 'at'])
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Events since a moment that are in no seal yet, oldest first. */
export function listUnsealed(
  tx: TenantTransaction,
  organizationId: string,
  { since, limit }: { since: Date | undefined; limit: number },
) {
  let query = selectEvents(tx, organizationId).where(isUnsealed).orderBy('at').orderBy('id').limit(limit)
  if (since) query = query.where('at', '>=', since)
  return query.execute()
}

/** How many events are in no seal, over all of the trail. */
export async function countUnsealed(tx: TenantTransaction, organizationId: string): Promise<number> {
  const { count } = await tx
    .selectFrom('auditEvent')
    .where('organizationId', '=', organizationId)
    .where(isUnsealed)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

function isUnsealed(eb: ExpressionBuilder<DB, 'auditEvent'>) {
  const seals = eb
    .selectFrom('auditSeal as s')
    .whereRef('s.organizationId', '=', 'auditEvent.organizationId')
    .whereRef('s.eventId', '=', 'auditEvent.id')
  return eb.not(eb.exists(seals.select('s.position')))
}

export type Seal = { position: number; eventId: string; at: Date; hash: Buffer }

export async function insertSeals(tx: TenantTransaction, organizationId: string, seals: Seal[]): Promise<void> {
  await tx
    .insertInto('auditSeal')
    .values(seals.map((seal) => ({ organizationId, ...seal })))
    .execute()
}

/** Positions of the chain: after `after`, up to and with `last`. */
export type Span = { after: number; last: number }

/** Seals in their order, each with its event; without one where that has gone. */
export async function listSealed(tx: TenantTransaction, organizationId: string, span: Span & { limit: number }) {
  const rows = await tx
    .selectFrom('auditSeal as s')
    .leftJoin('auditEvent as e', (join) =>
      join
        .onRef('e.organizationId', '=', 's.organizationId')
        .onRef('e.id', '=', 's.eventId')
        .onRef('e.at', '=', 's.at'),
    )
    .where('s.organizationId', '=', organizationId)
    .where('s.position', '>', span.after)
    .where('s.position', '<=', span.last)
    .select((eb) => [
      ...([
        's.position',
        's.hash',
        's.eventId',
        'e.id',
        'e.at',
        'e.actorId',
        'e.action',
        'e.entity',
        'e.entityId',
      ] as const),
      eb.ref('e.actorKind').$castTo<NewAuditEvent['actorKind'] | null>().as('actorKind'),
      eb.ref('e.detail').$castTo<Record<string, unknown> | null>().as('detail'),
    ])
    .orderBy('s.position')
    .limit(span.limit)
    .execute()
  return rows.map(({ position, hash, eventId, ...event }) => ({
    ...{ position, hash, eventId },
    event: isWhole(event) ? event : undefined,
  }))
}

type Nullable<Row> = { [Column in keyof Row]: Row[Column] | null }

/** Of these columns only the actor may be null: all are, where there is no event. */
function isWhole(event: Nullable<EventRow>): event is EventRow {
  return event.id !== null
}

/** The first and last position of the events between two moments; the whole chain between none. */
export async function findPositions(
  tx: TenantTransaction,
  organizationId: string,
  { from, to }: { from?: Date | undefined; to?: Date | undefined },
): Promise<{ first: number; last: number } | undefined> {
  let query = tx.selectFrom('auditSeal').where('organizationId', '=', organizationId)
  if (from) query = query.where('at', '>=', from)
  if (to) query = query.where('at', '<', to)
  const { first, last } = await query
    .select((eb) => [eb.fn.min<number | null>('position').as('first'), eb.fn.max<number | null>('position').as('last')])
    .executeTakeFirstOrThrow()
  return first === null || last === null ? undefined : { first, last }
}

/** The hash at a position of the chain; undefined when nothing is sealed there any more. */
export async function findHash(tx: TenantTransaction, organizationId: string, position: number) {
  const seal = await tx
    .selectFrom('auditSeal')
    .where('organizationId', '=', organizationId)
    .where('position', '=', position)
    .select('hash')
    .executeTakeFirst()
  return seal?.hash
}

/** What was dropped of the chain with its time, from the first position on. */
export function listAnchors(tx: TenantTransaction, organizationId: string) {
  return tx
    .selectFrom('auditAnchor')
    .where('organizationId', '=', organizationId)
    .select(['firstPosition', 'position', 'hash'])
    .orderBy('firstPosition')
    .execute()
}

export function findLastAnchor(tx: TenantTransaction, organizationId: string) {
  return tx
    .selectFrom('auditAnchor')
    .where('organizationId', '=', organizationId)
    .select(['position', 'hash'])
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Makes the parts of the trail for the months to come. */
export async function makeParts({ kysely }: Pick<Database, 'kysely'>): Promise<number> {
  const { rows } = await sql<{ made: number }>`select audit_make_parts() as made`.execute(kysely)
  return rows[0]?.made ?? 0
}
