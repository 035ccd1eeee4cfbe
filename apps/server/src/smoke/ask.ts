import { request as plain, type IncomingHttpHeaders } from 'node:http'
import { request as encrypted } from 'node:https'
import { text } from 'node:stream/consumers'

export type Answer = { status: number; headers: IncomingHttpHeaders; body: string }

export type Asked = { method?: 'GET' | 'POST' | 'DELETE'; body?: unknown }

/** Asks one installation. An answer is taken as it comes: no redirection is followed, no status is an error. */
export type Ask = (path: string, asked?: Asked) => Promise<Answer>

const PATIENCE_MS = 10_000

type From = {
  /** takes any certificate, such as one that an installation made for itself */
  insecure: boolean
  /** name:password, for a staging that shows itself to named people only */
  credentials?: string | undefined
}

/** Asks the installation at an address. */
export function askAt(url: string, { insecure, credentials }: From): Ask {
  const named = credentials && { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }
  const request = url.startsWith('https:') ? encrypted : plain
  return async (path, { method = 'GET', body } = {}) => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const payload = body === undefined ? '' : JSON.stringify(body)
    const headers = {
      accept: 'text/html, application/json',
      'user-agent': 'slotkeeper-smoke',
      ...named,
      ...(payload && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
    }
    const options = { method, headers, signal: AbortSignal.timeout(PATIENCE_MS), rejectUnauthorized: !insecure }
    const asking = request(new URL(path, url), options, (response) => {
      const { statusCode = 0 } = response
      text(response).then((all) => resolve({ status: statusCode, headers: response.headers, body: all }), reject)
    })
    asking.on('error', reject).end(payload)
    return promise
  }
}
