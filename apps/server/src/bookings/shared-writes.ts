import { tenantBatch, type Statement } from '../db/batch.ts'
import type { Database } from '../db/database.ts'
import type { Clock } from '../shared/clock.ts'
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
  /** what it counts against */
  limits: RequiredLimit[]
  booking: { row: statements.NewBooking; records: statements.BookingRecords } | undefined
}

type Entry = Write & { settle: PromiseWithResolvers<undefined> }
/** What one organization is writing, and what waits for it. */
type Lane = { waiting: Entry[]; taken: Set<string>; isRunning: boolean }

/** Bookings in one transaction, at most. */
const TOGETHER_MAX = 16

/**
 * Writes bookings that come at the same moment in one transaction: locks, commit and wake-ups are paid once for all of
 * them. Whoever comes alone is written at once; those who come while an organization's transaction is under way are the
 * next one. Those who want the same provider, or are the same person, are kept apart. When a transaction fails, each of
 * its writes is tried by itself, and gets its own error.
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
   * @throws the database's error that refused this write
   */
  async write(organizationId: string, write: Write): Promise<void> {
    const lane = this.#laneOf(organizationId)
    const keys = [...write.subjects, ...(write.booking ? [write.booking.row.email.toLowerCase()] : [])]
    if (keys.some((key) => lane.taken.has(key))) return this.#commit(organizationId, [write])
    for (const key of keys) lane.taken.add(key)
    const settle = Promise.withResolvers<undefined>()
    lane.waiting.push({ ...write, settle })
    if (!lane.isRunning) void this.#run(organizationId, lane)
    try {
      await settle.promise
    } finally {
      for (const key of keys) lane.taken.delete(key)
      if (lane.taken.size === 0) this.#lanes.delete(organizationId)
    }
  }

  #laneOf(organizationId: string): Lane {
    let lane = this.#lanes.get(organizationId)
    if (!lane) {
      lane = { waiting: [], taken: new Set(), isRunning: false }
      this.#lanes.set(organizationId, lane)
    }
    return lane
  }

  async #run(organizationId: string, lane: Lane): Promise<void> {
    lane.isRunning = true
    while (lane.waiting.length > 0) {
      const version = lane.waiting[0]?.configVersion
      const together = lane.waiting.filter(({ configVersion }) => configVersion === version).slice(0, TOGETHER_MAX)
      lane.waiting = lane.waiting.filter((entry) => !together.includes(entry))
      await this.#settle(organizationId, together)
    }
    lane.isRunning = false
  }

  async #settle(organizationId: string, entries: Entry[]): Promise<void> {
    try {
      await this.#commit(organizationId, entries)
      for (const { settle } of entries) settle.resolve(undefined)
    } catch (error) {
      if (entries.length === 1) entries[0]?.settle.reject(error)
      else await Promise.all(entries.map((entry) => this.#settle(organizationId, [entry])))
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
