import { failed, ok, type Check, type Finding } from '../shared/finding.ts'
import { askAt, type Answer, type Ask } from './ask.ts'
import { parseOpenApi } from './smoke.parse.ts'

/** What every installation has, whether a business is in it or not. */
export function siteChecks(ask: Ask, url: string, insecure: boolean): Check[] {
  const fix = 'See whether the web process and the proxy in front run, and whether the address is right.'
  return [
    { name: 'health', run: async () => [judgeHealth('health', await ask('/health'))], fix },
    { name: 'ready', run: async () => [judgeHealth('ready', await ask('/health/ready'))], fix },
    { name: 'OpenAPI', run: async () => [judgeOpenApi(await ask('/api/openapi.json'))], fix },
    { name: 'start page', run: () => checkStartPage(ask, url), fix },
    { name: 'HTTPS redirect', run: () => checkRedirect(url, insecure), fix },
  ]
}

function judgeHealth(name: string, { status, body }: Answer): Finding {
  const found = `${status} ${body.slice(0, 200)}`
  if (status === 200) return ok(name, found)
  return failed(name, found, 'Run doctor where the web process runs.')
}

function judgeOpenApi(answer: Answer): Finding {
  const name = 'OpenAPI'
  if (answer.status !== 200) return failed(name, `${answer.status}`, 'Read the log of the web process.')
  const { openapi, paths } = parseOpenApi(answer.body)
  return ok(name, `version ${openapi}, ${paths} addresses`)
}

/** The page itself, the headers that protect its visitors, and that what it loads is kept by browsers. */
async function checkStartPage(ask: Ask, url: string): Promise<Finding[]> {
  const page = await ask('/')
  const file = /\/_app\/immutable\/[^"'\s)]+/.exec(page.body)?.[0]
  const files = file === undefined ? [noFile()] : [judgeFile(file, await ask(file))]
  return [judgePage('start page', page), judgeHeaders(page, url), ...files]
}

/** @param word that must stand in it, such as the name of what it shows */
export function judgePage(name: string, { status, headers, body }: Answer, word = ''): Finding {
  const fix = 'Read the log of the web process.'
  if (status !== 200) return failed(name, `answered ${status}`, fix)
  const isPage =
    headers['content-type']?.startsWith('text/html') && /<html lang="[a-z]/.test(body) && body.includes('</html>')
  if (!isPage) return failed(name, 'is no complete page', fix)
  return body.includes(escapeHtml(word))
    ? ok(name, `${body.length} characters`)
    : failed(name, `does not say "${word}"`, fix)
}

function judgeHeaders({ headers }: Answer, url: string): Finding {
  const wanted = ['content-security-policy', 'x-content-type-options', 'referrer-policy']
  if (url.startsWith('https:')) wanted.push('strict-transport-security')
  const missing = wanted.filter((name) => headers[name] === undefined)
  if (missing.length === 0) return ok('security headers', wanted.join(', '))
  const fix = 'See whether the proxy in front removes them or does not set them; deploy/ has one that is right.'
  return failed('security headers', `missing: ${missing.join(', ')}`, fix)
}

function judgeFile(file: string, { status, headers }: Answer): Finding {
  const found = `${file.split('/').at(-1)}: ${status}, ${headers['cache-control'] ?? 'no cache-control'}`
  const isKept = status === 200 && /max-age=\d{6,}/.test(headers['cache-control'] ?? '')
  if (isKept) return ok('static file', found)
  return failed(
    'static file',
    found,
    'See whether the proxy in front changes Cache-Control, or serves an older release.',
  )
}

const noFile = () =>
  failed('static file', 'the start page names none', 'See whether the web app was built (npm run build).')

/** Whoever types the name without https:// must get there. Where HTTPS has a port of its own, nobody does. */
async function checkRedirect(url: string, insecure: boolean): Promise<Finding[]> {
  const { protocol, hostname, port } = new URL(url)
  if (protocol !== 'https:' || port !== '') return []
  return [judgeRedirect(await askAt(`http://${hostname}`, { insecure })('/'), hostname)]
}

export function judgeRedirect({ status, headers }: Pick<Answer, 'status' | 'headers'>, hostname: string): Finding {
  const found = `${status} to ${headers.location ?? 'nowhere'}`
  const { protocol, hostname: target } = URL.parse(headers.location ?? '') ?? {}
  const isRight = [301, 302, 307, 308].includes(status) && protocol === 'https:' && target === hostname
  if (isRight) return ok('HTTPS redirect', found)
  return failed('HTTPS redirect', found, 'Let the proxy in front answer http:// with a redirection to https://.')
}

/** As the pages write it. */
function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
