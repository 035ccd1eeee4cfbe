import type { BrowserContext, Page } from '@playwright/test'

/** A form as a page has it. */
export type Form = {
  action: string
  method: string
  fields: { name: string; type: string; value: string; choices: string[] }[]
}

export type Visited = {
  /** where it was asked for, and where that led */
  asked: string
  url: string
  status: number
  headers: Record<string, string>
  html: string
  forms: Form[]
  links: string[]
  /** what the browser refused, and what it complained of */
  violations: string[]
}

/** Runs in the page: notes what the policy of the page forbids, from its first moment on. */
const LISTEN = `
  window.violations = []
  addEventListener('securitypolicyviolation', (event) => window.violations.push(
    event.effectiveDirective + ' forbids ' + event.blockedURI + ' at ' + event.sourceFile + ':' + event.lineNumber))
`

const READ = `({
  links: [...document.querySelectorAll('a[href]')].map((link) => link.href),
  forms: [...document.forms].map((form) => ({
    action: form.action, method: form.method,
    fields: [...form.elements].filter((field) => field.name).map((field) => ({
      name: field.name, type: field.type, value: field.value,
      choices: field.options ? [...field.options].map((option) => option.value) : [] })) })),
})`

/** Opens whatever opens, so that what a page does later is seen, too. */
const OPEN = `
  for (const closed of document.querySelectorAll('details')) closed.open = true
  for (const button of [...document.querySelectorAll('button[type=button]')].slice(0, 8)) button.click()
`

/** Addresses that differ only in what they are about are of one type. */
export function typeOf(url: string): string {
  const { pathname, searchParams } = new URL(url)
  const path = pathname.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '*').replaceAll(/\d{4}-\d{2}-\d{2}/g, '*')
  return `${path}?${[...new Set(searchParams.keys())].sort().join('&')}`
}

export type CrawlOptions = {
  origin: string
  seeds: string[]
  /** of each type so many pages are visited, and so many in all */
  perType: number
  max: number
}

/** Follows the links of the product's own pages, type by type, with their scripts running. */
export async function crawl(context: BrowserContext, options: CrawlOptions): Promise<Visited[]> {
  await context.addInitScript(LISTEN)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (/Content.Security.Policy|Refused to/i.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  const waiting = [...options.seeds]
  const seen = new Set<string>()
  const perType = new Map<string, number>()
  const visited: Visited[] = []
  for (let url = waiting.shift(); url !== undefined && visited.length < options.max; url = waiting.shift()) {
    const type = typeOf(url)
    const count = perType.get(type) ?? 0
    if (seen.has(url) || count >= options.perType) continue
    seen.add(url)
    perType.set(type, count + 1)
    complaints.length = 0
    const found = await visit(page, url)
    if (!found) continue
    visited.push({ ...found, violations: [...found.violations, ...complaints] })
    waiting.push(...found.links.filter((link) => link.startsWith(`${options.origin}/`)))
  }
  await page.close()
  return visited
}

async function visit(page: Page, url: string): Promise<Visited | undefined> {
  const answer = await page.goto(url, { waitUntil: 'load' }).catch(() => undefined)
  // A download is no page.
  if (!answer || !(answer.headers()['content-type'] ?? '').startsWith('text/html')) return undefined
  const html = await answer.text()
  const { forms, links } = await page.evaluate<Pick<Visited, 'forms' | 'links'>>(READ)
  await page.evaluate(OPEN)
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))').catch(() => undefined)
  const violations = await page.evaluate<string[]>('window.violations').catch(() => [])
  return {
    asked: url,
    url: answer.url(),
    status: answer.status(),
    headers: answer.headers(),
    html,
    forms,
    links,
    violations,
  }
}
