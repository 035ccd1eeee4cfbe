import { createHmac, timingSafeEqual } from 'node:crypto'
import { deriveKey } from './derive-key.ts'

/** What a link in a mail stands for: a booking, or a wish under its id. */
export type Link = { organizationId: string; bookingId: string; version: number }

const ID_BYTES = 16
const VERSION_BYTES = 2
const MAC_BYTES = 24

/** What links of one kind are good for: a token of another kind is none. */
export type LinkPurpose = 'booking link' | 'booking decision' | 'wish link'

/** Makes and reads the tokens of links: who has one may change that booking, without an account. */
export type LinkSigner = {
  sign: (link: Link) => string
  /** @returns what the token stands for; undefined when it was not made here for this booking */
  verify: (bookingId: string, token: string) => Link | undefined
}

/**
 * Tokens are a keyed hash (RFC 2104) over organization, booking and version, so that nothing about them is kept: the
 * worker can write the same link again, and a grown version makes all links sent so far invalid.
 */
export function createLinkSigner(
  secretKey: string,
  purpose: LinkPurpose = 'booking link',
  previousKey?: string,
): LinkSigner {
  const macOf = macWith(secretKey, purpose)
  const macs = previousKey === undefined ? [macOf] : [macOf, macWith(previousKey, purpose)]
  return {
    sign({ organizationId, bookingId, version }) {
      const head = Buffer.alloc(ID_BYTES + VERSION_BYTES)
      bytesOf(organizationId).copy(head)
      head.writeUInt16BE(version, ID_BYTES)
      return Buffer.concat([head, macOf(head, bookingId)]).toString('base64url')
    },
    verify(bookingId, token) {
      const bytes = Buffer.from(token, 'base64url')
      if (bytes.length !== ID_BYTES + VERSION_BYTES + MAC_BYTES) return undefined
      const head = bytes.subarray(0, ID_BYTES + VERSION_BYTES)
      const mac = bytes.subarray(ID_BYTES + VERSION_BYTES)
      if (!macs.some((known) => timingSafeEqual(mac, known(head, bookingId)))) return undefined
      return { organizationId: uuidOf(head), bookingId, version: head.readUInt16BE(ID_BYTES) }
    },
  }
}

/** The signers of all kinds of links. What the previous key signed is taken as long as that key is set. */
export function createLinkSigners({ secretKey, secretKeyPrevious }: LinkKeys) {
  return {
    links: createLinkSigner(secretKey, 'booking link', secretKeyPrevious),
    decisions: createLinkSigner(secretKey, 'booking decision', secretKeyPrevious),
    wishLinks: createLinkSigner(secretKey, 'wish link', secretKeyPrevious),
  }
}

type LinkKeys = { secretKey: string; secretKeyPrevious: string | undefined }

function macWith(secretKey: string, purpose: LinkPurpose) {
  const key = deriveKey(secretKey, purpose)
  return (head: Buffer, bookingId: string) =>
    createHmac('sha256', key).update(head).update(bytesOf(bookingId)).digest().subarray(0, MAC_BYTES)
}

function bytesOf(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex')
}

function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString('hex', 0, ID_BYTES)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
