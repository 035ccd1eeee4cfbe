import pg from 'pg'
import { changeBusiness, createBusiness, type Business } from '../e2e/stack/business.ts'
import { startStack } from '../e2e/stack/stack.ts'
import { measureBareInserts } from './bare-insert.ts'
import { figure, type Figure } from './figure.ts'
import type { Pace } from './http-figures.ts'
import { applyLoad, byTurns, type LoadResult } from './load.ts'
import { freeStarts, type Wishes } from './wishes.ts'

const PROVIDERS = 20
const SEATS = 20
const CLIENTS = [1, 16, 64]

/** What may be booked, and at least how fast beside bare inserts, where something is asked. */
const KINDS: { kind: string; offer: (url: string, slug: string) => Promise<Wishes>; least: Record<number, number> }[] =
  [
    { kind: 'single', offer: offerSingles, least: { 16: 1 / 3 } },
    { kind: 'claims3', offer: offerThree, least: {} },
    { kind: 'group', offer: offerClass, least: {} },
  ]

/** Booking over HTTP from 1, 16 and 64 clients, beside bare inserts by as many; and all of them after one time. */
export async function writeFigures({ seconds, turns, say, only }: Pace & { only: string }): Promise<Figure[]> {
  await using stack = await startStack({ webProcesses: 1, worker: false })
  const url = stack.web[0]?.url ?? ''
  const figures: Figure[] = []
  for (const { kind, offer, least } of KINDS) {
    for (const clients of CLIENTS.filter((count) => `bookings.${kind}.${count}`.startsWith(only))) {
      say(`booking, ${kind}, from ${clients} clients`)
      const slug = `${kind}-${clients}`
      const wishes = await offer(url, slug)
      const load = (more: object = {}) => {
        const request = () => ({ path: `/api/v1/organizations/${slug}/bookings`, body: wishes.next() })
        return applyLoad({ url, seconds, connections: clients, request, ...more })
      }
      await load({ amount: 500 })
      await analyze(stack.databaseUrl)
      const bare = async () => bareResult(await measureBareInserts(stack.databaseUrl, { clients, seconds }))
      const [booked, inserted] = await byTurns(turns, load, bare)
      const statuses = JSON.stringify(booked.statuses)
      say(`${Math.round(booked.perSecond)}/s, p99 ${booked.p99Ms} ms, answers ${statuses}`)
      const asked = least[clients]
      figures.push(
        figure({
          ...{ name: `bookings.${kind}.${clients}`, value: booked.perSecond, unit: 'bookings/s' },
          ...{ reference: 'bare inserts with the same constraint', referenceValue: inserted.perSecond },
          target: asked === undefined ? 'told, not judged' : `ratio >= ${asked.toPrecision(3)}`,
          reached: (ratio) => asked === undefined || ratio >= asked,
        }),
        figure({
          ...{ name: `bookings.${kind}.${clients}.p99`, value: booked.p99Ms, unit: 'ms' },
          ...{ reference: 'its median', referenceValue: booked.p50Ms, target: 'told, not judged', reached: () => true },
        }),
      )
    }
  }
  if (!'bookings.contended'.startsWith(only)) return figures
  say('all clients after one time')
  figures.push(...(await contendedFigures(url)))
  return figures
}

/** A database that has been in use knows its tables; a new one would plan for empty ones until its first minute is over. */
async function analyze(databaseUrl: string): Promise<void> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  await client.query('analyze')
  await client.end()
}

const bareResult = (perSecond: number): LoadResult => ({ perSecond, p50Ms: 0, p99Ms: 0, errors: 0, statuses: {} })

async function offerSingles(url: string, slug: string): Promise<Wishes> {
  const business = await createBusiness(url, { slug, providers: PROVIDERS })
  return freeStarts(business.providers, await addService(url, business, {}))
}

/** A provider, one of twenty rooms, and one of twenty devices. */
async function offerThree(url: string, slug: string): Promise<Wishes> {
  const business = await createBusiness(url, { slug, providers: PROVIDERS })
  const change = changeBusiness(url, business)
  const things: string[] = []
  for (const name of ['Room', 'Device'])
    things.push((await change('POST', '/resources', { name, quantity: PROVIDERS })).id)
  const service = await addService(url, business, {})
  const kinds = [business.providers, ...things.map((id) => [id])]
  const requirements = kinds.map((ids, index) => ({
    ...{ kind: index === 0 ? 'provider' : 'resource', count: 1, assign: 'in_order', fairDays: 30 },
    subjects: ids.map((id) => ({ id, weight: 1, priority: 0 })),
  }))
  await change('PUT', `/services/${service}/requirements`, { segments: [{ lengthMin: null, requirements }] })
  return freeStarts(business.providers, service)
}

async function offerClass(url: string, slug: string): Promise<Wishes> {
  const business = await createBusiness(url, { slug, providers: PROVIDERS })
  return freeStarts(business.providers, await addService(url, business, { capacity: SEATS }), SEATS)
}

async function addService(url: string, business: Business, more: object): Promise<string> {
  const service = { slug: 'measured', name: 'Measured', durationsMin: [30], stepMin: 30, windowDays: 730 }
  return (
    await changeBusiness(url, business)('POST', '/services', { ...service, providers: business.providers, ...more })
  ).id
}

const ROUNDS = 20

/** How long the winner of a time waits, and the last of those who lose, beside somebody who books alone. */
async function contendedFigures(url: string): Promise<Figure[]> {
  const business = await createBusiness(url, { slug: 'contended', providers: 1 })
  const wishes = freeStarts(business.providers, business.services.half)
  const book = async (start: string, number: number) => {
    const body = { ...wishes.next(), start, customer: { name: 'C', email: `c${number}@example.com` } }
    const beganMs = performance.now()
    const answer = await fetch(`${url}/api/v1/organizations/contended/bookings`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    })
    await answer.arrayBuffer()
    return { status: answer.status, ms: performance.now() - beganMs }
  }
  const starts = freeStarts(business.providers, business.services.half)
  const rounds = async (clients: number) => {
    const all = []
    for (let round = 0; round < ROUNDS; round++) {
      const { start } = starts.next()
      all.push(await Promise.all(Array.from({ length: clients }, (_, number) => book(start, number))))
    }
    return all
  }
  await rounds(64)
  const alone = median((await rounds(1)).map(([one]) => one?.ms ?? 0))
  const figures: Figure[] = []
  for (const clients of [16, 64]) {
    const all = await rounds(clients)
    if (all.some((answers) => answers.filter(({ status }) => status === 201).length !== 1))
      throw new Error('A time was not booked exactly once')
    const winners = median(all.map((answers) => answers.find(({ status }) => status === 201)?.ms ?? 0))
    const losers = median(all.map((answers) => Math.max(...answers.map(({ ms }) => ms))))
    for (const [who, value] of Object.entries({ winner: winners, losers })) {
      figures.push(
        figure({
          ...{ name: `bookings.contended.${clients}.${who}`, value, unit: 'ms' },
          ...{ reference: 'a booking alone', referenceValue: alone, target: 'told, not judged', reached: () => true },
        }),
      )
    }
  }
  return figures
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
}
