import { Failed, type Compose } from './compose.ts'

type Finding = { name: string; state: 'ok' | 'warning' | 'failed'; found: string; fix?: string }

export type Preflight = { compose: Compose; env: Record<string, string>; despite: readonly string[] }

/**
 * Has the doctor of the version to come look at everything it will need, beside what runs.
 * @param despite  names of what may be unwell all the same
 * @throws with each thing that is not well, and what to do about it
 */
export async function examine({ compose, env, despite }: Preflight): Promise<string> {
  const said = await compose(['run', '--rm', '--no-deps', '-T', 'app', 'doctor', '--json'], env).catch(answerOf)
  const findings = parse(said)
  const refused = findings.filter(({ name, state }) => state === 'failed' && !despite.includes(name))
  if (refused.length === 0) return `${findings.length} things are looked at`
  const lines = refused.map(({ name, found, fix = '' }) => `  ${name}: ${found}. ${fix}`)
  const way = 'What must be so is named: --despite "mail server".'
  throw new Error(`The doctor of the new version refuses:\n${lines.join('\n')}\n${way}`)
}

/** Asks through nginx what visitors ask, with the smoke test of the version that is in service now. */
export async function smoke(compose: Compose): Promise<void> {
  const command = ['node', 'apps/server/src/main.ts', 'smoke', '--url', 'https://nginx', '--insecure']
  await compose(['exec', '-T', 'app', ...command])
}

/** Whoever finds something ends with a failure, and tells it all the same. */
function answerOf(error: unknown): string {
  if (error instanceof Failed && error.answer.trim().startsWith('{')) return error.answer
  throw error
}

function parse(said: string): Finding[] {
  const last = said.trim().split('\n').at(-1) ?? ''
  return (JSON.parse(last) as { findings: Finding[] }).findings
}
