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

/** Says how many held, and ends the process: with 0 only when something was tried and nothing failed. */
export function endWith({ passed, failed }: Claims, say: (line: string) => void): never {
  say(`\n${passed} passed, ${failed} failed`)
  process.exit(failed === 0 && passed > 0 ? 0 : 1)
}

/** A group of checks on a running set-up. */
export type Group<Subject> = { name: string; run: (subject: Subject, claims: Claims) => Promise<void> }
