import { tenantBatch, type Statement } from '../db/batch.ts'
import type { Database } from '../db/database.ts'
import { jobTraces, placeOfNow, within } from '../observe/tracing.ts'
import type { Clock } from '../shared/clock.ts'
import type { NewClaim } from './booking-rows.ts'
import * as statements from './booking-statements.queries.ts'
import { lockCounted, requireLimits, type RequiredLimit } from './limit-statements.queries.ts'

/** What one booking or hold writes, and what it stands on. */
export type Write = {
  /** what it claims */
  subjects: string[]
  /** the configuration over which it was decided */
  configVersion: number
  /** a hold that it makes good */
  holdId: string | undefined
  /** what it writes before its bookings, and after them */
  first: Statement[]
  statements: Statement[]
  claims: statements.OwnedClaims[]
  /** the group session of which it takes seats */
  sessionKey: string | undefined
  /** what it counts against */
  limits: RequiredLimit[]
  bookings: { row: statements.NewBooking; records: statements.BookingRecords }[]
}

/** `place` is where in its trace a write belongs: whoever came first does it for the others. */
type Entry = Write & { settle: PromiseWithResolvers<undefined>; place: ReturnType<typeof placeOfNow> }
/** What of one organization is being written, in how many transactions, and what waits for it. */
type Lane = { running: Entry[]; underWay: number; isGathering: boolean; waiting: Entry[] }

/** Transactions of one organization at a time, at most: while one waits for its commit, the next is made. */
const UNDER_WAY_MAX = 2

/** Bookings in one transaction, at most. */
const TOGETHER_MAX = 32

/** Somebody who wrote just before has taken the time. */
export class Outrun extends Error {}

/**
 * Writes bookings that come at the same moment in one transaction: locks, commit and wake-ups are paid once for all of
 * them. Whoever comes alone is written at once; those who come while an organization's transactions are under way are the
 * next one, except that those who would be in each other's way follow one after the other. When a transaction fails, each
 * of its writes is tried by itself, and gets its own error.
 */
export class SharedWrites {
  readonly #pool: Database['pool']
  readonly #clock: Clock
  readonly #lanes = new Map<string, Lane>()

  constructor({ db, clock }: { db: Pick<Database, 'pool'>; clock: Clock }) {
    this.#pool = db.pool
    this.#clock = clock
  }

  /**
   * Resolves when the write is committed.
   * @throws {Outrun} when what was written before it, here, takes what it claims; or the database's error that refused it
   */
  async write(organizationId: string, write: Write): Promise<void> {
    const settle = Promise.withResolvers<undefined>()
    const lane = this.#laneOf(organizationId)
    lane.waiting.push({ ...write, settle, place: placeOfNow() })
    this.#advance(organizationId, lane)
    await settle.promise
  }

  /** What those claim who are being written, or wait for it. */
  claimed(organizationId: string): NewClaim[] {
    const { running = [], waiting = [] } = this.#lanes.get(organizationId) ?? {}
    return [...running, ...waiting].flatMap(claimsIn)
  }

  #laneOf(organizationId: string): Lane {
    let lane = this.#lanes.get(organizationId)
    if (!lane) {
      lane = { running: [], underWay: 0, isGathering: false, waiting: [] }
      this.#lanes.set(organizationId, lane)
    }
    return lane
  }

  /** Who arrives in the same turn of the event loop goes together. */
  #advance(organizationId: string, lane: Lane): void {
    if (lane.isGathering || !mayBegin(lane)) return
    lane.isGathering = true
    setImmediate(() => {
      lane.isGathering = false
      if (mayBegin(lane)) void this.#run(organizationId, lane)
    })
  }

  async #run(organizationId: string, lane: Lane): Promise<void> {
    const entries = whoGoTogether(lane)
    if (entries.length === 0) return
    lane.waiting = lane.waiting.filter((entry) => !entries.includes(entry))
    lane.running.push(...entries)
    lane.underWay += 1
    const written = await this.#settle(organizationId, entries)
    lane.underWay -= 1
    lane.running = lane.running.filter((entry) => !entries.includes(entry))
    // They need not ask the database to know.
    const late = lane.waiting.filter((entry) => written.some((one) => isSameTime(one, entry)))
    for (const { settle } of late) settle.reject(new Outrun('Somebody else has taken the time'))
    lane.waiting = lane.waiting.filter((entry) => !late.includes(entry))
    if (lane.waiting.length > 0) this.#advance(organizationId, lane)
    else if (lane.underWay === 0) this.#lanes.delete(organizationId)
  }

  /** Writes all of them or, when that fails, each of them, and tells which are written. */
  async #settle(organizationId: string, entries: Entry[]): Promise<Entry[]> {
    try {
      await within(entries[0]?.place ?? placeOfNow(), () => this.#commit(organizationId, entries))
      for (const { settle } of entries) settle.resolve(undefined)
      return entries
    } catch (error) {
      if (entries.length > 1)
        return (await Promise.all(entries.map((entry) => this.#settle(organizationId, [entry])))).flat()
      entries[0]?.settle.reject(error)
      return []
    }
  }

  async #commit(organizationId: string, writes: Entry[]): Promise<void> {
    const subjects = [...new Set(writes.flatMap((write) => write.subjects))]
    const holds = writes.flatMap(({ holdId }) => holdId ?? [])
    const bookings = writes.flatMap((write) => write.bookings)
    const claims = writes.flatMap((write) => write.claims)
    const limits = writes.flatMap((write) => write.limits)
    const nowMs = this.#clock.nowMs()
    await tenantBatch(this.#pool, organizationId, [
      statements.lockSubjects(organizationId, subjects),
      ...lockCounted(organizationId, limits),
      statements.requireConfig(organizationId, writes[0]?.configVersion ?? 0),
      statements.removeHolds(organizationId, subjects, nowMs, holds),
      ...writes.flatMap((write) => write.first),
      ...(bookings.length > 0 ? newBookings(organizationId, { bookings, nowMs, origin: originOf(writes) }) : []),
      ...writes.flatMap((write) => write.statements),
      ...(claims.length > 0 ? [statements.insertClaims(organizationId, claims)] : []),
      ...requireLimits(organizationId, limits, nowMs),
    ])
  }
}

/**
 * One transaction costs as much as ten bookings in it. A second one is therefore begun beside the first when it has no
 * fewer to write: then two halves of those who book take turns, instead of many small groups.
 */
function mayBegin({ running, underWay, waiting }: Lane): boolean {
  return underWay === 0 || (underWay < UNDER_WAY_MAX && waiting.length >= running.length)
}

/** The first who is in nobody's way, and those after it who stand on the same configuration and are in nobody's way. */
function whoGoTogether({ running, waiting }: Lane): Entry[] {
  const together: Entry[] = []
  waiting.forEach((entry, index) => {
    if (together.length === TOGETHER_MAX) return
    if (together[0] && entry.configVersion !== together[0].configVersion) return
    if (running.some((one) => shareSomething(one, entry))) return
    // Whoever has to wait is not overtaken by whoever wants the same.
    if (!waiting.slice(0, index).some((earlier) => areInTheWay(earlier, entry))) together.push(entry)
  })
  return together
}

/** Whether one of them would wait for the other in the database. */
function shareSomething(one: Write, other: Write): boolean {
  const emails = emailsIn(other)
  return one.subjects.some((id) => other.subjects.includes(id)) || emailsIn(one).some((email) => emails.includes(email))
}

/** The same person would be added twice; the same time would fail both, and so may what is shared otherwise. */
function areInTheWay(one: Write, other: Write): boolean {
  const emails = emailsIn(other)
  if (emailsIn(one).some((email) => emails.includes(email))) return true
  if (!one.subjects.some((id) => other.subjects.includes(id))) return false
  if (one.limits.length > 0 || other.limits.length > 0) return true
  if (one.sessionKey !== undefined && one.sessionKey === other.sessionKey) return false
  return !(hasOnlyClaims(one) && hasOnlyClaims(other)) || isSameTime(one, other)
}

/** Whether they claim the same unit of somebody or something at the same time. */
function isSameTime(one: Write, other: Write): boolean {
  const claimed = claimsIn(other)
  return claimsIn(one).some((a) =>
    claimed.some((b) => a.subjectId === b.subjectId && a.unit === b.unit && a.startMs < b.endMs && b.startMs < a.endMs),
  )
}

function claimsIn({ claims }: Write): NewClaim[] {
  return claims.flatMap((owned) => owned.claims)
}

function emailsIn({ bookings }: Write): string[] {
  return bookings.map(({ row }) => row.email.toLowerCase())
}

function hasOnlyClaims({ claims, sessionKey }: Write): boolean {
  return claims.length > 0 && sessionKey === undefined
}

/** Where those came from whose bookings are told of together. */
function originOf(writes: Entry[]) {
  return jobTraces(writes.map(({ place }) => place))
}

type NewBookings = Pick<Write, 'bookings'> & { nowMs: number; origin: ReturnType<typeof originOf> }

function newBookings(organizationId: string, { bookings, nowMs, origin }: NewBookings): Statement[] {
  return [
    statements.insertBookings(
      organizationId,
      bookings.map(({ row }) => row),
      nowMs,
    ),
    statements.insertRecords(
      organizationId,
      bookings.map(({ records }) => records),
    ),
    statements.queueDelivery(
      organizationId,
      bookings.flatMap(({ row, records }) => (records.messages.length > 0 ? [row.id] : [])),
      origin,
    ),
  ]
}
