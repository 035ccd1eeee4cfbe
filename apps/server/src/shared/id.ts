import { randomFillSync, randomUUID } from 'node:crypto'

let lastMs = -1
let counter = 0

/**
 * A new time-ordered identifier: UUID version 7, RFC 9562 §5.7. Rows made after one another stand side by side in their
 * index, and those of one millisecond in the order in which this process made them (§6.2, method 1). It tells when it was
 * made, so what must not be guessed takes `newSecretId`.
 */
export function newId(nowMs: number): string {
  counter = nowMs === lastMs && counter < COUNTER_MAX ? counter + 1 : randomPart().readUInt16BE() & COUNTER_START_MAX
  lastMs = nowMs
  const bytes = Buffer.allocUnsafe(ID_BYTES)
  randomPart().copy(bytes, ID_BYTES - RANDOM_BYTES)
  bytes.writeUIntBE(nowMs, 0, 6)
  bytes.writeUInt16BE(0x7000 | counter, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** What fits into the twelve bits after the version. It begins in the lower half, so that there is room to count. */
const COUNTER_MAX = 0xfff
const COUNTER_START_MAX = 0x7ff

const ID_BYTES = 16
const RANDOM_BYTES = 8
const pool = Buffer.alloc(RANDOM_BYTES * 512)
let used = pool.length

/** The next random bytes; asking the operating system for many at once is much cheaper. */
function randomPart(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += RANDOM_BYTES
  return pool.subarray(used - RANDOM_BYTES, used)
}

/** A new identifier that nobody can guess: UUID version 4. */
export function newSecretId(): string {
  return randomUUID()
}

/** Whether the text has the form of a UUID. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)
}
