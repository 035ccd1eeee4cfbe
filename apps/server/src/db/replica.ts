import type pg from 'pg'
import { replicaReads } from '../observe/metrics.ts'
import { tenantBatch, type Row, type Statement } from './batch.ts'

/** Reads go to the primary for this long after the replica was found behind: it needs a moment to catch up. */
const BEHIND_MS = 200

/** And for this long after it did not answer, so that nobody waits for it over and over. */
const FAILING_MS = 10_000

export type ReplicaState = 'ok' | 'behind' | 'failing'

/** How reads that a replica was to answer have ended, since the process began. */
export type ReplicaCounts = Record<'answered' | 'behind' | 'failed', number>

/**
 * A streaming replica that answers reads. It is behind by nature, so that whoever reads from it proves that the answer is
 * new enough; what is not, and all that a broken replica leaves unanswered, is for the primary to answer.
 */
export class Replica {
  readonly pool: pg.Pool
  readonly counts: ReplicaCounts = { answered: 0, behind: 0, failed: 0 }
  readonly #onError: (error: Error) => void
  #state: ReplicaState = 'ok'
  #restsUntilMs = 0

  constructor(pool: pg.Pool, onError: (error: Error) => void) {
    this.pool = pool
    this.#onError = onError
  }

  /** How the last read has ended. */
  get state(): ReplicaState {
    return this.#state
  }

  /**
   * Runs statements in one read of one organization.
   * @param isNewEnough  decides over their rows
   * @returns the rows; undefined when the primary has to be asked instead. It never rejects.
   */
  async read(
    organizationId: string,
    statements: Statement[],
    isNewEnough: (rows: Row[][]) => boolean,
  ): Promise<Row[][] | undefined> {
    if (performance.now() < this.#restsUntilMs) return undefined
    try {
      const rows = await tenantBatch(this.pool, organizationId, statements)
      if (isNewEnough(rows)) {
        this.#state = 'ok'
        this.counts.answered++
        replicaReads.inc({ outcome: 'answered' })
        return rows
      }
      this.#rest('behind', BEHIND_MS)
    } catch (error) {
      this.#onError(error instanceof Error ? error : new Error(String(error)))
      this.#rest('failing', FAILING_MS)
    }
    return undefined
  }

  /**
   * How far it is behind the primary, in milliseconds; 0 when it has applied all that it has received.
   * @returns undefined when it cannot be asked, or is no replica (any more)
   */
  async lagMs(): Promise<number | undefined> {
    try {
      const { rows } = await this.pool.query<{ lag: number | null }>(LAG)
      return rows[0]?.lag ?? undefined
    } catch (error) {
      this.#onError(error instanceof Error ? error : new Error(String(error)))
      return undefined
    }
  }

  #rest(state: 'behind' | 'failing', restMs: number): void {
    this.#state = state
    this.#restsUntilMs = performance.now() + restMs
    const outcome = state === 'failing' ? 'failed' : 'behind'
    this.counts[outcome]++
    replicaReads.inc({ outcome })
  }
}

/** A replica that has nothing left to apply is not behind, however long ago the last change was. */
const LAG = `
  select case when not pg_is_in_recovery() then null
    when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() then 0
    else extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8 * 1000 end as lag`
