import assert from 'node:assert/strict'
import { createBusiness } from '../../stack/business.ts'
import { linkBy, newOwner } from '../../stack/sign-up.ts'
import type { Group, Tools } from '../harness/group.ts'
import { lines, type Installation } from '../harness/installation.ts'
import { ask, askByHttp2, askPlainly, shakeHands, trust, type Answer } from '../harness/visitor.ts'
import { checkFaults } from './nginx-faults.ts'
import { checkStreams } from './nginx-stream.ts'
import { checkByTestssl } from './nginx-testssl.ts'

/** Longer than any request of the API may be. */
const TOO_LONG = 'x'.repeat(2_000_000)

export const nginx: Group = {
  name: 'nginx',
  about: 'the way in: TLS, headers, compression, limits, and what people see when something is gone',
  async run({ check, installation: start, short }) {
    const installation = await start()
    trust(installation)
    await createBusiness(installation.url, { slug: 'salon', providers: 1, linkFor: linkBy(installation) })
    await check('nginx finds nothing wrong with its configuration', async () => {
      const { code, stderr } = await installation.tryCompose('exec', '-T', 'nginx', 'nginx', '-t')
      assert.equal(code, 0, stderr)
      assert.doesNotMatch(stderr, /warn|emerg/)
    })
    await checkTls(installation, check)
    await checkHeaders(installation, check)
    await checkFiles(installation, check)
    await checkPrivacy(installation, check)
    await checkFaults(installation, check)
    await checkStreams(installation, check)
    await checkLimits(installation, check)
    if (!short) await checkByTestssl(installation, check)
  },
}

async function checkTls(installation: Installation, check: Tools['check']): Promise<void> {
  const ciphers = 'ALL:@SECLEVEL=0'
  await check('TLS 1.2 and 1.3 are spoken, older versions and weak ciphers are not', async () => {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      assert.equal(await shakeHands(installation, { minVersion: version, maxVersion: version }), version)
    }
    for (const version of ['TLSv1', 'TLSv1.1'] as const) {
      assert.match(await shakeHands(installation, { minVersion: version, maxVersion: version, ciphers }), /alert|Error/)
    }
    const weak = { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA:DES-CBC3-SHA:@SECLEVEL=0' } as const
    assert.match(await shakeHands(installation, weak), /alert|Error/)
  })
  await check('HTTP/2 is agreed on, and pages come by it', async () => {
    assert.equal(await shakeHands(installation, { ALPNProtocols: ['h2', 'http/1.1'] }), 'TLSv1.3 h2')
    assert.equal(await askByHttp2(installation, '/salon'), 200)
  })
  await check('whoever comes without TLS is sent on to it, with the path', async () => {
    const { status, headers } = await askPlainly(installation, '/salon?date=2027-01-02')
    assert.equal(status, 301)
    assert.match(headers.location ?? '', /^https:\/\/[^/]+\/salon\?date=2027-01-02$/)
  })
  await check('who gives out certificates finds the proof on port 80', async () => {
    const proof =
      'mkdir -p /var/www/acme/.well-known/acme-challenge && echo proof > /var/www/acme/.well-known/acme-challenge/one'
    await installation.compose('exec', '-T', 'nginx', 'sh', '-c', proof)
    const { status, body } = await askPlainly(installation, '/.well-known/acme-challenge/one')
    assert.deepEqual([status, body], [200, 'proof\n'])
  })
}

async function checkHeaders(installation: Installation, check: Tools['check']): Promise<void> {
  const places = [
    '/salon',
    '/api/v1/organizations/salon',
    '/api/v1/organizations/nobody',
    await hashedFile(installation),
  ]
  await check('browsers are told to stay with TLS, on every kind of answer, and no header comes twice', async () => {
    for (const place of places) {
      const { headers, doubled } = await ask(installation, place)
      assert.match(headers['strict-transport-security'] ?? '', /max-age=\d{8}/, place)
      assert.deepEqual(doubled, [], place)
    }
  })
  await check('the version of nginx, and figures, are nobody’s business', async () => {
    const { headers } = await ask(installation, '/salon')
    assert.doesNotMatch(String(headers['server'] ?? ''), /\d/)
    assert.equal((await ask(installation, '/metrics')).status, 404)
  })
}

async function checkFiles(installation: Installation, check: Tools['check']): Promise<void> {
  await check('pages and answers of the API come compressed', async () => {
    for (const place of ['/salon', '/api/v1/organizations/salon/services']) {
      const { headers } = await ask(installation, place, { headers: { 'accept-encoding': 'gzip' } })
      assert.equal(headers['content-encoding'], 'gzip', place)
      assert.match(headers.vary ?? '', /accept-encoding/i, place)
    }
  })
  await check(
    'files with a hash in their name come compressed beforehand, and stay with browsers for a year',
    async () => {
      const path = await hashedFile(installation)
      for (const encoding of ['br', 'gzip']) {
        const { status, headers } = await ask(installation, path, { headers: { 'accept-encoding': encoding } })
        assert.deepEqual([status, headers['content-encoding']], [200, encoding])
        assert.match(headers['cache-control'] ?? '', /max-age=31536000.*immutable/)
      }
      const plain = await ask(installation, path)
      assert.equal(plain.headers['content-encoding'], undefined)
    },
  )
}

async function checkPrivacy(installation: Installation, check: Tools['check']): Promise<void> {
  await check('the application learns the real address of visitors, whatever they say of themselves', async () => {
    const headers = { 'content-type': 'application/json', origin: installation.url, 'x-forwarded-for': '6.6.6.6' }
    const body = JSON.stringify(await newOwner('eve', linkBy(installation)))
    const { status } = await ask(installation, '/api/auth/sign-up/email', { method: 'POST', headers, body })
    assert.equal(status, 200)
    const seen = lines(await installation.sql('select distinct "ipAddress" from auth.session'))
    assert.ok(seen.length > 0)
    for (const address of seen) assert.match(address, /^(172|192|10)\./)
  })
  await check('the access log is JSON, and tells paths without what follows the ? and without tokens', async () => {
    await ask(installation, '/booking/018f?token=planted-in-query', {
      headers: { referer: 'https://x/?t=planted-referer' },
    })
    const log = await installation.compose('logs', '--no-color', '--no-log-prefix', 'nginx')
    assert.doesNotMatch(log, /planted/)
    assert.doesNotMatch(await installation.compose('logs', '--no-color', 'app'), /planted/)
    const entries = lines(log)
      // Compose may put what clears a line of a terminal before it.
      .map((line) => line.slice(line.indexOf('{"time"')))
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { path: string })
    assert.ok(entries.some(({ path }) => path === '/booking/018f'))
  })
}

async function checkLimits(installation: Installation, check: Tools['check']): Promise<void> {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: TOO_LONG }
  await check('what is too large is refused in the form of the API, and with no word lost on it by pages', async () => {
    const { status, headers, body } = await ask(installation, '/api/v1/organizations/salon/bookings', post)
    assert.equal(status, 413)
    assert.match(headers['content-type'] ?? '', /^application\/problem\+json/)
    assert.equal((JSON.parse(body) as { code: string }).code, 'request.too_large')
    assert.equal((await ask(installation, '/salon', post)).status, 413)
  })
  await check('who asks too often is told so, and when to come again', async () => {
    const answers = await Promise.all(
      Array.from({ length: 400 }, () => ask(installation, '/api/v1/organizations/salon')),
    )
    const refused = answers.filter(({ status }) => status === 429)
    assert.ok(refused.length > 0 && refused.length < answers.length, `${refused.length} of ${answers.length} refused`)
    for (const { headers, body } of refused) {
      assert.ok(Number(headers['retry-after']) > 0)
      assert.match(headers['content-type'] ?? '', /^application\/problem\+json/)
      assert.equal((JSON.parse(body) as { code: string }).code, 'rate.limited')
    }
  })
}

/** One of the files with a hash in its name that a page asks for. */
async function hashedFile(installation: Installation): Promise<string> {
  const { body }: Answer = await ask(installation, '/salon')
  const path = /_app\/immutable\/[^"']+\.js/.exec(body)?.[0]
  assert.ok(path, 'the page names no such file')
  return `/${path}`
}
