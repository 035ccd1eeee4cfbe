import { Agent, request } from 'node:https'

export type Answer = {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
  version: string
}

/** The certificate is the one that a first start makes: nobody vouches for it. */
const kept = new Agent({ keepAlive: true, maxSockets: 200, rejectUnauthorized: false })
const fresh = new Agent({ keepAlive: false, rejectUnauthorized: false })

export type Question = {
  method?: string
  headers?: Record<string, string>
  body?: unknown
  /** over a connection of its own */
  isFresh?: boolean
}

/** Asks once, and never again: what fails has failed. */
export function ask(
  url: string,
  { method = 'GET', headers = {}, body, isFresh = false }: Question = {},
): Promise<Answer> {
  const payload = body === undefined ? undefined : JSON.stringify(body)
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const outgoing = request(
    url,
    {
      ...{ method, agent: isFresh ? fresh : kept, timeout: 30_000 },
      headers: { ...(payload !== undefined && { 'content-type': 'application/json' }), ...headers },
    },
    (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        const { statusCode = 0, headers: got, httpVersion } = answer
        resolve({ status: statusCode, headers: got, body: text, version: httpVersion })
      })
    },
  )
  outgoing.on('timeout', () => outgoing.destroy(new Error('no answer for 30 seconds')))
  outgoing.on('error', reject)
  outgoing.end(payload)
  return promise
}

export function closeConnections(): void {
  kept.destroy()
}
