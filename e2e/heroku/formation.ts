import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from '../../apps/server/src/local/free-port.ts'
import { createBusiness, type Business } from '../stack/business.ts'
import { linkIn } from '../stack/sign-up.ts'
import type { Claims } from '../docker/claims.ts'
import type { AddOns } from './add-ons.ts'
import { configVars, type App } from './app.ts'
import { startDyno, type Dyno } from './dyno.ts'
import { startRouter } from './router.ts'
import type { Slug } from './slug.ts'

/** The platform gives a web process so long to listen. */
const BOOT_MS = 60_000

type Scene = { slug: Slug; app: App; addOns: AddOns; say: (line: string) => void }

/** Releases the slug and runs its processes; then a release fails, and another takes over. */
export async function tryFormation({ slug, app, addOns, say }: Scene, claims: Claims): Promise<void> {
  const { folder } = slug
  await using stack = new AsyncDisposableStack()
  const port = await findFreePort(20_000 + Math.floor(Math.random() * 20_000), '127.0.0.1')
  const router = stack.use(await startRouter(port))
  const url = `http://127.0.0.1:${router.port}`
  const vars = configVars(app, { ...addOns.vars, PUBLIC_URL: url, MAIL_FROM: 'bookings@example.com' })
  const start = (type: string, changes: Record<string, string> = {}) =>
    startDyno({
      folder,
      command: app.processes[type] ?? 'false',
      vars: { ...vars, ...changes },
      dyno: `${type}.1`,
      port,
    })

  say('\nthe release command, before any process')
  const release = start('release')
  claims.check(
    'it brings an empty database to the newest schema',
    (await release.ended) === 0,
    release.lines.join('\n'),
  )
  const again = start('release')
  claims.check('the next one finds nothing to do', (await again.ended) === 0, again.lines.join('\n'))

  say('\nthe processes, with nothing but config vars')
  const [web, worker] = [start('web'), start('worker')]
  const running = [web, worker]
  stack.defer(async () => {
    await Promise.all(running.map(endIfRunning))
  })
  const isUp = await answers(url)
  claims.check('web listens on PORT within a minute', isUp, web.lines.join('\n'))
  if (!isUp) return
  const linkFor = async (email: string) => {
    const command = `node apps/server/src/main.ts sign-up-link ${email} --json`
    const dyno = startDyno({ folder, command, vars, dyno: 'run.1', port })
    await dyno.ended
    return linkIn(dyno.lines.find((line) => line.startsWith('{')) ?? '')
  }
  const business = await createBusiness(url, { slug: 'practice', providers: 2, linkFor })
  claims.check('a business is set up through the router', business.providers.length === 2)
  const page = await fetch(`${url}/practice`)
  claims.check('people see it', page.status === 200 && (await page.text()).includes('</html>'), String(page.status))
  claims.check(
    'what is logged is lines of JSON',
    web.lines.every((line) => line.startsWith('{')),
    web.lines.find((line) => !line.startsWith('{')),
  )
  claims.check('a booking is taken', await book(url, business))
  claims.check('the worker sends its mails', await hasMails(addOns.inboxUrl), worker.lines.join('\n'))

  say('\na release that fails')
  const failing = start('release', { DATABASE_URL: `${vars['DATABASE_URL'] ?? ''}-nowhere` })
  claims.check('it ends with a failure, so that the platform lets the old one run', (await failing.ended) !== 0)
  claims.check('the old one serves', (await fetch(`${url}/practice`)).status === 200)

  say('\na dyno is cycled: SIGTERM, and 30 seconds')
  for (const [name, dyno] of [
    ['web', web],
    ['worker', worker],
  ] as const) {
    const { code, seconds, wasKilled } = await dyno.stop()
    const how = `${seconds.toFixed(1)} s`
    claims.check(`${name} ends by itself within 30 s (${how})`, !wasKilled && code === 0, `${code}, ${how}`)
  }
  const next = start('web')
  running.push(next)
  claims.check(
    'the next one takes over, with all that was there',
    (await answers(url)) && (await fetch(`${url}/practice`)).status === 200,
  )
}

async function answers(url: string): Promise<boolean> {
  const deadlineMs = performance.now() + BOOT_MS
  while (performance.now() < deadlineMs) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined)
    if (answer?.status === 200) return true
    await sleep(200)
  }
  return false
}

async function book(url: string, { slug, services, providers }: Business): Promise<boolean> {
  const day = Temporal.Now.plainDateISO('UTC').add({ days: 3 }).toString()
  const customer = { name: 'A customer', email: 'customer@example.com' }
  const answer = await fetch(`${url}/api/v1/organizations/${slug}/bookings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ service: services.half, start: `${day}T10:00:00Z`, provider: providers[0], customer }),
  })
  await answer.arrayBuffer()
  return answer.status === 201
}

/** Whether the customer and the provider have heard of it within a minute. */
async function hasMails(inboxUrl: string): Promise<boolean> {
  const deadlineMs = performance.now() + BOOT_MS
  while (performance.now() < deadlineMs) {
    const mails = (await (await fetch(`${inboxUrl}/api/email`)).json()) as unknown[]
    if (mails.length >= 2) return true
    await sleep(200)
  }
  return false
}

async function isRunning({ ended }: Dyno): Promise<boolean> {
  return await Promise.race([ended.then(() => false), sleep(1_000).then(() => true)])
}

async function endIfRunning(dyno: Dyno): Promise<void> {
  if (await isRunning(dyno)) await dyno.stop()
}
