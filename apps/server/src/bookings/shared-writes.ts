import { tenantBatch, type Statement } from '../db/batch.ts'
import type { Database } from '../db/database.ts'
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
  /** what else it writes, after the booking */
  statements: Statement[]
  claims: statements.OwnedClaims | undefined
  /** the group session of which it takes seats instead */
  sessionKey: string | undefined
  /** what it counts against */
  limits: RequiredLimit[]
  booking: { row: statements.NewBooking; records: statements.BookingRecords } | undefined
}

type Entry = Write & { settle: PromiseWithResolvers<undefined> }
/** What of one organization is being written, and what waits for it. */
type Lane = { running: Entry[]; waiting: Entry[] }

/** Bookings in one transaction, at most. */
const TOGETHER_MAX = 32

/** Somebody who wrote just before has taken the time. */
export class Outrun extends Error {}

/**
 * Writes bookings that come at the same moment in one transaction: locks, commit and wake-ups are paid once for all of
 * them. Whoever comes alone is written at once; those who come while an organization's transaction is under way are the
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
    const entry = { ...write, settle }
    const lane = this.#lanes.get(organizationId)
    if (lane) lane.waiting.push(entry)
    else void this.#run(organizationId, { running: [], waiting: [entry] })
    await settle.promise
  }

  /** What those claim who are being written, or wait for it. */
  claimed(organizationId: string): NewClaim[] {
    const { running = [], waiting = [] } = this.#lanes.get(organizationId) ?? {}
    return [...running, ...waiting].flatMap(({ claims }) => claims?.claims ?? [])
  }

  async #run(organizationId: string, lane: Lane): Promise<void> {
    this.#lanes.set(organizationId, lane)
    while (lane.waiting.length > 0) {
      lane.running = whoGoTogether(lane.waiting)
      lane.waiting = lane.waiting.filter((entry) => !lane.running.includes(entry))
      const written = await this.#settle(organizationId, lane.running)
      // They need not ask the database to know.
      for (const late of lane.waiting.filter((entry) => written.some((one) => isSameTime(one, entry))))
        late.settle.reject(new Outrun('Somebody else has taken the time'))
      lane.waiting = lane.waiting.filter((entry) => !written.some((one) => isSameTime(one, entry)))
    }
    this.#lanes.delete(organizationId)
  }

  /** Writes all of them or, when that fails, each of them, and tells which are written. */
  async #settle(organizationId: string, entries: Entry[]): Promise<Entry[]> {
    try {
      await this.#commit(organizationId, entries)
      for (const { settle } of entries) settle.resolve(undefined)
      return entries
    } catch (error) {
      if (entries.length > 1)
        return (await Promise.all(entries.map((entry) => this.#settle(organizationId, [entry])))).flat()
      entries[0]?.settle.reject(error)
      return []
    }
  }

  async #commit(organizationId: string, writes: Write[]): Promise<void> {
    const subjects = [...new Set(writes.flatMap((write) => write.subjects))]
    const holds = writes.flatMap(({ holdId }) => holdId ?? [])
    const bookings = writes.flatMap(({ booking }) => booking ?? [])
    const claims = writes.flatMap((write) => write.claims ?? [])
    const limits = writes.flatMap((write) => write.limits)
    const nowMs = this.#clock.nowMs()
    await tenantBatch(this.#pool, organizationId, [
      statements.lockSubjects(organizationId, subjects),
      ...lockCounted(organizationId, limits),
      statements.requireConfig(organizationId, writes[0]?.configVersion ?? 0),
      statements.removeHolds(organizationId, subjects, nowMs, holds),
      ...(bookings.length > 0 ? newBookings(organizationId, bookings) : []),
      ...writes.flatMap((write) => write.statements),
      ...(claims.length > 0 ? [statements.insertClaims(organizationId, claims)] : []),
      ...requireLimits(organizationId, limits, nowMs),
    ])
  }
}

/** The first, and those after it who stand on the same configuration and are in nobody's way. */
function whoGoTogether(waiting: Entry[]): Entry[] {
  const together: Entry[] = []
  const version = waiting[0]?.configVersion
  waiting.forEach((entry, index) => {
    if (together.length === TOGETHER_MAX || entry.configVersion !== version) return
    // Whoever has to wait is not overtaken by whoever wants the same.
    if (!waiting.slice(0, index).some((earlier) => areInTheWay(earlier, entry))) together.push(entry)
  })
  return together
}

/** The same person would be added twice; the same time would fail both, and so may what is shared otherwise. */
function areInTheWay(one: Write, other: Write): boolean {
  const email = one.booking?.row.email.toLowerCase()
  if (email !== undefined && email === other.booking?.row.email.toLowerCase()) return true
  if (!one.subjects.some((id) => other.subjects.includes(id))) return false
  if (one.limits.length > 0 || other.limits.length > 0) return true
  if (one.sessionKey !== undefined && one.sessionKey === other.sessionKey) return false
  const areOnlyClaims = one.claims !== undefined && other.claims !== undefined
  return !areOnlyClaims || isSameTime(one, other)
}

/** Whether they claim the same unit of somebody or something at the same time. */
function isSameTime(one: Write, other: Write): boolean {
  const claimed = other.claims?.claims ?? []
  return (one.claims?.claims ?? []).some((a) =>
    claimed.some((b) => a.subjectId === b.subjectId && a.unit === b.unit && a.startMs < b.endMs && b.startMs < a.endMs),
  )
}

function newBookings(organizationId: string, bookings: NonNullable<Write['booking']>[]): Statement[] {
  return [
    statements.insertBookings(
      organizationId,
      bookings.map(({ row }) => row),
    ),
    statements.insertRecords(
      organizationId,
      bookings.map(({ records }) => records),
    ),
    statements.queueDelivery(
      organizationId,
      bookings.map(({ row }) => row.id),
    ),
  ]
}
