import type { Database, TenantTransaction } from '../db/database.ts'
import { withTenant } from '../db/tenant.ts'
import { countChange } from '../observe/metrics.ts'
import type { Actor } from '../shared/actor.ts'
import { toDate, toInstantText } from '../shared/clock.ts'
import { decodeCursor, toPage } from '../shared/cursor.ts'
import { newId } from '../shared/id.ts'
import * as queries from './audit.queries.ts'
import type { AuditEventView, AuditQuery, TrailEvent } from './audit.schemas.ts'
import { CHAIN_START, ChainCheck, hashEvent, type ChainState, type ChainVerdict, type Link } from './chain.ts'

/** A change, as the trail tells it. `detail` holds no secret, and of customers the names of fields only. */
export type AuditEntry = {
  atMs: number
  actor: Actor | { kind: 'system' }
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
  tx.onCommit(() => countChange(action))
}

function actorColumns(actor: AuditEntry['actor']) {
  if (actor.kind === 'member') return { actorKind: 'member', actorId: actor.memberId } as const
  if (actor.kind === 'key') return { actorKind: 'key', actorId: actor.keyId } as const
  if (actor.kind === 'user') return { actorKind: 'member', actorId: actor.userId } as const
  return { actorKind: actor.kind === 'system' ? 'system' : 'customer', actorId: null } as const
}

/** A page of the trail, newest first, with the names of those who made the changes. */
export async function listAuditEvents({ db }: { db: Database }, organizationId: string, query: AuditQuery) {
  const { cursor, limit = 50, entity, entityId } = query
  const [at = '', id = ''] = cursor === undefined ? [] : decodeCursor(cursor, ['instant', 'uuid'])
  const after = cursor === undefined ? undefined : { at, id }
  const { rows, names } = await withTenant(db, organizationId, async (tx) => {
    const found = await queries.listEvents(tx, organizationId, { entity, entityId, after, limit: limit + 1 })
    const actors = new Set(found.flatMap(({ actorId }) => actorId ?? []))
    return { rows: found, names: await queries.findActorNames(tx, organizationId, [...actors]) }
  })
  return toPage(rows, limit, {
    keyOf: (row) => [toInstantText(row.at.getTime()), row.id],
    toView: (row): AuditEventView => ({ ...toTrailEvent(row), actorName: names.get(row.actorId ?? '') ?? null }),
  })
}

/** An event as it is given to others. */
export function toTrailEvent(row: queries.EventRow): TrailEvent {
  return { ...row, at: toInstantText(row.at.getTime()) }
}

const BATCH = 1_000

/** How much later than others an event may be committed and still be sealed: hosts' clocks differ, transactions last. */
const LATE_MS = 24 * 3_600_000

/**
 * Chains every event that is not chained yet, each hash over the one before. Bookings never wait for it.
 * @returns how many events were sealed
 */
export async function sealAudit({ db }: { db: Database }, organizationId: string): Promise<number> {
  return withTenant(db, organizationId, async (tx) => {
    await queries.lockChain(tx, organizationId)
    const last = await queries.findLastSeal(tx, organizationId)
    const since = last && toDate(last.at.getTime() - LATE_MS)
    const events = await queries.listUnsealed(tx, organizationId, { since, limit: BATCH })
    const dropped = await queries.findLastAnchor(tx, organizationId)
    let { position, hash } = latest([{ position: 0, hash: CHAIN_START }, last, dropped])
    const seals = events.map((event) => {
      position += 1
      hash = hashEvent(hash, event)
      return { position, eventId: event.id, at: event.at, hash }
    })
    if (seals.length > 0) await queries.insertSeals(tx, organizationId, seals)
    return seals.length
  })
}

function latest(states: [ChainState, ...(ChainState | undefined)[]]): ChainState {
  return states.reduce((last: ChainState, state) => (state && state.position > last.position ? state : last), states[0])
}

/** Makes room for the months to come, so that what has become too old can be dropped by the month. */
export function prepareAudit({ db }: { db: Database }): Promise<number> {
  return queries.makeParts(db)
}

export type TimeRange = { from?: Date | undefined; to?: Date | undefined }

/**
 * The sealed chain of an organization, page by page: where it begins, then event by event. Where events were dropped with
 * their time, it begins anew.
 * @param range  from the first event of that time to the last; what lies between in the chain comes along
 */
export async function* readChain(
  { db }: { db: Database },
  organizationId: string,
  range: TimeRange = {},
): AsyncGenerator<Link> {
  const inTenant = <Result>(work: (tx: TenantTransaction) => Promise<Result>) => withTenant(db, organizationId, work)
  const begin = await inTenant((tx) => findBeginning(tx, organizationId, range))
  if (!begin) return
  const { anchors, last } = begin
  let state = begin.state
  yield { kind: 'start', ...state }
  for (;;) {
    const span = { after: state.position, last, limit: BATCH }
    const page = await inTenant((tx) => queries.listSealed(tx, organizationId, span))
    for (const seal of page) {
      const skipped = skipDropped(state, anchors)
      if (skipped !== state) yield { kind: 'start', ...skipped }
      yield { kind: 'event', ...seal }
      state = { position: seal.position, hash: seal.hash }
    }
    if (page.length < BATCH) return
  }
}

async function findBeginning(tx: TenantTransaction, organizationId: string, range: TimeRange) {
  const anchors = await queries.listAnchors(tx, organizationId)
  const isWhole = !range.from && !range.to
  const positions = await queries.findPositions(tx, organizationId, range)
  const origin = skipDropped({ position: 0, hash: CHAIN_START }, anchors)
  if (isWhole) return { anchors, state: origin, last: positions?.last ?? 0 }
  if (!positions) return undefined
  const before = positions.first - 1
  const hash = await queries.findHash(tx, organizationId, before)
  const anchor = anchors.find(({ position }) => position === before)
  const state = hash ? { position: before, hash } : (anchor ?? origin)
  return { anchors, state: { position: state.position, hash: state.hash }, last: positions.last }
}

type Anchor = Awaited<ReturnType<typeof queries.listAnchors>>[number]

/** The state after what was dropped right behind it; the same when nothing was. */
function skipDropped(state: ChainState, anchors: Anchor[]): ChainState {
  const next = anchors.find(({ firstPosition }) => firstPosition === state.position + 1)
  return next ? skipDropped({ position: next.position, hash: next.hash }, anchors) : state
}

export type AuditVerdict = ChainVerdict & {
  /** events that wait for their seal */
  unsealed: number
}

/** Whether the chain is unbroken, and where it breaks first when it is not. */
export async function verifyAudit(deps: { db: Database }, organizationId: string): Promise<AuditVerdict> {
  const check = new ChainCheck()
  for await (const link of readChain(deps, organizationId)) check.take(link)
  const unsealed = await withTenant(deps.db, organizationId, (tx) => queries.countUnsealed(tx, organizationId))
  return { ...check.verdict, unsealed }
}
