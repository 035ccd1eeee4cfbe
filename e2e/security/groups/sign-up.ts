import { randomUUID } from 'node:crypto'
import { newOwner } from '../../stack/sign-up.ts'
import type { Group } from '../group.ts'
import { ask } from '../site/ask.ts'
import { mailTo } from '../site/mails.ts'
import { startSite, type Site } from '../site/site.ts'
import { cookieOf } from '../site/tenants.ts'

/** Who may make an account: whoever has a link for it, from the operator or by mail, and nobody else. */
export const signUp: Group = {
  name: 'sign-up',
  run: async ({ site, claims }) => {
    const without = await newOwner(`without-${randomUUID().slice(0, 8)}`)
    const refused = await send(site, without)
    claims.check('the API makes no account without a link', refused.status === 403, refused.text)
    const known = await newOwner(`known-${randomUUID().slice(0, 8)}`, site.linkFor)
    const made = await send(site, known)
    claims.check('it makes one with a link', made.status === 200, made.text)
    const again = await send(site, { ...known, token: undefined })
    claims.check(
      'whether an address has an account is told to nobody who has no link for it',
      again.status === refused.status && sentence(again.text) === sentence(refused.text),
      `${again.text} ${refused.text}`,
    )
    const other = await send(site, { ...without, token: known.token })
    claims.check('a link is good for no other address', other.status === 403, other.text)
    await tryMails(site, known.email, claims.check)
    await using closed = await startSite('invited')
    await tryPages(closed, claims.check)
  },
}

type Check = (claim: string, holds: boolean, otherwise?: string) => void

/** Whoever asks by the page is answered alike, and reads in the mail how to go on. */
async function tryMails(site: Site, known: string, check: Check): Promise<void> {
  const unknown = `new-${randomUUID().slice(0, 8)}@example.com`
  const answers = await Promise.all([known, unknown].map((email) => sendForm(site, { email })))
  const [one, other] = answers.map(({ status, text }) => `${String(status)} ${mainOf(text)}`)
  check(
    'the page answers the same for an address with an account and one without',
    one?.replaceAll(known, '') === other?.replaceAll(unknown, '') && one?.includes(known) === true,
    `${one ?? ''}\n${other ?? ''}`,
  )
  const [toKnown, toUnknown] = await Promise.all([known, unknown].map((email) => mailTo(site, email)))
  check('whoever has an account is told so by mail', toKnown?.includes('/sign-in') === true, toKnown)
  check('that mail has no link that makes one', toKnown?.includes('token=') === false, toKnown)
  const link = /https:\S+\/sign-up\S+/.exec(toUnknown ?? '')?.[0] ?? site.publicUrl
  const token = new URL(link).searchParams.get('token') ?? ''
  const made = await send(site, { name: 'New', email: unknown, password: 'correct horse battery', token })
  check('whoever has none gets a link that makes it', made.status === 200, made.text)
}

/** What a page says, without what differs at every request. */
function mainOf(page: string): string {
  return page.slice(page.indexOf('<main'), page.indexOf('</main>'))
}

async function tryPages(site: Site, check: Check): Promise<void> {
  const page = (path: string) => ask(site.publicUrl, { method: 'GET', path, headers: { accept: 'text/html' } })
  const pages = await Promise.all(['/', '/sign-in'].map(page))
  const leading = pages.filter(({ text }) => text.includes('/sign-up'))
  check('no page leads to where an account is made', leading.length === 0)
  const closed = await page('/sign-up')
  check(
    'its page without a link is a sentence and no form',
    closed.status === 200 && !closed.text.includes('name="password"'),
  )
  const owner = await newOwner(`page-${randomUUID().slice(0, 8)}`)
  const { pathname, search } = new URL(await site.linkFor(owner.email))
  const open = await page(pathname + search)
  check('with a link it is a form for that address', open.text.includes(`value="${owner.email}"`))
  check(
    'it is kept nowhere, and no other site learns the link',
    open.headers['cache-control'] === 'private, no-store' && open.headers['referrer-policy'] === 'same-origin',
    JSON.stringify(open.headers),
  )
  const { name, email, password } = owner
  const fields = { name, email, password, token: new URLSearchParams(search).get('token') ?? '' }
  const forged = await sendForm(site, { ...fields, email: `x${email}` })
  check('the form does not make it for another address', forged.status === 403, String(forged.status))
  const made = await sendForm(site, fields)
  const me = await ask(site.url, {
    method: 'GET',
    path: '/api/v1/me',
    headers: { cookie: cookieOf(made.headers['set-cookie']) },
  })
  check('the form makes the account, also without JavaScript', made.status === 303 && me.status === 200, me.text)
}

function send(site: Site, person: object) {
  const headers = { 'content-type': 'application/json', origin: site.publicUrl }
  return ask(site.url, { method: 'POST', path: '/api/auth/sign-up/email', headers, body: JSON.stringify(person) })
}

function sendForm(site: Site, fields: Record<string, string>) {
  const type = 'application/x-www-form-urlencoded'
  const headers = { 'content-type': type, origin: site.publicUrl, accept: 'text/html' }
  return ask(site.publicUrl, {
    method: 'POST',
    path: '/sign-up',
    headers,
    body: new URLSearchParams(fields).toString(),
  })
}

/** What a refusal says, without the id of the request. */
function sentence(text: string): string {
  return (JSON.parse(text) as { detail?: string }).detail ?? text
}
