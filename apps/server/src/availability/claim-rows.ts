import type { Session } from '@slotkeeper/scheduling'

/** Rows as they are read by queries and decided upon by rules. */

/** A group session, the service that it is of, and its host. */
export type ServiceSession = Omit<Session, 'candidateIds'> & { serviceId: string; providerId: string }

/** A claim as it was read; `detail` is there when its buffers and its owner were read too. */
export type Claimed = {
  unit: number
  /** buffers included */
  startMs: number
  endMs: number
  /** when it may change by the mere passing of time: a hold expires */
  untilMs: number | undefined
  session: ServiceSession | undefined
  detail: { kind: 'booking' | 'hold'; ownerId: string | undefined; beforeMin: number; afterMin: number } | undefined
}
