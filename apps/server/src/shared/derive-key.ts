import { hkdfSync } from 'node:crypto'

const KEY_BYTES = 32

/** A key for one purpose, made of SECRET_KEY (RFC 5869): what is signed with it is good for nothing else. */
export function deriveKey(secretKey: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, 'slotkeeper', purpose, KEY_BYTES))
}
