import { randomUUID } from 'node:crypto'
import { newOwner } from '../../stack/sign-up.ts'
import type { Group } from '../group.ts'
import { ask, type Answer } from '../site/ask.ts'
import type { Site } from '../site/site.ts'
import { cookieOf } from '../site/tenants.ts'

const EVIL = 'evil.example'

/** Where an attacker would like a visitor to be sent. */
const ELSEWHERE = [
  ...[`//${EVIL}`, `/\\${EVIL}`, `https://${EVIL}`, `/\t/${EVIL}`, `/\n/${EVIL}`, `\\\\${EVIL}`, `/%09/${EVIL}`],
  ...[`javascript:alert(1)`, `/.//${EVIL}`, `/..//${EVIL}`, ` //${EVIL}`, `/\r\nX-Evil: 1`, `@${EVIL}`, `.${EVIL}`],
]

/** Sessions, cookies, and where people are sent. */
export const sessions: Group = {
  name: 'sessions',
  run: async ({ site, claims }) => {
    const person = await newOwner(`session-${randomUUID().slice(0, 8)}`, site.linkFor)
    const { email, password } = person
    const auth = authOf(site)
    const up = await auth('sign-up/email', person)
    const set = up.headers['set-cookie'] ?? []
    const session = set.find((cookie) => cookie.includes('session_token')) ?? ''
    claims.check(
      'the cookie of a session is Secure, HttpOnly, SameSite=Lax and of no other host',
      ['Secure', 'HttpOnly', 'SameSite=Lax', '__Secure-'].every((part) => session.includes(part)) &&
        !/domain=/i.test(session),
      session.replace(/=[^;]*/, '=…'),
    )
    const first = cookieOf(set)
    const planted = `__Secure-slotkeeper.session_token=planted.${'A'.repeat(43)}%3D`
    const signedIn = await auth('sign-in/email', { email, password }, planted)
    const second = cookieOf(signedIn.headers['set-cookie'])
    claims.check('signing in makes a session of its own, whatever cookie came along', second !== '' && second !== first)
    claims.check('a session that was planted is none', (await me(site, planted)).status === 401)
    claims.check('a session is good before it is ended', (await me(site, second)).status === 200)
    await auth('sign-out', {}, second)
    claims.check(
      'a session that was ended is over for everybody who has its cookie',
      (await me(site, second)).status === 401,
    )
    claims.check('other sessions of the person go on', (await me(site, first)).status === 200)
    const forged = first.replace(/\.[^.;]{8}/, '.AAAAAAAA')
    claims.check('a session whose signature is changed is none', (await me(site, forged)).status === 401)
    const known = await auth('sign-in/email', { email, password: 'wrong horse battery' })
    const unknown = await auth('sign-in/email', { email: `x${email}`, password: 'wrong horse battery' })
    claims.check(
      'a wrong password and an unknown address get the same answer',
      known.status === unknown.status && known.text === unknown.text,
      `${known.text} ${unknown.text}`,
    )
    await tryRedirects(site, person, claims.check)
    await tryHosts(site, person, claims.check)
  },
}

function authOf(site: Site) {
  return (path: string, body: object, cookie?: string): Promise<Answer> => {
    const headers = { 'content-type': 'application/json', origin: site.publicUrl, ...(cookie && { cookie }) }
    return ask(site.url, { method: 'POST', path: `/api/auth/${path}`, headers, body: JSON.stringify(body) })
  }
}

const me = (site: Site, cookie: string) => ask(site.url, { method: 'GET', path: '/api/v1/me', headers: { cookie } })

type Person = { email: string; password: string }

type Check = (claim: string, holds: boolean, otherwise?: string) => void

/** Sends a form as a page of the product would. */
function post(site: Site, path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const body = new URLSearchParams(fields).toString()
  const type = 'application/x-www-form-urlencoded'
  const own = { 'content-type': type, origin: site.publicUrl, accept: 'text/html' }
  return ask(site.publicUrl, { method: 'POST', path, headers: { ...own, ...headers }, body })
}

/** Whether a browser that is sent there stays with the product. */
function staysHere(site: Site, { headers: { location } }: Answer): boolean {
  return location === undefined || new URL(location, site.publicUrl).origin === site.publicUrl
}

async function tryRedirects(site: Site, { email, password }: Person, check: Check): Promise<void> {
  const left: string[] = []
  for (const target of ELSEWHERE) {
    const next = `/sign-in?/in&next=${encodeURIComponent(target)}`
    const answers = {
      'signing in': await post(site, next, { email, password }),
      'choosing a language': await post(site, '/language', { language: 'de', back: target }),
    }
    for (const [what, answer] of Object.entries(answers)) {
      if (answer.status !== 303 || !staysHere(site, answer) || answer.headers['x-evil'] !== undefined)
        left.push(`${what}: ${JSON.stringify(target)} led to ${String(answer.status)} ${answer.headers.location ?? ''}`)
    }
  }
  check('nobody is sent to another site by a parameter', left.length === 0, left.join('\n'))
}

/** What a request says of the host is believed by nobody who would write it into a link. */
async function tryHosts(site: Site, { email, password }: Person, check: Check): Promise<void> {
  const hosts = {
    host: EVIL,
    'x-forwarded-host': EVIL,
    'x-host': EVIL,
    forwarded: `host=${EVIL}`,
    'x-forwarded-proto': 'http',
  }
  const told: string[] = []
  for (const path of [
    '/',
    '/sign-in',
    '/sign-up',
    '/api/docs',
    '/api/openapi.json',
    '/app',
    '/language',
    '/nothing/here',
  ]) {
    for (const [name, value] of Object.entries(hosts)) {
      const answer = await ask(site.url, { method: 'GET', path, headers: { [name]: value, accept: 'text/html' } })
      const isTold = answer.text.includes(EVIL) || JSON.stringify(answer.headers).includes(EVIL)
      if (isTold || answer.status >= 500) told.push(`${path} with ${name}: ${String(answer.status)}`)
    }
  }
  check('another host that a request names gets into no page and no address', told.length === 0, told.join(', '))
  const cross = await post(site, '/sign-in?/in', { email, password }, { origin: `https://${EVIL}` })
  check('a form of another site is refused', cross.status === 403, String(cross.status))
  const without = await ask(site.url, {
    ...{ method: 'POST', path: '/api/auth/sign-in/email', body: JSON.stringify({ email, password }) },
    headers: { 'content-type': 'text/plain', origin: `https://${EVIL}` },
  })
  check('nor can another site sign a visitor in', without.status >= 400 && without.status < 500, String(without.status))
}
