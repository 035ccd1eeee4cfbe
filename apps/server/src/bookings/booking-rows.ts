/** Rows as they are decided upon by rules and written by queries. */

/**
 * What a claim takes: a provider is unit 1, a resource has as many units as its quantity. Times include the buffers, which
 * `beforeMin` and `afterMin` tell.
 */
export type NewClaim = {
  id: string
  subjectId: string
  unit: number
  startMs: number
  endMs: number
  beforeMin: number
  afterMin: number
}

export type NewMessage = {
  id: string
  kind: string
  audience: 'customer' | 'provider'
  recipient: string
  locale: string
  facts: object
}
