import { createClient, createConfig } from '@slotkeeper/client'
import type { RequestEvent } from '@sveltejs/kit'
import { sequence, type Handle } from '@sveltejs/kit/hooks'
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

const headers: Handle = async ({ event, resolve }) => {
  const response = await resolve(event)
  const isPrivate = /^\/(?:booking|app|setup)(?:\/|$)/.test(event.url.pathname)
  // The address of a booking page is the right to change it: no other site may learn it. (With no-referrer, browsers
  // would send forms with Origin: null, which is refused.)
  response.headers.set('referrer-policy', isPrivate ? 'same-origin' : 'strict-origin-when-cross-origin')
  response.headers.set('x-content-type-options', 'nosniff')
  response.headers.set('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=()')
  if (isPrivate) response.headers.set('cache-control', 'private, no-store')
  return response
}

export const handle: Handle = sequence(headers, api, language)

function inProcess(event: RequestEvent): typeof fetch {
  const cookie = event.request.headers.get('cookie')
  const requestId = event.request.headers.get('x-request-id')
  return async (input, init) => {
    const context = globalThis.__slotkeeper?.getStore()
    if (!context) throw new Error('The pages are served by the API server only.')
    const request = new Request(input, init)
    if (cookie !== null) request.headers.set('cookie', cookie)
    if (requestId !== null) request.headers.set('x-request-id', requestId)
    return context.fetch(request)
  }
}
