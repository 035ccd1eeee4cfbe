import type { Database } from '../db/database.ts'
import { toDate, type Clock } from '../shared/clock.ts'
import * as queries from './maintenance.queries.ts'
import { isFresh, MINUTE_MS, retryAfterS } from './maintenance.rules.ts'

export type MaintenanceDeps = { db: Pick<Database, 'kysely'>; clock: Clock }

/** The installation is closed to visitors: the API and the pages answer 503. */
export type Maintenance = {
  /** what visitors are told, in the operator's words */
  reason: string | undefined
  beganMs: number
  /** when it is expected to end; it ends when somebody says so */
  expectedEndMs: number | undefined
}

/** @returns undefined while the installation is open */
export async function readMaintenance({ db }: Pick<MaintenanceDeps, 'db'>): Promise<Maintenance | undefined> {
  const row = await queries.findMaintenance(db)
  if (!row) return undefined
  const { reason, beganAt, expectedEnd } = row
  return { reason: reason ?? undefined, beganMs: beganAt.getTime(), expectedEndMs: expectedEnd?.getTime() }
}

export type MaintenanceRequest = { reason: string | undefined; minutes: number | undefined }

/** Closes the installation to visitors, or says anew why and for how long. */
export async function beginMaintenance({ db, clock }: MaintenanceDeps, { reason, minutes }: MaintenanceRequest) {
  const nowMs = clock.nowMs()
  const expectedEnd = minutes === undefined ? null : toDate(nowMs + minutes * MINUTE_MS)
  await queries.putMaintenance(db, { reason: reason ?? null, beganAt: toDate(nowMs), expectedEnd })
}

/**
 * Opens the installation again.
 * @returns false when it was open
 */
export function endMaintenance({ db }: Pick<MaintenanceDeps, 'db'>): Promise<boolean> {
  return queries.deleteMaintenance(db)
}

/** Nobody waits for longer than this to learn whether the installation is closed. */
const PATIENCE_MS = 500

/**
 * Knows whether the installation is closed, a second later at most. It asks the database when somebody asks, with one
 * query for all who do.
 */
export class MaintenanceWatch {
  readonly #deps: MaintenanceDeps
  #known: Maintenance | undefined
  #readMs = -Infinity
  #reading: Promise<void> | undefined

  constructor(deps: MaintenanceDeps) {
    this.#deps = deps
  }

  /** @returns undefined while the installation is open. It never rejects, and answers within half a second. */
  async current(): Promise<Maintenance | undefined> {
    if (!isFresh(this.#readMs, this.#deps.clock.nowMs())) {
      this.#reading ??= this.#read().finally(() => (this.#reading = undefined))
      await this.#reading
    }
    return this.#known
  }

  /** How many seconds visitors should wait before they come again. */
  waitS({ expectedEndMs }: Maintenance): number {
    return retryAfterS(expectedEndMs, this.#deps.clock.nowMs())
  }

  /** A database that does not answer says nothing new: whoever needs it for the request finds out, and tells. */
  async #read(): Promise<void> {
    const keep = () => this.#known
    const { promise: late, resolve } = Promise.withResolvers<Maintenance | undefined>()
    const timer = setTimeout(() => resolve(keep()), PATIENCE_MS)
    this.#known = await Promise.race([readMaintenance(this.#deps).catch(keep), late])
    clearTimeout(timer)
    this.#readMs = this.#deps.clock.nowMs()
  }
}
