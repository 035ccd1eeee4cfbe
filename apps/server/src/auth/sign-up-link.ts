import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Config } from '../config/config.ts'
import { deriveKey } from '../shared/derive-key.ts'

const END_BYTES = 6
const MAC_BYTES = 24

/** The links by which somebody may make an account. */
export type SignUpLinks = {
  /**
   * The page on which the account of this address is made.
   * @param endMs  when the link is over, epoch milliseconds
   */
  urlFor: (email: string, endMs: number) => string
  /** Whether the token was made here for this address, and is not over. */
  allows: (sent: { email: string; token: string }, nowMs: number) => boolean
}

/**
 * Tokens are a keyed hash (RFC 2104) over the address and the end, so that nothing about them is kept. They are good once:
 * an address has one account.
 */
export function createSignUpLinks(config: Pick<Config, 'secretKey' | 'secretKeyPrevious' | 'publicUrl'>): SignUpLinks {
  const { secretKey, secretKeyPrevious, publicUrl } = config
  const macOf = macWith(secretKey)
  const macs = secretKeyPrevious === undefined ? [macOf] : [macOf, macWith(secretKeyPrevious)]
  return {
    urlFor(email, endMs) {
      const end = Buffer.alloc(END_BYTES)
      end.writeUIntBE(endMs, 0, END_BYTES)
      const address = spelt(email)
      const token = Buffer.concat([end, macOf(end, address)]).toString('base64url')
      return `${publicUrl}/sign-up?${new URLSearchParams({ email: address, token }).toString()}`
    },
    allows({ email, token }, nowMs) {
      const bytes = Buffer.from(token, 'base64url')
      if (bytes.length !== END_BYTES + MAC_BYTES) return false
      const end = bytes.subarray(0, END_BYTES)
      const mac = bytes.subarray(END_BYTES)
      const isOurs = macs.some((known) => timingSafeEqual(mac, known(end, spelt(email))))
      return isOurs && nowMs < end.readUIntBE(0, END_BYTES)
    },
  }
}

function macWith(secretKey: string) {
  const key = deriveKey(secretKey, 'sign-up link')
  return (end: Buffer, email: string) =>
    createHmac('sha256', key).update(end).update(email).digest().subarray(0, MAC_BYTES)
}

/** Accounts know an address in lower case. */
function spelt(email: string): string {
  return email.toLowerCase()
}
