import type { Database, TenantTransaction } from '../db/database.ts'
import { withTenant } from '../db/tenant.ts'
import type { Actor } from '../shared/actor.ts'
import { toDate, toInstantText, type Clock } from '../shared/clock.ts'
import { decodeCursor, toPage } from '../shared/cursor.ts'
import { newId } from '../shared/id.ts'
import * as queries from './audit.queries.ts'
import type { AuditEventView, AuditQuery } from './audit.schemas.ts'
import { CHAIN_START, hashEvent } from './chain.ts'

/** A change, as the trail tells it. `detail` holds no secret, and of customers the names of fields only. */
export type AuditEntry = {
  atMs: number
  actor: Actor | { kind: 'system' } | { kind: 'customer'; customerId: string }
  action: string
  entity: string
  entityId: string
  detail?: object
}

/** Writes a change into the trail, in the transaction that makes it. */
export async function appendAudit(tx: TenantTransaction, organizationId: string, entry: AuditEntry): Promise<void> {
  const { atMs, actor, action, entity, entityId, detail = {} } = entry
  const event = { id: newId(atMs), at: toDate(atMs), ...actorColumns(actor), action, entity, entityId }
  await queries.insertEvent(tx, organizationId, { ...event, detail: JSON.stringify(detail) })
}

function actorColumns(actor: AuditEntry['actor']) {
  if (actor.kind === 'member') return { actorKind: 'member', actorId: actor.memberId } as const
  if (actor.kind === 'user') return { actorKind: 'member', actorId: actor.userId } as const
  if (actor.kind === 'customer') return { actorKind: 'customer', actorId: actor.customerId } as const
  return { actorKind: actor.kind === 'system' ? 'system' : 'customer', actorId: null } as const
}

/** A page of the trail, newest first. */
export async function listAuditEvents({ db }: { db: Database }, organizationId: string, query: AuditQuery) {
  const { cursor, limit = 50, entity, entityId } = query
  const [at = '', id = ''] = cursor === undefined ? [] : decodeCursor(cursor, ['instant', 'uuid'])
  const after = cursor === undefined ? undefined : { at, id }
  const rows = await withTenant(db, organizationId, (tx) =>
    queries.listEvents(tx, organizationId, { entity, entityId, after, limit: limit + 1 }),
  )
  return toPage(rows, limit, {
    keyOf: (row) => [toInstantText(row.at.getTime()), row.id],
    toView: (row): AuditEventView => ({ ...row, at: toInstantText(row.at.getTime()) }),
  })
}

const BATCH = 1_000

/**
 * Chains every event that is not chained yet, each hash over the one before. Bookings never wait for it.
 * @returns how many events were sealed
 */
export async function sealAudit({ db }: { db: Database; clock: Clock }, organizationId: string): Promise<number> {
  return withTenant(db, organizationId, async (tx) => {
    await queries.lockChain(tx, organizationId)
    const last = await queries.findLastSeal(tx, organizationId)
    const events = await queries.listUnsealed(tx, organizationId, BATCH)
    let position = last?.position ?? 0
    let hash = last?.hash ?? CHAIN_START
    const seals = events.map((event) => {
      position += 1
      hash = hashEvent(hash, event)
      return { position, eventId: event.id, hash }
    })
    if (seals.length > 0) await queries.insertSeals(tx, organizationId, seals)
    return seals.length
  })
}

/** Whether the chain is unbroken, and where it breaks first when it is not. */
export async function verifyAudit({ db }: { db: Database }, organizationId: string) {
  return withTenant(db, organizationId, async (tx) => {
    let events = 0
    let previous: Buffer = CHAIN_START
    for (;;) {
      const page = await queries.listSealed(tx, organizationId, events, BATCH)
      for (const row of page) {
        previous = hashEvent(previous, row)
        events += 1
        if (row.position !== events || !previous.equals(row.hash)) return { ok: false, events, firstBroken: row.id }
      }
      if (page.length < BATCH) return { ok: true, events }
    }
  })
}
