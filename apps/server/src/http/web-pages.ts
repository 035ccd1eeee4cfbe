import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { FastifyInstance, FastifyReply, FastifyRequest, InjectOptions } from 'fastify'
import type { Config } from '../config/config.ts'
import type { MaintenanceWatch } from '../maintenance/maintenance.service.ts'
import { commonHeaders } from './headers.ts'
import { STAGING_HEADERS } from './staging-access.ts'

/** What the pages get with every request: the API, in process, where to say that they failed, and whether the doors are closed. */
type PageContext = {
  fetch: (request: Request) => Promise<Response>
  fail: (error: unknown) => void
  /** the origin under which people reach this installation, whatever a request says */
  publicUrl: string
  /** who may make an account */
  signUp: Config['signUp']
  /** while the installation is closed: why, and when to come again */
  closed: { reason: string | undefined; retryAfterS: number } | undefined
}
type PageHandler = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void

const BUILD = join(import.meta.dirname, '..', '..', '..', 'web', 'build', 'handler.js')

type PagesOptions = Pick<Config, 'publicUrl' | 'signUp'> & { maintenance: MaintenanceWatch }

/**
 * Serves the built web pages for every address that is not the API's. Their server-side loads find the API under
 * `globalThis.__slotkeeper`, an AsyncLocalStorage, and call it without a socket between.
 */
export async function mountPages(app: FastifyInstance, options: PagesOptions): Promise<void> {
  const context = new AsyncLocalStorage<PageContext>()
  Object.assign(globalThis, { __slotkeeper: context })
  const handler = await loadHandler()
  const headers = Object.entries(commonHeaders(options))
  const protocol = new URL(options.publicUrl).protocol.slice(0, -1)
  await app.register(async (pages) => {
    // The pages read their own bodies.
    pages.removeAllContentTypeParsers()
    pages.addContentTypeParser('*', (_request, _payload, done) => done(null))
    const serve = async (request: FastifyRequest, reply: FastifyReply) => {
      const closed = await options.maintenance.current()
      reply.hijack()
      const raw = request.raw
      for (const [name, value] of headers) reply.raw.setHeader(name, value)
      raw.headers['x-forwarded-proto'] = protocol
      const fail = (error: unknown) => void (request.failure = error)
      const given = {
        ...{ fetch: inProcess(app, request), fail, publicUrl: options.publicUrl, signUp: options.signUp },
        closed: closed && { reason: closed.reason, retryAfterS: options.maintenance.waitS(closed) },
      }
      context.run(given, () => handler(raw, reply.raw, () => endEmpty(reply.raw)))
    }
    // The reference of the API is a page, below an address that is otherwise the API's.
    // Pages are not counted: what they ask of the API is, in the name of the visitor.
    const config = { access: 'public', scope: 'none', rateLimit: false } as const
    for (const url of ['/*', '/api/docs']) {
      const method = ['GET', 'HEAD', 'POST']
      pages.route({ method, url, schema: { hide: true }, config, handler: serve })
    }
  })
}

async function loadHandler(): Promise<PageHandler> {
  // The build comes later than the types, so that nothing is known of it here.
  const load: (address: string) => Promise<{ handler: PageHandler }> = (address) => import(address)
  return (await load(pathToFileURL(BUILD).href)).handler
}

function endEmpty(response: ServerResponse) {
  response.statusCode = 404
  response.end()
}

/**
 * The Fetch API over Fastify's own injection. The visitor's address goes along, so that limits count the visitor; so does
 * the visitor's name at a staging.
 */
function inProcess(app: FastifyInstance, { ip: remoteAddress, headers: visitor }: FastifyRequest) {
  const named = STAGING_HEADERS.flatMap((name) => (visitor[name] ? [[name, visitor[name]] as const] : []))
  return async (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url)
    const body = request.body ? Buffer.from(await request.arrayBuffer()) : undefined
    const options: InjectOptions = {
      method: methodOf(request.method),
      url: pathname + search,
      headers: { ...Object.fromEntries(named), ...Object.fromEntries(request.headers) },
      remoteAddress,
      ...(body && { payload: body }),
    }
    const answer = await app.inject(options)
    const headers = new Headers()
    for (const [name, value] of Object.entries(answer.headers)) {
      for (const item of Array.isArray(value) ? value : [value])
        if (item !== undefined) headers.append(name, String(item))
    }
    const empty = answer.statusCode === 204 || answer.statusCode === 304
    return new Response(empty ? null : new Uint8Array(answer.rawPayload), { status: answer.statusCode, headers })
  }
}

function methodOf(method: string): 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' {
  return method === 'POST' || method === 'PATCH' || method === 'PUT' || method === 'DELETE' ? method : 'GET'
}
