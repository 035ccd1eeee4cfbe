import { randomBytes } from 'node:crypto'
import { appendAudit } from '../audit/audit.service.ts'
import type { Database } from '../db/database.ts'
import { withTenant } from '../db/tenant.ts'
import { runOnce } from '../idempotency/idempotency.service.ts'
import type { Actor } from '../shared/actor.ts'
import { AppError } from '../shared/app-error.ts'
import { toDate, toInstantText, type Clock } from '../shared/clock.ts'
import { decodeCursor, toPage } from '../shared/cursor.ts'
import { newSecretId } from '../shared/id.ts'
import type { KeyScope } from '../shared/key-scope.ts'
import type { Once } from '../shared/once.ts'
import { apiKeyNotFound } from './api-keys.errors.ts'
import * as queries from './api-keys.queries.ts'
import type { ApiKeyCreate, ApiKeyCreated, ApiKeyQuery, ApiKeyView } from './api-keys.schemas.ts'
import { hashSecret, isGood, keyHint, keyText, readKeyText } from './key-text.ts'

export type ApiKeyDeps = { db: Database; clock: Clock }

const DAY_MS = 86_400_000
const SECRET_BYTES = 32
/** How exactly it is known when a key was last used. */
const USE_STEP_MS = 60_000

/** A page of the organization's keys, newest first, with those that are over. */
export async function listApiKeys({ db }: ApiKeyDeps, organizationId: string, { cursor, limit = 50 }: ApiKeyQuery) {
  const [at = '', id = ''] = cursor === undefined ? [] : decodeCursor(cursor, ['instant', 'uuid'])
  const after = cursor === undefined ? undefined : { at, id }
  const rows = await withTenant(db, organizationId, (tx) =>
    queries.listKeys(tx, organizationId, { after, limit: limit + 1 }),
  )
  return toPage(rows, limit, { keyOf: (row) => [toInstantText(row.createdAt.getTime()), row.id], toView })
}

/** Makes a key. Only its hash is kept, so that this is the one time it is told: a repeated answer has no key in it. */
export async function createApiKey(
  { db, clock }: ApiKeyDeps,
  organizationId: string,
  { actor, once, body }: { actor: Actor; once: Once | undefined; body: ApiKeyCreate },
): Promise<ApiKeyCreated> {
  if (actor.kind !== 'member') throw new AppError('auth.forbidden', 'API keys are made by people.')
  const { name, scopes, days } = body
  const { memberId } = actor
  let key: string | undefined
  const view = await withTenant(db, organizationId, (tx) =>
    runOnce(tx, organizationId, once, async () => {
      const nowMs = clock.nowMs()
      const secret = randomBytes(SECRET_BYTES)
      const row = {
        ...{ id: newSecretId(), name, scopes: [...scopes], createdBy: memberId },
        ...{ createdAt: toDate(nowMs), expiresAt: toDate(nowMs + days * DAY_MS) },
      }
      await queries.insertKey(tx, organizationId, { ...row, secretHash: hashSecret(secret) })
      const change = { action: 'api_key.created', entity: 'api_key', entityId: row.id, detail: { scopes, days } }
      await appendAudit(tx, organizationId, { atMs: nowMs, actor, ...change })
      key = keyText({ id: row.id, organizationId, secret })
      return toView({ ...row, lastUsedAt: null, revokedAt: null })
    }),
  )
  return key === undefined ? view : { ...view, key }
}

/**
 * Makes a key worthless, at once and for good. Doing so again changes nothing.
 * @throws {AppError} api_key.not_found
 */
export async function revokeApiKey(
  { db, clock }: ApiKeyDeps,
  organizationId: string,
  { actor, id }: { actor: Actor; id: string },
): Promise<void> {
  await withTenant(db, organizationId, async (tx) => {
    const atMs = clock.nowMs()
    const { isThere, isNew } = await queries.revokeKey(tx, organizationId, { id, at: toDate(atMs) })
    if (!isThere) throw apiKeyNotFound()
    if (!isNew) return
    const change = { action: 'api_key.revoked', entity: 'api_key', entityId: id }
    await appendAudit(tx, organizationId, { atMs, actor, ...change })
  })
}

/** Whose key it is and what it is good for. */
export type FoundKey = { organizationId: string; keyId: string; scopes: KeyScope[] }

/** Looks a key up; undefined when it is unknown, wrong, expired or revoked, which takes as long. */
export async function findKey({ db, clock }: ApiKeyDeps, text: string): Promise<FoundKey | undefined> {
  const claim = readKeyText(text)
  if (!claim) return undefined
  const { organizationId, id, secret } = claim
  const nowMs = clock.nowMs()
  return withTenant(db, organizationId, async (tx) => {
    const kept = await queries.findSecret(tx, organizationId, id)
    if (!isGood(kept, secret, nowMs) || !kept) return undefined
    const lastMs = kept.lastUsedAt?.getTime() ?? 0
    if (nowMs - lastMs >= USE_STEP_MS) await queries.touchKey(tx, organizationId, id, toDate(nowMs))
    return { organizationId, keyId: id, scopes: kept.scopes }
  })
}

function toView({ createdAt, expiresAt, lastUsedAt, revokedAt, ...row }: queries.KeyRow): ApiKeyView {
  return {
    ...row,
    hint: keyHint(row.id),
    createdAt: toInstantText(createdAt.getTime()),
    expiresAt: toInstantText(expiresAt.getTime()),
    lastUsedAt: lastUsedAt && toInstantText(lastUsedAt.getTime()),
    revokedAt: revokedAt && toInstantText(revokedAt.getTime()),
  }
}
