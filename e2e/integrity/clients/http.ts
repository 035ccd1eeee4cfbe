import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'

export type Request = {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  path: string
  body?: object | undefined
  headers: Record<string, string>
}

/**
 * answered: the server spoke. unsent: nobody listened, so nothing has happened. lost: the request went out and no answer
 * came back.
 */
export type Sent = { kind: 'answered'; status: number; body: unknown } | { kind: 'unsent' } | { kind: 'lost' }

const TIMEOUT_MS = 20_000

/** Connections stay open between requests, as in a browser. */
const agent = new Agent({ keepAlive: true, maxSockets: 256 })

export async function send(url: string, { method, path, body, headers }: Request): Promise<Sent> {
  const payload = body === undefined ? undefined : JSON.stringify(body)
  const type = payload === undefined ? {} : { 'content-type': 'application/json' }
  const options = { method, agent, headers: { ...headers, ...type }, signal: AbortSignal.timeout(TIMEOUT_MS) }
  try {
    const { promise, resolve, reject } = Promise.withResolvers<Sent>()
    const outgoing = request(`${url}${path}`, options, (answer) => {
      text(answer).then(
        (read) => resolve({ kind: 'answered', status: answer.statusCode ?? 0, body: parse(read) }),
        reject,
      )
    })
    outgoing.on('error', reject)
    outgoing.end(payload)
    return await promise
  } catch (error) {
    // The process was killed, the connection cut, or the answer took too long: the client cannot know more.
    const isRefused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED'
    return { kind: isRefused ? 'unsent' : 'lost' }
  }
}

export function closeConnections(): void {
  agent.destroy()
}

/** A body that is no JSON counts as none: the status says enough. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
