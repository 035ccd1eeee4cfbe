import { createHash } from 'node:crypto'
import type { EventRow } from './audit.queries.ts'

/** What the first event of a chain is hashed over. */
export const CHAIN_START = Buffer.alloc(32)

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
