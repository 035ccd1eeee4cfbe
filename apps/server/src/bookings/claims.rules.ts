import type { NewClaim } from './booking-rows.ts'

export type ClaimAsk = {
  providerId: string
  resource: { id: string; unit: number } | undefined
  startMs: number
  endMs: number
  bufferBeforeMin: number
  bufferAfterMin: number
}

/** What an appointment takes: its provider and, where it needs one, a unit of a resource; buffers included. */
export function claimsOf(ask: ClaimAsk, newId: () => string): NewClaim[] {
  const during = { startMs: ask.startMs - ask.bufferBeforeMin * 60_000, endMs: ask.endMs + ask.bufferAfterMin * 60_000 }
  const provider = { id: newId(), subjectId: ask.providerId, unit: 1, ...during }
  if (!ask.resource) return [provider]
  return [provider, { id: newId(), subjectId: ask.resource.id, unit: ask.resource.unit, ...during }]
}

/** The subjects of claims, each once. */
export function subjectsOf(claims: Pick<NewClaim, 'subjectId'>[]): string[] {
  return [...new Set(claims.map(({ subjectId }) => subjectId))]
}
