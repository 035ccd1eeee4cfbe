import { timingSafeEqual } from 'node:crypto'
import type { Database, TenantTransaction } from '../db/database.ts'
import { withTenant } from '../db/tenant.ts'
import { AppError } from '../shared/app-error.ts'
import { toDate, type Clock } from '../shared/clock.ts'
import { forgottenAtMs, type Once } from '../shared/once.ts'
import * as queries from './idempotency.queries.ts'

export type { Once }

/**
 * Does the work once, however often the same request comes: later ones get the first one's answer. Requests with the same
 * key at the same moment wait for each other.
 * @throws {AppError} idempotency.key_reused when the key came with another request
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
    return answer
  }
  const earlier = await queries.findAnswer<Answer>(tx, organizationId, once.key)
  if (!timingSafeEqual(earlier.requestHash, once.requestHash)) {
    throw new AppError(
      'idempotency.key_reused',
      'This Idempotency-Key came with another request before. Use a new key for a new request.',
    )
  }
  return earlier.answer
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
