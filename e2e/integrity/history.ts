import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What must be found in the audit trail once for an operation that was done. */
export type Change = {
  entity: 'booking' | 'time_off' | 'schedule' | 'service'
  /** undefined for what the operation makes: its answer tells, or the tag */
  entityId: string | undefined
  /** one of these actions */
  actions: string[]
  /** what the event's detail must say */
  detail: Record<string, unknown>
}

/** What an operation asks for, as far as its checks must know. */
export type Effect =
  | { kind: 'none' }
  | { kind: 'read'; bookingId: string }
  /** makes a booking; the tag is in the customer's name */
  | {
      kind: 'book'
      tag: string
      service: string
      startMs: number
      seats: number
      holdId: string | undefined
      change: Change
    }
  | { kind: 'hold' }
  | { kind: 'extend'; holdId: string }
  | { kind: 'release'; holdId: string }
  /** with `mayRest`, it is done as well when nothing had to change */
  | { kind: 'change'; change: Change; mayRest?: true }
  /** makes bookings that belong together, all under the tag; fewer than `total` only where some may be left out */
  | { kind: 'together'; tag: string; total: number; mayLeave: boolean; change: Change }
  /** changes several of these bookings at once, or none */
  | { kind: 'bundle'; bookingIds: string[]; action: string }
  /** lets some of a booking's people go to another time, as a booking of their own */
  | { kind: 'split'; bookingId: string }
  /** waits for a time; the tag is in the customer's name, unless a booking is to be earlier */
  | { kind: 'wish'; tag: string | undefined }
  /** takes what is offered: books it under the wish's tag, or moves the booking that was to be earlier */
  | { kind: 'take'; wishId: string; tag: string | undefined; earlierId: string | undefined }
  /** declines what is offered, or waits no longer */
  | { kind: 'leave'; wishId: string; action: string }
  /** changes as many bookings of a provider as it can, each by itself */
  | { kind: 'many'; providerId: string; action: string }
  /** sends a fulfilled request once more: the same answer must come */
  | { kind: 'repeat'; answerId: string }
  /** sends another body with a used key: it must be refused */
  | { kind: 'reuse' }

/**
 * How an operation ended for whoever asked.
 * done, refused: the server said so. unknown: nobody knows, as no answer came.
 */
export type Outcome = 'done' | 'refused' | 'unknown'

export type ToldBooking = Pick<Told, 'id' | 'state' | 'start' | 'provider'>

/** What an answer says of a booking, a hold or whatever else was asked for. */
export type Told = {
  id?: string
  state?: string
  start?: string
  provider?: string
  seats?: number
  token?: string
  expiresAt?: string
  /** of many changes: which bookings went to whom */
  items?: { booking: string; provider: string | null }[]
  /** of bookings that belong together, each */
  bookings?: ToldBooking[]
}

/** One operation of one client: a line of the history. */
export type Entry = {
  number: number
  client: number
  kind: string
  organization: string
  key: string | undefined
  effect: Effect
  /** when it was sent first, when last, and when it ended; epoch ms */
  invokedMs: number
  lastSentMs: number
  endedMs: number
  tries: number
  /** tries after which nobody knew whether the server had done it */
  lost: number
  /** tries that were answered with "the server failed" (500) */
  failed: number
  outcome: Outcome
  status: number
  code: string | undefined
  told: Told
}

/** Whether the operation may have happened although it was refused in the end: an earlier try had no answer. */
export function isUncertain({ outcome, lost }: Pick<Entry, 'outcome' | 'lost'>): boolean {
  return outcome === 'unknown' || (outcome === 'refused' && lost > 0)
}

/** Writes the history as JSON Lines: the first line says how to run again, then one line an operation. */
export async function writeHistory(file: string, head: object, entries: Entry[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(head)}\n`)
  for (let from = 0; from < entries.length; from += CHUNK) {
    const lines = entries.slice(from, from + CHUNK).map((entry) => JSON.stringify(entry))
    await appendFile(file, `${lines.join('\n')}\n`)
  }
}

const CHUNK = 5_000
