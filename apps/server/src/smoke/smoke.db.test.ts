import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { request as forward } from 'node:http'
import { createServer } from 'node:https'
import { expect, test } from 'vitest'
import { createAuthority } from '../../test/certificates.ts'
import { runMain, told } from '../../test/run-command.ts'
import { createWorld } from '../../test/world.ts'
import type { Finding } from '../shared/finding.ts'
import { smoke } from './smoke.service.ts'

/** Worlds have no pages: what is asked of the API is well, and what needs a page is not. */
const PAGES = ['start page', 'static file', 'business page', 'booking page']

const statesOf = (findings: Finding[]) => Object.fromEntries(findings.map(({ name, state }) => [name, state]))

/** An HTTPS proxy with a certificate that nobody knows, in front of an address. */
async function startProxy(address: string) {
  const authority = await createAuthority()
  const { certFile, keyFile } = await authority.issue('localhost')
  const tls = { cert: await readFile(certFile), key: await readFile(keyFile) }
  const server = createServer(tls, (request, response) => {
    const { method, headers, url = '/' } = request
    const onward = forward(new URL(url, address), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    request.pipe(onward)
  })
  server.listen(0)
  await once(server, 'listening')
  const bound = server.address()
  return {
    url: `https://localhost:${typeof bound === 'object' && bound ? bound.port : 0}`,
    [Symbol.asyncDispose]: async () => {
      server.close()
      await authority[Symbol.asyncDispose]()
    },
  }
}

test('the way of a customer is tried to its end, and leaves nothing', async () => {
  await using world = await createWorld()
  const { address: url } = await world.listen()
  const findings = await smoke({ url, organization: world.slug, insecure: false }, world.clock)
  const states = statesOf(findings)
  for (const name of ['health', 'ready', 'OpenAPI', 'free times', 'hold'])
    expect({ name, state: states[name] }).toEqual({ name, state: 'ok' })
  expect(await world.sql('select from claim')).toEqual([])
  expect(await world.sql('select from hold')).toEqual([])
  expect(await world.sql('select from audit_event')).toEqual([])
})

test('what does not work is a failure with what to do, and the others are told all the same', async () => {
  await using world = await createWorld()
  const { address: url } = await world.listen()
  const findings = await smoke({ url, organization: world.slug, insecure: false }, world.clock)
  expect(findings.filter(({ state }) => state === 'failed').map(({ name }) => name)).toEqual(PAGES)
  expect(findings.filter(({ state, fix }) => state === 'failed' && !fix)).toEqual([])
})

test('a business that is not there is a failure; one that is not named is skipped with a word', async () => {
  await using world = await createWorld()
  const { address: url } = await world.listen()
  const none = await smoke({ url, organization: 'nobody', insecure: false }, world.clock)
  expect(none.find(({ name }) => name === 'business')).toMatchObject({ state: 'failed' })
  const unnamed = await smoke({ url, organization: undefined, insecure: false }, world.clock)
  expect(unnamed.at(-1)).toMatchObject({ state: 'warning', found: expect.stringContaining('skipped') })
})

test('a certificate that nobody vouches for is refused, unless --insecure is said', async () => {
  await using world = await createWorld()
  await using proxy = await startProxy((await world.listen()).address)
  const args = ['smoke', '--url', proxy.url, '--json']
  const refused = told<{ findings: Finding[] }>(await runMain(args))
  expect(refused.findings.find(({ name }) => name === 'health')).toMatchObject({
    state: 'failed',
    found: expect.stringContaining('certificate'),
  })
  const taken = told<{ findings: Finding[] }>(await runMain([...args, '--insecure']))
  expect(statesOf(taken.findings)['health']).toBe('ok')
})

test('the command ends with 1 where nobody answers, and with 2 for what is no address', async () => {
  const { code, out } = await runMain(['smoke'], { PORT: '1' })
  expect(code).toBe(1)
  expect(out).toMatch(/failed +health +.*ECONNREFUSED/)
  expect(await runMain(['smoke', '--url', 'book.example.com'])).toMatchObject({ code: 2 })
})
