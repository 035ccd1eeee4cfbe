import { createServer, type Server } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium, type Browser, type Page } from '@playwright/test'
import { answerHelp } from '../apps/server/src/shared/command-help.ts'
import { brokenLinks, readBuiltSite, unreachable } from './docs/built-site.ts'
import { CHROMIUM_FLAGS, findChromium } from './shared/chromium.ts'
import { ROOT, runCommand } from './shared/run-command.ts'

answerHelp(`
Builds the documentation site and looks at it: links and anchors, the way to every page, accessibility (axe) in light and
dark, a width of 320 pixels, search, and reading without scripts. Needs Chromium.

  npm run test:docs
`)
const SITE = join(ROOT, '.site/dist')
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}
const LOOKED_AT = ['/', '/develop/architecture.html', '/operate/runbooks/troubleshooting.html', '/api/bookings.html']

let [passed, failed] = [0, 0]
await check('the site is built', async () => {
  const { ok, output } = await runCommand(process.execPath, ['scripts/docs.ts', 'build'])
  return ok ? [] : [output]
})
const pages = await readBuiltSite(SITE)
await check('every link within it leads somewhere, and nothing comes from elsewhere', async () =>
  brokenLinks(pages, SITE),
)
await check('every page is found from the start page', async () => unreachable(pages))
const server = await serve()
const executablePath = findChromium()
const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: CHROMIUM_FLAGS })
try {
  await lookAt(browser, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
} finally {
  await browser.close()
  server.close()
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

async function check(title: string, run: () => Promise<string[]>): Promise<void> {
  const wrong = await run()
  console.log(`  ${wrong.length === 0 ? 'ok    ' : 'FAILED'} ${title}`)
  for (const what of wrong) console.log(`      ${what}`)
  if (wrong.length === 0) passed++
  else failed++
}

async function lookAt(opened: Browser, url: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [320, 1280]) {
      const context = await opened.newContext({ colorScheme, viewport: { width, height: 900 } })
      const page = await context.newPage()
      for (const path of LOOKED_AT) {
        await check(`${path}, ${colorScheme}, ${width} pixels wide: readable by everybody, and not wider`, async () => {
          await page.goto(url + path, { waitUntil: 'networkidle' })
          return [...(await violations(page)), ...(await tooWide(page))]
        })
      }
      await context.close()
    }
  }
  await check('what is searched for is found, without asking anybody else', () => search(opened, url))
  await check('without scripts, text, diagrams and the way to all pages are there', () => withoutScripts(opened, url))
}

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
  )
}

async function tooWide(page: Page): Promise<string[]> {
  const [content, screen] = await page.evaluate<[number, number]>('[document.documentElement.scrollWidth, innerWidth]')
  return content > screen ? [`${content} pixels wide on a screen of ${screen}`] : []
}

async function search(opened: Browser, url: string): Promise<string[]> {
  const page = await opened.newPage()
  const foreign: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) foreign.push(`asks ${request.url()}`)
  })
  await page.goto(url, { waitUntil: 'networkidle' })
  await page.keyboard.press('Control+k')
  await page.locator('input[type=search], #localsearch-input').first().fill('passphrase')
  const results = page.locator('.VPLocalSearchBox .result')
  await results.first().waitFor()
  const found = await results.all()
  const addresses = await Promise.all(found.map(async (link) => (await link.getAttribute('href')) ?? ''))
  await page.close()
  const wanted = '/operate/backups'
  return [
    ...foreign,
    ...(addresses.some((address) => address.includes(wanted)) ? [] : [`finds ${addresses.join(', ')}`]),
  ]
}

async function withoutScripts(opened: Browser, url: string): Promise<string[]> {
  const page = await opened.newPage({ javaScriptEnabled: false, viewport: { width: 320, height: 900 } })
  await page.goto(`${url}/develop/architecture.html`)
  const wanted = ['h1', '.diagram svg', '.VPSidebar a[href*="backups"]', '.VPSidebar a[href*="decisions/0003"]']
  const seen = await Promise.all(wanted.map((selector) => page.locator(selector).first().isVisible()))
  await page.close()
  return wanted.filter((_selector, index) => !seen[index]).map((selector) => `${selector} is not seen`)
}

/** The files of the site, as any web server has them. */
async function serve(): Promise<Server> {
  const listening = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname)
    const file = join(SITE, path.endsWith('/') ? `${path}index.html` : path)
    readFile(file).then(
      (content) => response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'text/plain' }).end(content),
      () => response.writeHead(404).end(),
    )
  }).listen(0, '127.0.0.1')
  await once(listening, 'listening')
  return listening
}
