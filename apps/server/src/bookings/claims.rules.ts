import type { NewClaim } from './booking-rows.ts'

/** The claims for what an appointment takes. */
export function claimsOf(takes: readonly Omit<NewClaim, 'id'>[], newId: () => string): NewClaim[] {
  return takes.map((take) => ({ id: newId(), ...take }))
}

/** The subjects of claims, each once. */
export function subjectsOf(claims: Pick<NewClaim, 'subjectId'>[]): string[] {
  return [...new Set(claims.map(({ subjectId }) => subjectId))]
}
