import { createClient, createConfig } from '@slotkeeper/client'
import type { RequestEvent } from '@sveltejs/kit'
import { sequence, type Handle, type HandleServerError } from '@sveltejs/kit/hooks'
import { closedResponse } from '#lib/closed.ts'
import { regionalLocale } from '#lib/locale.ts'
import { baseLocale, getTextDirection, isLocale } from '#lib/paraglide/runtime.js'
import { paraglideMiddleware } from '#lib/paraglide/server.js'

/** Gives loads and actions the API, called in the name of the visitor. */
const api: Handle = ({ event, resolve }) => {
  event.locals.api = createClient(createConfig({ baseUrl: 'http://internal', fetch: inProcess(event) }))
  return resolve(event)
}

const language: Handle = ({ event, resolve }) =>
  paraglideMiddleware(event.request, ({ locale }) => {
    const lang = isLocale(locale) ? locale : baseLocale
    event.locals.locale = regionalLocale(lang, event.request.headers.get('accept-language'))
    const fill = ({ html }: { html: string }) => html.replace('%lang%', lang).replace('%dir%', getTextDirection(lang))
    return resolve(event, { transformPageChunk: fill })
  })

/** While the installation is closed, people are told so, in the language that they read; they may still choose another. */
const doors: Handle = ({ event, resolve }) => {
  const closed = globalThis.__slotkeeper?.getStore()?.closed
  if (!closed || event.url.pathname === '/language') return resolve(event)
  const isAction = event.request.headers.get('x-sveltekit-action') === 'true'
  return closedResponse(closed, event.isDataRequest ? 'data' : isAction ? 'action' : 'page')
}

const headers: Handle = async ({ event, resolve }) => {
  const response = await resolve(event)
  const isPrivate = /^\/(?:booking|wish|decide|app|setup|sign-up)(?:\/|$)/.test(event.url.pathname)
  // The address of a booking page is the right to change it: no other site may learn it. (With no-referrer, browsers
  // would send forms with Origin: null, which is refused.)
  response.headers.set('referrer-policy', isPrivate ? 'same-origin' : 'strict-origin-when-cross-origin')
  response.headers.set('cross-origin-opener-policy', 'same-origin')
  response.headers.set('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=()')
  if (isPrivate) response.headers.set('cache-control', 'private, no-store')
  return response
}

export const handle: Handle = sequence(headers, api, language, doors)

/** What nobody expected goes to the server's log, without the address: links have tokens in them. */
export const handleError: HandleServerError = ({ kind, error }) => {
  if (kind === 'unknown') globalThis.__slotkeeper?.getStore()?.fail(error)
}

function inProcess(event: RequestEvent): typeof fetch {
  const cookie = event.request.headers.get('cookie')
  const requestId = event.request.headers.get('x-request-id')
  return async (input, init) => {
    const context = globalThis.__slotkeeper?.getStore()
    if (!context) throw new Error('The pages are served by the API server only.')
    const request = new Request(input, init)
    // An id that is empty, as forms can be sent, would leave the address of the list, and its answer be taken for one thing.
    if (new URL(request.url).pathname.endsWith('/')) return nothingThere()
    if (cookie !== null) request.headers.set('cookie', cookie)
    if (requestId !== null) request.headers.set('x-request-id', requestId)
    return context.fetch(request)
  }
}

/** What the API says of an id that it does not know. */
function nothingThere(): Response {
  const problem = {
    type: 'about:blank',
    title: 'There is nothing at this address',
    status: 404,
    code: 'route.not_found',
  }
  return Response.json(problem, { status: 404, headers: { 'content-type': 'application/problem+json' } })
}
