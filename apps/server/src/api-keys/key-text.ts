import { createHash, timingSafeEqual } from 'node:crypto'
import { isUuid } from '../shared/id.ts'

/** What a key says of itself, before anything is proved. */
export type KeyClaim = { id: string; organizationId: string; secret: Buffer }

/** So that those who look for secrets in what is made public know one. */
const PREFIX = 'sk_'
const ID_BYTES = 16
const SECRET_BYTES = 32
const BYTES = 2 * ID_BYTES + SECRET_BYTES
/** Six bytes of the id, which is no secret. */
const HINT_LENGTH = PREFIX.length + 8

/** A key as its owner gets it: `sk_`, and its id, its organization and the secret as base64url. */
export function keyText({ id, organizationId, secret }: KeyClaim): string {
  return `${PREFIX}${Buffer.concat([bytesOf(id), bytesOf(organizationId), secret]).toString('base64url')}`
}

/** How the key begins. */
export function keyHint(id: string): string {
  return `${PREFIX}${bytesOf(id).toString('base64url')}`.slice(0, HINT_LENGTH)
}

/** Reads a key; undefined when it has not the form of one. */
export function readKeyText(text: string): KeyClaim | undefined {
  if (!text.startsWith(PREFIX)) return undefined
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url')
  if (bytes.length !== BYTES) return undefined
  const id = uuidOf(bytes.subarray(0, ID_BYTES))
  const organizationId = uuidOf(bytes.subarray(ID_BYTES, 2 * ID_BYTES))
  const claim = { id, organizationId, secret: bytes.subarray(2 * ID_BYTES) }
  // One spelling of each key: what a decoder forgives is none.
  return keyText(claim) === text && isUuid(id) ? claim : undefined
}

/** What is kept of a secret. It is random, so that a plain hash tells nothing about it. */
export function hashSecret(secret: Buffer): Buffer {
  return createHash('sha256').update(secret).digest()
}

export type KeptKey = { secretHash: Buffer; expiresAt: Date; revokedAt: Date | null }

const NO_KEY: KeptKey = { secretHash: Buffer.alloc(32), expiresAt: new Date(0), revokedAt: null }

/** Whether the secret is the key's, and the key good. As much is done for a key that is not there. */
export function isGood(kept: KeptKey | undefined, secret: Buffer, nowMs: number): boolean {
  const { secretHash, expiresAt, revokedAt } = kept ?? NO_KEY
  const isSame = timingSafeEqual(secretHash, hashSecret(secret))
  return isSame && revokedAt === null && expiresAt.getTime() > nowMs
}

function bytesOf(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex')
}

function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
