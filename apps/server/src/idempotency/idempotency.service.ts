import { timingSafeEqual } from 'node:crypto'
import type { Database, TenantTransaction } from '../db/database.ts'
import { withTenant } from '../db/tenant.ts'
import { idempotency } from '../observe/metrics.ts'
import { AppError } from '../shared/app-error.ts'
import { toDate, type Clock } from '../shared/clock.ts'
import { ERASED_STATUS, forgottenAtMs, type Once } from '../shared/once.ts'
import { answerErased } from './idempotency.errors.ts'
import * as queries from './idempotency.queries.ts'

export type { Once }

/**
 * Does the work once, however often the same request comes: later ones get the first one's answer. Requests with the same
 * key at the same moment wait for each other.
 * @throws {AppError} idempotency.key_reused when the key came with another request; idempotency.answer_erased
 */
export async function runOnce<Answer extends object>(
  tx: TenantTransaction,
  organizationId: string,
  once: Once | undefined,
  work: () => Promise<Answer>,
): Promise<Answer> {
  if (!once) return work()
  await queries.forgetExpired(tx, organizationId, once)
  const isFirst = await queries.reserveKey(tx, organizationId, once)
  if (isFirst) {
    const answer = await work()
    await queries.storeAnswer(tx, organizationId, once.key, answer)
    tx.onCommit(() => idempotency.inc({ outcome: 'first' }))
    return answer
  }
  const earlier = await queries.findAnswer<Answer>(tx, organizationId, once.key)
  const isSame = timingSafeEqual(earlier.requestHash, once.requestHash)
  idempotency.inc({ outcome: isSame ? 'repeated' : 'refused' })
  if (!isSame) {
    throw new AppError(
      'idempotency.key_reused',
      'This Idempotency-Key came with another request before. Use a new key for a new request.',
    )
  }
  if (earlier.status === ERASED_STATUS) throw answerErased()
  return earlier.answer
}

/** Empties the answers about a customer who is erased, and about their bookings, in the transaction that does so. */
export function eraseAnswers(tx: TenantTransaction, organizationId: string, ids: string[]): Promise<void> {
  return queries.eraseAnswers(tx, organizationId, ids)
}

/**
 * Forgets answers that are older than their life.
 * @returns how many there were
 */
export async function sweepAnswers(
  { db, clock }: { db: Database; clock: Clock },
  organizationId: string,
): Promise<number> {
  const upTo = toDate(forgottenAtMs(clock.nowMs()))
  return withTenant(db, organizationId, (tx) => queries.deleteAnswers(tx, organizationId, upTo))
}
