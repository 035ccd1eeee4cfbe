import { run, type Compose } from './compose.ts'
import { untilReady } from './replace.ts'

export type Trial = { compose: Compose; env: Record<string, string>; patienceMs: number }

/** What must come back from a version before visitors see it, and after. */
const QUESTIONS = [
  { path: '/health/ready', says: '"status":"ok"' },
  { path: '/sign-in', says: '<form' },
  { path: '/api/openapi.json', says: '"openapi"' },
]

/**
 * Starts one container of a version that no visitor reaches, as it has not the name by which nginx looks for the others,
 * and asks it what visitors ask. It is taken away again.
 * @throws when it does not get ready, or does not answer as it must
 */
export async function tryVersion({ compose, env, patienceMs }: Trial): Promise<void> {
  const said = await compose(['run', '-d', '--no-deps', '-T', 'app', 'web'], env)
  const id = said.split('\n').at(-1) ?? ''
  try {
    await untilReady(id, patienceMs)
    const name = (await run('docker', ['inspect', '-f', '{{.Name}}', id])).slice(1)
    await askAll(compose, `http://${name}:5000`)
  } finally {
    await run('docker', ['rm', '-f', '-v', id])
  }
}

/**
 * Asks through nginx what visitors ask.
 * @throws with the first answer that is not as it must be
 */
export async function askThroughNginx(compose: Compose): Promise<void> {
  await askAll(compose, 'https://127.0.0.1')
}

async function askAll(compose: Compose, base: string): Promise<void> {
  for (const { path, says } of QUESTIONS) {
    const asked = ['exec', '-T', 'nginx', 'curl', '-fsSk', '-m', '15', '-H', 'X-Forwarded-Proto: https']
    const answer = await compose([...asked, `${base}${path}`])
    if (!answer.includes(says)) throw new Error(`${path} did not answer with ${says} but with ${answer.slice(0, 300)}`)
  }
}
