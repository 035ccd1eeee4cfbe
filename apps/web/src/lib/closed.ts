import { m } from '#lib/paraglide/messages.js'
import { getLocale, getTextDirection } from '#lib/paraglide/runtime.js'

/** What the API server says while the installation is closed: why, and in how many seconds to come again. */
export type Closed = { reason: string | undefined; retryAfterS: number }

/** The error of a page that could not be fetched because the installation was closed meanwhile. */
export const CLOSED = 'server.maintenance'

const STYLE = 'body{font:1.125rem/1.6 system-ui,sans-serif;max-width:40rem;margin:15vh auto;padding:0 1.25rem}'

/** The one page that stands alone: nothing has to be loaded for it, not even a style. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
}

/** Answers a visitor while the installation is closed: people with a page, what our own pages fetch with an error. */
export function closedResponse({ reason, retryAfterS }: Closed, wants: 'page' | 'data' | 'action'): Response {
  const init = { status: 503, headers: { ...HEADERS, 'retry-after': String(retryAfterS) } }
  if (wants === 'data') return Response.json({ message: CLOSED }, init)
  if (wants === 'action') return Response.json({ type: 'error', error: { message: CLOSED } }, init)
  const headers = { ...init.headers, 'content-type': 'text/html; charset=utf-8' }
  return new Response(pageOf(reason), { ...init, headers })
}

function pageOf(reason: string | undefined): string {
  const lang = getLocale()
  return `<!doctype html>
<html lang="${lang}" dir="${getTextDirection(lang)}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="robots" content="noindex" />
    <title>${m.public_maintenance_title()}</title>
    <style>${STYLE}</style>
  </head>
  <body>
    <main>
      <h1>${m.public_maintenance_title()}</h1>
      <p>${m.public_maintenance_text()}</p>${reason === undefined ? '' : `\n      <p dir="auto">${escapeHtml(reason)}</p>`}
      <p>${m.public_maintenance_kept()}</p>
      <p><a href="">${m.public_maintenance_again()}</a></p>
    </main>
  </body>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
