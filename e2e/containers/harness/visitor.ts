import { request as httpRequest } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import { connect as connectHttp2 } from 'node:http2'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { connect as connectTls, getCACertificates, setDefaultCACertificates, type ConnectionOptions } from 'node:tls'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Installation } from './installation.ts'

export type Answer = {
  status: number
  headers: IncomingHttpHeaders
  /** names of headers that came more than once, but for set-cookie */
  doubled: string[]
  body: string
}

export type Asked = {
  method?: string
  headers?: Record<string, string>
  body?: string
  /** kept connections are used for the next request; without it each has one of its own */
  agent?: Agent
}

/** Asks an installation over TLS, and checks its certificate. */
export async function ask(installation: Installation, path: string, asked: Asked = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, agent } = asked
  const request = httpsRequest(new URL(path, installation.url), {
    ...{ method, headers, ca: installation.certificate, agent: agent ?? new Agent() },
  })
  request.end(body)
  return read(request)
}

/** Lets `fetch` trust the certificate that an installation made for itself, beside those that it trusts anyway. */
export function trust({ certificate }: Installation): void {
  setDefaultCACertificates([...getCACertificates('default'), certificate])
}

/** Asks it without TLS. */
export async function askPlainly({ httpPort }: Installation, path: string): Promise<Answer> {
  const request = httpRequest({ host: '127.0.0.1', port: httpPort, path })
  request.end()
  return read(request)
}

/** The protocol and version that both sides agree on, or why they did not. */
export async function shakeHands(installation: Installation, options: ConnectionOptions): Promise<string> {
  const { httpsPort, certificate } = installation
  const socket = connectTls({
    host: '127.0.0.1',
    servername: 'localhost',
    port: httpsPort,
    ca: certificate,
    ...options,
  })
  try {
    await once(socket, 'secureConnect')
    return `${socket.getProtocol() ?? ''} ${socket.alpnProtocol || ''}`.trim()
  } catch (error) {
    return String(error)
  } finally {
    socket.destroy()
  }
}

/** The status that a page has over HTTP/2. */
export async function askByHttp2(installation: Installation, path: string): Promise<number> {
  const session = connectHttp2(installation.url, { ca: installation.certificate })
  try {
    const stream = session.request({ ':path': path })
    const [headers] = (await once(stream, 'response')) as [{ ':status': number }]
    stream.resume()
    return headers[':status']
  } finally {
    session.destroy()
  }
}

async function read(request: ReturnType<typeof httpRequest>): Promise<Answer> {
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const names = response.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase())
  const doubled = names.filter((name, index) => name !== 'set-cookie' && names.indexOf(name) !== index)
  return { status: response.statusCode ?? 0, headers: response.headers, doubled, body: await text(response) }
}
