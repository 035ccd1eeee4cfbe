/** Counts what held and what did not, and says it line by line. */
export type Claims = {
  passed: number
  failed: number
  check: (claim: string, holds: boolean, otherwise?: string) => void
}

export function createClaims(say: (line: string) => void): Claims {
  const claims: Claims = {
    passed: 0,
    failed: 0,
    check: (claim, holds, otherwise = '') => {
      if (holds) claims.passed++
      else claims.failed++
      say(`  ${holds ? 'ok     ' : 'FAILED '} ${claim}${holds || otherwise === '' ? '' : `: ${otherwise}`}`)
    },
  }
  return claims
}

/** A group of checks on a running set-up. */
export type Group<Subject> = { name: string; run: (subject: Subject, claims: Claims) => Promise<void> }
