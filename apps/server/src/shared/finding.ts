export type FindingState = 'ok' | 'warning' | 'failed'

/** One thing that was looked at, how it is, and what to do about it when it is not well. */
export type Finding = { name: string; state: FindingState; found: string; fix?: string }

export const ok = (name: string, found: string): Finding => ({ name, state: 'ok', found })
/** Somebody should look at it soon; it works. */
export const warning = (name: string, found: string, fix: string): Finding => ({ name, state: 'warning', found, fix })
/** It does not work, or must not stay so. */
export const failed = (name: string, found: string, fix: string): Finding => ({ name, state: 'failed', found, fix })

/** Something to look at. What it throws, and that it takes too long, is a finding, too. */
export type Check = {
  name: string
  run: () => Promise<Finding[]>
  /** what to do when it cannot be looked at */
  fix: string
}

/**
 * Looks at everything at once.
 * @param limitMs  for each of them
 * @returns what was found, in the order of the checks
 */
export async function runChecks(checks: readonly Check[], limitMs: number): Promise<Finding[]> {
  const found = await Promise.all(checks.map((check) => runCheck(check, limitMs)))
  return found.flat()
}

async function runCheck({ name, run, fix }: Check, limitMs: number): Promise<Finding[]> {
  const { promise: late, resolve } = Promise.withResolvers<Finding[]>()
  const timer = setTimeout(() => resolve([failed(name, `no answer within ${limitMs / 1000} s`, fix)]), limitMs)
  const found = run().catch((error: unknown) => [failed(name, reasonOf(error), fix)])
  try {
    return await Promise.race([found, late])
  } finally {
    clearTimeout(timer)
  }
}

/** What an error says, and those that it was made of: a refused connection says nothing by itself. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const inner: unknown[] = error instanceof AggregateError ? error.errors : [error.cause]
  const reasons = inner.filter((one) => one instanceof Error).map(reasonOf)
  const told = [error.message, ...reasons].filter(Boolean).join(': ')
  if (told !== '') return told
  return 'code' in error ? String(error.code) : error.name
}

/** 1 when something has failed; warnings are none of it. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 1 {
  return findings.some(({ state }) => state === 'failed') ? 1 : 0
}

/** A table for people: what is not well comes with what to do, and how many there are stands at the end. */
export function formatFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length))
  const lines = findings.flatMap(({ name, state, found, fix }) => [
    `${state.padEnd('warning'.length)}  ${name.padEnd(width)}  ${found}`,
    ...(fix === undefined ? [] : [`${' '.repeat('warning'.length + width + 4)}${fix}`]),
  ])
  const count = (wanted: FindingState) => findings.filter(({ state }) => state === wanted).length
  return [...lines, `${count('ok')} ok, ${count('warning')} warnings, ${count('failed')} failed`].join('\n')
}

/** The result as programs take it. */
export function toResult(findings: readonly Finding[]) {
  return { ok: exitCodeOf(findings) === 0, findings }
}
