import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from '../apps/server/src/local/free-port.ts'
import { createBusiness, type Business } from '../e2e/stack/business.ts'
import { startStack } from '../e2e/stack/stack.ts'
import { figure, type Figure } from './figure.ts'
import { applyLoad, byTurns } from './load.ts'
import { day, freeStarts, type Wish, type Wishes } from './wishes.ts'

const PROVIDERS = 20
const BOOKINGS = 2_000
const CONNECTIONS = 16
const BUSY_PER_SECOND = 50

export type Pace = { seconds: number; turns: number; say: (line: string) => void }

/** Reading a month of slots, alone and while bookings are made: over HTTP, beside a bare route. */
export async function httpFigures({ seconds, turns, say }: Pace): Promise<Figure[]> {
  await using stack = await startStack({ webProcesses: 1, worker: false })
  const url = stack.web[0]?.url ?? ''
  const business = await createBusiness(url, { slug: 'bench', providers: PROVIDERS })
  const starts = freeStarts(business.providers, business.services.half)
  const book = () => ({ path: `/api/v1/organizations/${business.slug}/bookings`, body: starts.next() })
  say(`booking ${BOOKINGS} appointments`)
  await applyLoad({ url, seconds: 60, connections: CONNECTIONS, amount: BOOKINGS, request: book })
  const month = `${url}/api/v1/organizations/${business.slug}/services/half/slots?from=${day(1)}&to=${day(30)}&timeZone=Europe/Berlin`
  const bytes = await (await fetch(month)).text()
  await using bare = await startBareRoute(bytes)
  const read = (address: string) => () => applyLoad({ url: address, seconds, connections: CONNECTIONS })
  say(`reading a month of slots, ${(bytes.length / 1024).toFixed(0)} kB`)
  const [slots, reference] = await byTurns(turns, read(month), read(bare.url))
  say('reading while 50 bookings a second are made')
  const busy = await whileBooking(url, business, starts, read(month))
  say(`${busy.bookingsPerSecond.toFixed(0)} bookings a second were made, and each was seen by the next read`)
  const bareRoute = {
    reference: 'a bare route with the same bytes',
    referenceValue: reference.perSecond,
    unit: 'requests/s',
  }
  return [
    figure({
      name: 'slots.month.rps',
      value: slots.perSecond,
      ...bareRoute,
      target: 'ratio >= 0.333',
      reached: (ratio) => ratio >= 1 / 3,
    }),
    figure({
      ...{
        name: 'slots.month.p99',
        value: slots.p99Ms,
        unit: 'ms',
        reference: 'the bare route',
        referenceValue: Math.max(reference.p99Ms, 0.01),
      },
      ...{ target: 'under 20 ms', reached: () => slots.p99Ms < 20 },
    }),
    figure({
      name: 'slots.month.busy.rps',
      value: busy.perSecond,
      ...bareRoute,
      target: 'ratio >= 0.2',
      reached: (ratio) => ratio >= 0.2,
    }),
  ]
}

/** Fifty bookings a second, each of which the very next read must show as taken. */
async function whileBooking(
  url: string,
  business: Business,
  starts: Wishes,
  measure: () => ReturnType<typeof applyLoad>,
) {
  const bookings: Promise<void>[] = []
  const timer = setInterval(() => bookings.push(bookAndLook(url, business, starts.next())), 1000 / BUSY_PER_SECOND)
  const startMs = performance.now()
  const result = await measure()
  clearInterval(timer)
  await Promise.all(bookings)
  const perSecond = bookings.length / ((performance.now() - startMs) / 1000)
  return { ...result, bookingsPerSecond: perSecond }
}

async function bookAndLook(url: string, business: Business, body: Wish): Promise<void> {
  const base = `${url}/api/v1/organizations/${business.slug}`
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${base}/bookings`, { method: 'POST', headers, body: JSON.stringify(body) })
  await answer.arrayBuffer()
  if (answer.status !== 201) throw new Error(`booking answered ${answer.status}`)
  const date = body.start.slice(0, 10)
  const slots = await (
    await fetch(`${base}/services/half/slots?from=${date}&to=${date}&timeZone=UTC&provider=${body.provider}`)
  ).text()
  if (slots.includes(`"start":"${body.start.slice(0, 19)}+00:00"`))
    throw new Error(`${body.start} was booked and is still offered`)
}

async function startBareRoute(bytes: string) {
  const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-bench-'))
  const file = join(folder, 'answer.json')
  await writeFile(file, bytes)
  const port = await findFreePort(25_000, '127.0.0.1')
  const child = spawn(process.execPath, [join(import.meta.dirname, 'bare-route.ts'), file, String(port)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const url = `http://127.0.0.1:${port}/`
  for (let tries = 0; tries < 100; tries++) {
    if (
      await fetch(url).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      child.kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
