import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, type Browser } from '@playwright/test'
import { CHROMIUM_FLAGS, findChromium } from '../../../scripts/shared/chromium.ts'
import { ROOT } from '../../../scripts/shared/run-command.ts'
import { randomFrom } from '../../stack/random.ts'
import { faultsOf } from '../fuzz/judge.ts'
import { HOSTILE_VALUES } from '../fuzz/hostile.ts'
import type { Context, Group } from '../group.ts'
import { ask } from '../site/ask.ts'
import { linksInMails } from '../site/mails.ts'
import type { Site } from '../site/site.ts'
import { createTenants, OURS, THEIRS, type Tenants } from '../site/tenants.ts'
import { crawl, typeOf, type Form, type Visited } from './crawl.ts'
import { headerFaults, nonceOf } from './policy.ts'

/** Every page in a browser, with its policy watched; then its forms, with what nobody would fill in. */
export const pages: Group = {
  name: 'pages',
  run: async (context) => {
    const { site, claims, seed, short } = context
    const tenants = await createTenants(site, `pages${String(seed)}`)
    const mailed = await linksInMails(site, ['booking', 'decide', 'wish'])
    const browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_FLAGS })
    const visited = await visitAll(browser, context, tenants, mailed).finally(() => browser.close())
    const types = new Set(visited.map(({ url }) => typeOf(url)))
    const where = (found: Visited[]) => [...new Set(found.map(({ url }) => typeOf(url)))].join(', ')
    claims.check(`${String(visited.length)} pages of ${String(types.size)} types were visited`, types.size > 40)
    const unseen = await unseenRoutes(visited)
    claims.check('every page that there is was among them', unseen.length === 0, unseen.join(', '))
    const failed = visited.filter(({ status }) => status >= 500)
    claims.check('none of them fails', failed.length === 0, where(failed))
    const violations = visited.flatMap(({ url, violations: found }) => found.map((what) => `${typeOf(url)}: ${what}`))
    claims.check('none does what its policy forbids', violations.length === 0, [...new Set(violations)].join('\n'))
    const faults = new Set(
      visited.flatMap((page) => headerFaults(page).map((fault) => `${typeOf(page.url)}: ${fault}`)),
    )
    claims.check('all have the headers that keep them safe', faults.size === 0, [...faults].join('\n'))
    const nonces = visited.map(nonceOf)
    claims.check('no two have the same nonce', new Set(nonces).size === nonces.length)
    const leaking = visited.filter(({ html }) => html.includes(THEIRS))
    claims.check('none shows what belongs to another business', leaking.length === 0, where(leaking))
    await tryFiles(context, visited)
    await tryUnknown(context, tenants)
    await tryForms(context, tenants, formsOf(visited), short ? 1 : 6)
  },
}

async function visitAll(browser: Browser, { site, short }: Context, { ours }: Tenants, mailed: string[]) {
  const { business, links, starts } = ours
  const own = `${site.publicUrl}/app/${business.slug}`
  const seeds = {
    people: [
      ...['/', `/${business.slug}`, '/sign-in', '/sign-up', '/api/docs', '/nothing/here/at/all'].map(
        (path) => site.publicUrl + path,
      ),
      ...[
        `/booking/${links.booking.id}?token=${links.booking.token}`,
        `/wish/${links.wish.id}?token=${links.wish.token}`,
      ].map((path) => site.publicUrl + path),
      ...mailed,
      ...business.services.map(({ slug }) => `${site.publicUrl}/${business.slug}/${slug}`),
      `${site.publicUrl}/${business.slug}/cut/book?start=${encodeURIComponent(starts.at(-2) ?? '')}`,
      `${site.publicUrl}/${business.slug}/cut/visit/book?start=${encodeURIComponent(starts.at(-2) ?? '')}&then=talk`,
      `${site.publicUrl}/booking/${links.seats.id}/seats?token=${links.seats.token}`,
      ...['wait', 'visit'].map((part) => `${site.publicUrl}/${business.slug}/cut/${part}`),
    ],
    owner: [
      ...[own, `${site.publicUrl}/setup`, `${site.publicUrl}/app`],
      ...['hours', 'team', 'service', 'done'].map((step) => `${site.publicUrl}/setup/${business.slug}/${step}`),
      ...[`${own}/providers/${business.providers[0] ?? ''}/time-off`, `${own}/settings/keys`, `${own}/calendar/why`],
      ...(ours.ids['bookings'] ?? []).map((id) => `${own}/bookings/${id}/move`),
    ],
  }
  const visited: Visited[] = []
  for (const [who, addresses] of Object.entries(seeds)) {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, baseURL: site.publicUrl })
    if (who === 'owner') await context.addCookies(cookiesOf(site, business.cookie))
    const options = { origin: site.publicUrl, seeds: addresses, perType: short ? 1 : 3, max: short ? 120 : 500 }
    visited.push(...(await crawl(context, options)))
    await context.close()
  }
  return visited
}

function cookiesOf({ publicUrl }: Site, header: string) {
  return header.split('; ').map((pair) => {
    const [name = '', ...value] = pair.split('=')
    return { name, value: value.join('='), url: publicUrl, secure: true }
  })
}

/** Pages of the source that no visited address is of. */
async function unseenRoutes(visited: Visited[]): Promise<string[]> {
  const files = await Array.fromAsync(glob('**/+page.svelte', { cwd: join(ROOT, 'apps/web/src/routes') }))
  const routes = files.map((file) => `/${file.replace(/\/?\+page\.svelte$/, '')}`.replaceAll(/\/\([^)]+\)/g, '') || '/')
  const paths = visited.flatMap(({ url, asked }) => [url, asked].map((address) => new URL(address).pathname))
  return routes.filter((route) => {
    const pattern = new RegExp(`^${route.replaceAll(/\[\w+\]/g, '[^/]+')}/?$`)
    return !paths.some((path) => pattern.test(path))
  })
}

function formsOf(visited: Visited[]): { page: string; form: Form }[] {
  const found = new Map<string, { page: string; form: Form }>()
  for (const { url, forms } of visited) {
    for (const form of forms.filter(({ method }) => method === 'post')) {
      const key = `${typeOf(form.action)} ${form.fields.map(({ name }) => name).join()}`
      if (!found.has(key)) found.set(key, { page: url, form })
    }
  }
  // Whoever is signed out fills in no more forms.
  return [...found.values()].sort((a, b) => Number(isLast(a.form)) - Number(isLast(b.form)))
}

const isLast = ({ action }: Form) => /sign-in|sign-up|archive|revoke|erase/.test(action)

/** Fills every field of every form in turn with what does not belong there, and sends it as other sites would. */
async function tryForms(context: Context, { ours }: Tenants, forms: { page: string; form: Form }[], rounds: number) {
  const { site, claims, seed } = context
  const random = randomFrom(seed)
  const texts = HOSTILE_VALUES.filter((value) => typeof value === 'string')
  const wrong: string[] = []
  const crossed: string[] = []
  let count = 0
  for (const { form } of forms) {
    const { pathname, search } = new URL(form.action)
    const send = async (fields: [string, string][], origin: string) => {
      const headers = {
        ...{ 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', origin },
        cookie: ours.business.cookie,
      }
      const request = { method: 'POST', path: pathname + search, headers, body: new URLSearchParams(fields).toString() }
      count += 1
      return { request, answer: await ask(site.publicUrl, request) }
    }
    const usual = form.fields.map(({ name, value }): [string, string] => [name, value])
    const { answer: foreign } = await send(usual, 'https://evil.example')
    if (foreign.status !== 403) crossed.push(`${typeOf(form.action)}: ${String(foreign.status)}`)
    // First with a blank, which no browser keeps from being sent and which is trimmed to nothing.
    for (let round = 0; round <= rounds; round++) {
      for (const field of new Set(form.fields.map(({ name }) => name))) {
        const hostile = round === 0 ? ' ' : (texts[Math.floor(random() * texts.length)] ?? '')
        const fields = usual.map(([name, value]): [string, string] => [
          name,
          name === field ? hostile.toWellFormed() : value,
        ])
        const { request, answer } = await send(fields, site.publicUrl)
        const found = faultsOf(request, answer, { mustNotSee: [THEIRS], secrets: site.secrets })
        const isRun = /<script>alert\(1\)|<img src=x onerror/.test(answer.text)
        const faults = [...found, ...(isRun ? ['it writes what it was sent as it is'] : [])]
        if (faults.length > 0)
          wrong.push(`${typeOf(form.action)}, ${field}: ${JSON.stringify(hostile.slice(0, 60))}: ${faults.join('; ')}`)
      }
    }
  }
  claims.check(
    `${String(forms.length)} forms, sent ${String(count)} times, take it or refuse it`,
    wrong.length === 0 && forms.length > 20,
    wrong.join('\n'),
  )
  claims.check('no form can be sent by another site', crossed.length === 0, crossed.join('\n'))
}

async function tryFiles({ site, claims }: Context, visited: Visited[]): Promise<void> {
  const files = new Set(
    visited.flatMap(({ html }) =>
      [...html.matchAll(/["'](?:\.{0,2}\/)*(_app\/immutable\/[^"']+)["']/g)].map(([, path = '']) => path),
    ),
  )
  const [file = ''] = files
  const answer = await ask(site.publicUrl, { method: 'GET', path: `/${file}` })
  claims.check(
    'files are what they say they are, and may be kept',
    answer.headers['x-content-type-options'] === 'nosniff' && /immutable/.test(answer.headers['cache-control'] ?? ''),
    `${file}: ${JSON.stringify(answer.headers)}`,
  )
}

const UNKNOWN = [
  ...[
    '/.env',
    '/.git/config',
    '/package.json',
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/_app/../server/index.js',
  ],
  ...[
    '/_app/immutable/../../handler.js',
    '/api',
    '/api/',
    '/api/v2/me',
    '/admin',
    '/%',
    '/%00',
    '/%ff',
    '//evil.example/%2e%2e',
  ],
  ...['/app/nowhere', '/app/__proto__', '/booking/x', '/booking/x?token=', '/x'.repeat(200)],
]

async function tryUnknown({ site, claims }: Context, { ours, theirs }: Tenants): Promise<void> {
  const wrong: string[] = []
  for (const path of UNKNOWN) {
    const request = { method: 'GET', path, headers: { accept: 'text/html' } }
    const answer = await ask(site.publicUrl, request)
    const { location } = answer.headers
    const faults = faultsOf(request, answer, { mustNotSee: [OURS, THEIRS], secrets: site.secrets })
    const isAway = location !== undefined && new URL(location, site.publicUrl).origin !== site.publicUrl
    if (faults.length > 0 || answer.status === 200 || isAway)
      wrong.push(`${path.slice(0, 60)}: ${String(answer.status)} ${location ?? ''} ${faults.join('; ')}`)
  }
  claims.check('addresses at which there is nothing say so, and no more', wrong.length === 0, wrong.join('\n'))
  const theirPages = [
    '',
    '/customers',
    '/bookings/new',
    '/settings',
    '/messages',
    '/activity',
    '/__data.json',
    '/customers/__data.json',
  ]
  const shown: string[] = []
  for (const path of theirPages) {
    const headers = { accept: 'text/html', cookie: ours.business.cookie }
    const answer = await ask(site.publicUrl, { method: 'GET', path: `/app/${theirs.business.slug}${path}`, headers })
    if (answer.text.includes(THEIRS) || (answer.status === 200 && !path.endsWith('.json')))
      shown.push(`${path}: ${String(answer.status)}`)
  }
  claims.check('the back office of another business opens to nobody', shown.length === 0, shown.join(', '))
}
