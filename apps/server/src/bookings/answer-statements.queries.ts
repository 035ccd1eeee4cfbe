import type { Statement } from '../db/batch.ts'
import { idempotency } from '../observe/metrics.ts'
import { forgottenAtMs, type Once } from '../shared/once.ts'

/**
 * Remembers the answer to a request; rejects with 23505 on idempotency_key_pkey when the key was used before, unless that
 * was too long ago.
 */
export function rememberAnswer(
  organizationId: string,
  { key, requestHash, atMs }: Once,
  { status, body }: { status: number; body: object },
): Statement[] {
  const values = [organizationId, key, requestHash, status, JSON.stringify(body), atMs / 1000]
  return [
    { name: 'forget_answer', text: FORGET_ANSWER, values: [organizationId, key, forgottenAtMs(atMs) / 1000] },
    { name: 'remember_answer', text: REMEMBER_ANSWER, values, onCommit: () => idempotency.inc({ outcome: 'first' }) },
  ]
}

const FORGET_ANSWER = `
  delete from idempotency_key where organization_id = $1 and key = $2 and created_at <= to_timestamp($3)`

const REMEMBER_ANSWER = `
  insert into idempotency_key (organization_id, key, request_hash, status, body, created_at)
  values ($1, $2, $3, $4, $5, to_timestamp($6))`
