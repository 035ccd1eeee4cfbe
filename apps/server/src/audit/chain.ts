import { createHash } from 'node:crypto'
import type { EventRow } from './audit.queries.ts'

/** What the first event of a chain is hashed over. */
export const CHAIN_START = Buffer.alloc(32)

/** How far a chain has come, and the hash there. */
export type ChainState = { position: number; hash: Buffer }

/** A chain as it is read: where it begins, and one event after another; without the event where that has gone. */
export type Link =
  ({ kind: 'start' } & ChainState) | ({ kind: 'event'; eventId: string; event: EventRow | undefined } & ChainState)

export type ChainVerdict = {
  ok: boolean
  /** events that were checked and are as they were sealed */
  events: number
  /** the stretches of the chain that were there, with their first and last position */
  stretches: { first: number; last: number }[]
  /** the event at which the chain breaks */
  firstBroken?: string
}

/** Goes along a chain until its end, or to where it breaks: an event was changed, took another's place, or has gone. */
export class ChainCheck {
  #state: ChainState | undefined
  readonly #verdict: ChainVerdict = { ok: true, events: 0, stretches: [] }

  /** The next link of the chain; those behind a break say nothing any more. */
  take(link: Link): void {
    if (!this.#verdict.ok) return
    if (link.kind === 'event' && !this.#takeEvent(link)) {
      Object.assign(this.#verdict, { ok: false, firstBroken: link.eventId })
      return
    }
    this.#state = { position: link.position, hash: link.hash }
  }

  /** Whether the chain has come just so far. */
  isAt({ position, hash }: ChainState): boolean {
    return this.#state?.position === position && this.#state.hash.equals(hash)
  }

  get verdict(): ChainVerdict {
    return this.#verdict
  }

  #takeEvent({ position, hash, event }: Link & { kind: 'event' }): boolean {
    const state = this.#state
    if (!state || !event || position !== state.position + 1 || !hashEvent(state.hash, event).equals(hash)) return false
    const { stretches } = this.#verdict
    const stretch = stretches.at(-1)
    if (stretch?.last === state.position) stretch.last = position
    else stretches.push({ first: position, last: position })
    this.#verdict.events += 1
    return true
  }
}

/** The hash of an event in its chain: SHA-256 over the hash before it and the event in a form that has one spelling. */
export function hashEvent(previous: Buffer, event: EventRow): Buffer {
  const { id, at, actorKind, actorId, action, entity, entityId, detail } = event
  const text = canonical({ id, at: at.toISOString(), actorKind, actorId, action, entity, entityId, detail })
  return createHash('sha256').update(previous).update(text).digest()
}

/** JSON with the keys of every object in order, so that equal values are equal texts: RFC 8785 §3.2.3. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  members.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`
}
