import { gzipSync } from 'node:zlib'
import type { Context, Group } from '../group.ts'
import { ask } from '../site/ask.ts'
import { sendRaw } from '../site/raw.ts'
import { createTenants } from '../site/tenants.ts'

const request = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`
const HOST = 'Host: localhost'
const POST = ['POST /api/v1/me HTTP/1.1', HOST, 'Content-Type: application/json']

/** Bytes that two servers could read in two ways, one of which has another request in it. */
const AMBIGUOUS: Record<string, string> = {
  'a length and chunks at once': `${request(...POST, 'Content-Length: 6', 'Transfer-Encoding: chunked')}0\r\n\r\nG`,
  'two lengths': `${request(...POST, 'Content-Length: 5', 'Content-Length: 6')}{"a":1}`,
  'a length of several': `${request(...POST, 'Content-Length: 5, 5')}{"a":1}`,
  'a length with a sign': `${request(...POST, 'Content-Length: +5')}{"a":1}`,
  'chunks under a misspelt name': `${request(...POST, 'Transfer-Encoding: xchunked')}0\r\n\r\n`,
  'chunks said twice': `${request(...POST, 'Transfer-Encoding: chunked', 'Transfer-Encoding: identity')}0\r\n\r\n`,
  'a size of a chunk that is none': `${request(...POST, 'Transfer-Encoding: chunked')}0x5\r\n{"a":\r\n0\r\n\r\n`,
  'a space before the colon': `${request(...POST, 'Content-Length : 5')}{"a":1}`,
  'a folded header': request('GET /health HTTP/1.1', HOST, 'X-A: b', ' Content-Length: 5'),
  'lines that end in a line feed alone': `GET /health HTTP/1.1\n${HOST}\nContent-Length: 5\n\nabcde`,
  'a zero in a header': request('GET /health HTTP/1.1', HOST, 'X-A: b\0c'),
  'no host': request('GET /health HTTP/1.1'),
  'two hosts': request('GET /api/v1/me HTTP/1.1', HOST, 'Host: evil.example', 'Content-Length: x'),
  'headers without an end': request('GET /health HTTP/1.1', HOST, `X-A: ${'b'.repeat(40_000)}`),
}

/** What goes over the wire below HTTP's meaning: requests that hide others, slow ones, bombs. */
export const transport: Group = {
  name: 'transport',
  run: async (context) => {
    for (const [what, bytes] of Object.entries(AMBIGUOUS)) await refuse(context, what, bytes)
    await tryBodies(context)
    if (!context.short) await trySlowness(context)
  },
}

/** Refused, and the connection is over: nothing that follows is taken for a request of its own. */
async function refuse({ site, claims }: Context, what: string, bytes: string): Promise<void> {
  const hidden = request('GET /health HTTP/1.1', HOST)
  const { statuses, isClosed, text } = await sendRaw(site.url, bytes + hidden)
  const isRefused = statuses.length <= 1 && statuses.every((status) => status >= 400 && status < 500) && isClosed
  claims.check(`${what}: refused, and nothing behind it is read`, isRefused, text.slice(0, 300))
}

async function tryBodies({ site, claims }: Context): Promise<void> {
  const post = (body: Buffer | string, headers: Record<string, string>) => {
    const all = { 'content-type': 'application/json', origin: site.publicUrl, ...headers }
    return ask(site.url, { method: 'POST', path: '/api/auth/sign-in/email', headers: all, body })
  }
  const bomb = gzipSync(Buffer.alloc(50_000_000, 0x20))
  const bombed = await post(bomb.subarray(0, 8_000), { 'content-encoding': 'gzip' })
  claims.check('what is packed is not unpacked', bombed.status === 400 || bombed.status === 415, String(bombed.status))
  const large = await post(JSON.stringify({ email: 'x'.repeat(100_000) }), {})
  claims.check('more than an address takes is refused', large.status === 413, String(large.status))
  const before = await ask(site.url, { method: 'GET', path: '/health' })
  const endless = `${request(...POST.with(0, 'POST /api/v1/organizations HTTP/1.1'), 'Transfer-Encoding: chunked')}${`ffff\r\n${'x'.repeat(0xffff)}\r\n`.repeat(80)}`
  const { statuses } = await sendRaw(site.url, endless)
  claims.check(
    'a body without an end is cut off',
    before.status === 200 && statuses.every((status) => status === 401 || status === 413),
    statuses.join(),
  )
  const page = await ask(site.publicUrl, {
    ...{ method: 'POST', path: '/sign-in?/in', body: `email=${'x'.repeat(2_000_000)}` },
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: site.publicUrl, accept: 'text/html' },
  })
  claims.check(
    'a form larger than pages take is refused',
    page.status === 413 || page.status === 400,
    String(page.status),
  )
}

/** Who sends a byte now and then holds a connection, and no more than that, for a minute at most. */
async function trySlowness({ site, claims, seed }: Context): Promise<void> {
  const untilMs = 75_000
  const { ours } = await createTenants(site, `slow${String(seed)}`)
  const started = [
    sendRaw(site.url, 'GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: ', { untilMs }),
    sendRaw(site.url, `${request(...POST, 'Content-Length: 100')}{`, { untilMs }),
    sendRaw(site.url, '', { untilMs: 2_000 }),
  ]
  const crowd = Array.from({ length: 300 }, () =>
    sendRaw(site.url, 'GET / HTTP/1.1\r\nHost: a\r\nX: ', { untilMs: 20_000 }),
  )
  const page = await ask(site.url, { method: 'GET', path: `/api/v1/organizations/${ours.business.slug}` })
  claims.check('three hundred who send nothing more keep nobody from being answered', page.status === 200)
  const [headers, body] = await Promise.all(started)
  await Promise.all(crowd)
  claims.check('headers that do not end are given up', headers?.isClosed === true, headers?.text)
  claims.check('a body that does not come is given up', body?.isClosed === true, body?.text)
}
