import type { Visited } from './crawl.ts'

type Told = Pick<Visited, 'headers' | 'html' | 'url'>

/** What a policy must say of what is not there to be allowed, each with its only value. */
const FIXED: Record<string, string> = {
  'default-src': "'none'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
  'form-action': "'self'",
}

const HEADERS: Record<string, RegExp> = {
  'x-content-type-options': /^nosniff$/,
  'x-frame-options': /^DENY$/,
  'strict-transport-security': /^max-age=\d{8,}/,
  'permissions-policy': /camera=\(\).*geolocation=\(\).*microphone=\(\)/,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-origin$/,
  'referrer-policy': /^(?:same-origin|strict-origin-when-cross-origin)$/,
}

/** Pages whose address or content is somebody's own. */
const PRIVATE = /^\/(?:booking|wish|decide|app|setup|sign-up)(?:\/|$)/

/** What is wrong with the headers of a page. */
export function headerFaults({ headers, html, url }: Told): string[] {
  const directives = directivesOf(headers['content-security-policy'] ?? '')
  const scripts = directives['script-src'] ?? ''
  const wrong = Object.entries(FIXED).filter(([name, value]) => directives[name] !== value)
  const missing = Object.entries(HEADERS).filter(([name, pattern]) => !pattern.test(headers[name] ?? ''))
  const nonce = /'nonce-([^']+)'/.exec(scripts)?.[1] ?? ''
  const bare = [...html.matchAll(/<script\b([^>]*)>/g)].filter(([, given = '']) => !given.includes(`nonce="${nonce}"`))
  const isPrivate = PRIVATE.test(new URL(url).pathname)
  return [
    ...wrong.map(([name]) => `${name} is ${directives[name] ?? 'not said'}`),
    ...missing.map(([name]) => `${name} is ${headers[name] ?? 'not said'}`),
    ...(/'unsafe-(?:inline|eval)'|\*|https?:|data:/.test(scripts) ? [`scripts may come from ${scripts}`] : []),
    ...(nonce.length < 16 ? ['scripts need no nonce'] : []),
    ...(bare.length > 0 ? [`${String(bare.length)} scripts without the nonce`] : []),
    ...(/\son\w+="/.test(html.replaceAll(/<script[\s\S]*?<\/script>/g, ''))
      ? ['it has a handler in an attribute']
      : []),
    ...(isPrivate && !/no-store/.test(headers['cache-control'] ?? '') ? ['others may keep a copy'] : []),
    ...(isPrivate && headers['referrer-policy'] !== 'same-origin' ? ['its address is told to other sites'] : []),
  ]
}

export function nonceOf({ headers }: Pick<Told, 'headers'>): string {
  return /'nonce-([^']+)'/.exec(headers['content-security-policy'] ?? '')?.[1] ?? ''
}

function directivesOf(policy: string): Record<string, string> {
  return Object.fromEntries(
    policy.split(';').map((part) => {
      const [name = '', ...values] = part.trim().split(/\s+/)
      return [name, values.join(' ')]
    }),
  )
}
