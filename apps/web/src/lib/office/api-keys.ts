import { m } from '#lib/paraglide/messages.js'
import { msOf } from './days.ts'
import type { ApiKey } from './types.ts'

type Scope = ApiKey['scopes'][number]
type KeyState = 'good' | 'expired' | 'revoked'

/** What a key may do, in words. */
export const SCOPE_TEXTS: Record<Scope, () => string> = {
  read: m.office_key_scope_read,
  'bookings:write': m.office_key_scope_bookings,
  'setup:write': m.office_key_scope_setup,
}

export const KEY_SCOPES: readonly Scope[] = ['read', 'bookings:write', 'setup:write']

/** For how many days a key can be made. */
export const KEY_DAYS = [30, 90, 180, 365]

/** Whether a key is still good, in words and in a colour. */
export const KEY_STATES: Record<KeyState, { text: () => string; kind: 'success' | 'plain' | 'danger' }> = {
  good: { text: m.office_key_state_good, kind: 'success' },
  expired: { text: m.office_key_state_expired, kind: 'plain' },
  revoked: { text: m.office_key_state_revoked, kind: 'danger' },
}

/** What became of a key. */
export function keyState({ expiresAt, revokedAt }: Pick<ApiKey, 'expiresAt' | 'revokedAt'>, nowMs: number): KeyState {
  if (revokedAt !== null) return 'revoked'
  return msOf(expiresAt) <= nowMs ? 'expired' : 'good'
}
