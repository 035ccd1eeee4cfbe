import { parseNote } from './backup.parse.ts'
import type { Note } from './backup-format.ts'

/**
 * A backup's body is a row of frames: what is to come, in JSON, and the rows of tables as PostgreSQL copies them.
 * Each is one letter, its length in four bytes (big-endian), and its bytes.
 */
export type Frame = { kind: 'note'; note: Note } | { kind: 'rows'; bytes: Buffer }

const HEAD_BYTES = 5
const NOTE = 'N'.charCodeAt(0)
const ROWS = 'R'.charCodeAt(0)

export function encodeNote(note: Note): Buffer {
  return encode(NOTE, Buffer.from(JSON.stringify(note)))
}

export function encodeRows(bytes: Buffer): Buffer {
  return encode(ROWS, bytes)
}

/** @throws {BrokenBackup} when it is no row of frames, or ends within one */
export async function* decodeFrames(chunks: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let pending: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    let at = 0
    for (let end = endOf(pending, at); end !== undefined; end = endOf(pending, at)) {
      yield decode(pending, at, end)
      at = end
    }
    pending = pending.subarray(at)
  }
  if (pending.length > 0) throw new BrokenBackup('it is cut off')
}

/** The file is no backup, is damaged or cut off, or is encrypted with something else. */
export class BrokenBackup extends Error {
  override name = 'BrokenBackup'
}

function encode(kind: number, bytes: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUInt8(kind)
  head.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

/** @returns where the frame ends; undefined when not all of it is there yet */
function endOf(bytes: Buffer, at: number): number | undefined {
  if (bytes.length < at + HEAD_BYTES) return undefined
  const end = at + HEAD_BYTES + bytes.readUInt32BE(at + 1)
  return end <= bytes.length ? end : undefined
}

function decode(bytes: Buffer, at: number, end: number): Frame {
  const body = bytes.subarray(at + HEAD_BYTES, end)
  if (bytes[at] === ROWS) return { kind: 'rows', bytes: body }
  if (bytes[at] !== NOTE) throw new BrokenBackup('it has a part of an unknown kind')
  try {
    return { kind: 'note', note: parseNote(body.toString()) }
  } catch (error) {
    throw new BrokenBackup('it has a part that cannot be read', { cause: error })
  }
}
