import { readOwnAddress } from '../config/environment.ts'
import { defineCommand, JSON_OPTION } from './command.ts'

/** Shorter than what platforms wait for a health check. */
const PATIENCE_MS = 4_000

export const command = defineCommand({
  help: `
Asks the web process on this machine whether it wants visitors (GET /health/ready on PORT): the health check of a
container, which has no curl. Ends with 0 when it does, 1 when it does not or does not answer within four seconds.

  node apps/server/src/main.ts health

  --json  {"ready": true or false, "answer": what it said of itself}
`,
  options: JSON_OPTION,
  async run({ output }) {
    const url = `${readOwnAddress()}/health/ready`
    const { ready, answer } = await ask(url)
    output.tell({ ready, answer }, `${ready ? 'ready' : 'not ready'}: ${JSON.stringify(answer)}`)
    return ready ? 0 : 1
  },
})

async function ask(url: string): Promise<{ ready: boolean; answer: unknown }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) })
    return { ready: response.ok, answer: await response.json() }
  } catch (error) {
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    return { ready: false, answer: reason }
  }
}
