import fc, { type Arbitrary } from 'fast-check'
import type { Asked } from '../site/ask.ts'
import type { Link, Tenant, Tenants } from '../site/tenants.ts'
import type { Operation, Parameter } from './document.ts'
import {
  BROKEN_BODIES,
  CONTENT_TYPES,
  HOSTILE_HEADERS,
  HOSTILE_PARTS,
  HOSTILE_QUERIES,
  HOSTILE_VALUES,
  spoiled,
} from './hostile.ts'
import { recordsOf, valuesOf, type Words } from './values.ts'

type Parts = { params: Record<string, string>; query: [string, string][] }

/** Requests for an operation: in order, or hostile in one way or another. */
export function requestsOf(operation: Operation, tenants: Tenants): Arbitrary<Asked> {
  const words = wordsOf(tenants)
  const orderly = fc.record({
    parts: partsOf(operation, tenants, words),
    body: operation.body ? valuesOf(operation.body, words) : fc.constant(undefined),
    headers: headersOf(operation),
  })
  const inOrder = orderly.map((made) => toRequest(operation, made))
  const hostile = fc.oneof(
    withSpoiledBody(operation, orderly, words),
    withSpoiledAddress(operation, orderly),
    orderly.chain((made) =>
      fc.constantFrom(...HOSTILE_HEADERS).map((headers) => {
        return toRequest(operation, { ...made, headers: { ...made.headers, ...headers } })
      }),
    ),
    withBrokenBody(operation, orderly),
  )
  return fc.oneof(inOrder, hostile)
}

type Orderly = { parts: Parts; body: unknown; headers: Record<string, string> }

function withSpoiledBody(operation: Operation, orderly: Arbitrary<Orderly>, words: Words): Arbitrary<Asked> {
  if (!operation.body) return withBrokenBody(operation, orderly)
  const bodies = spoiled(valuesOf(operation.body, words))
  return fc.tuple(orderly, bodies).map(([made, body]) => toRequest(operation, { ...made, body: body ?? null }))
}

function withBrokenBody(operation: Operation, orderly: Arbitrary<Orderly>): Arbitrary<Asked> {
  const parts = fc.tuple(orderly, fc.constantFrom(...BROKEN_BODIES), fc.constantFrom(...CONTENT_TYPES), fc.boolean())
  return parts.map(([made, broken, type, isBroken]) => {
    const request = toRequest(operation, made)
    const body = isBroken ? broken : (request.body ?? '{}')
    const told = isBroken && type.length % 2 === 0 ? 'application/json' : type
    return { ...request, body, headers: { ...request.headers, 'content-type': told } }
  })
}

/** A part of the path or of the query is something else, or comes twice. */
function withSpoiledAddress(operation: Operation, orderly: Arbitrary<Orderly>): Arbitrary<Asked> {
  const texts = HOSTILE_VALUES.filter((value) => typeof value === 'string').map((text) =>
    encodeURIComponent(text.toWellFormed()).slice(0, 4000),
  )
  const part = fc.constantFrom(...HOSTILE_PARTS, ...texts)
  return fc.tuple(orderly, part, fc.constantFrom(...HOSTILE_QUERIES), fc.nat(3)).map(([made, hostile, query, way]) => {
    const { params, query: own } = made.parts
    const names = Object.keys(params)
    const name = names[hostile.length % Math.max(1, names.length)]
    if (way === 0 && name !== undefined) {
      return toRequest(operation, { ...made, parts: { params: { ...params, [name]: hostile }, query: own } })
    }
    const request = toRequest(operation, made)
    const joint = request.path.includes('?') ? '&' : '?'
    if (way === 1) return { ...request, path: `${request.path}${joint}${query}` }
    const [first] = operation.parameters.filter((parameter) => parameter.in === 'query')
    if (first) return { ...request, path: `${request.path}${joint}${first.name}=${hostile}` }
    return { ...request, path: request.path.replace('/api/v1/', way === 2 ? '/api//v1/' : '/api/v1/./') }
  })
}

function toRequest({ method, path, body: takesBody }: Operation, { parts, body, headers }: Orderly): Asked {
  const pathname = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => parts.params[name] ?? '')
  const query = parts.query.map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`).join('&')
  const request = { method, path: query === '' ? pathname : `${pathname}?${query}`, headers }
  if (!takesBody || body === undefined) return request
  return { ...request, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }
}

function partsOf(operation: Operation, tenants: Tenants, words: Words): Arbitrary<Parts> {
  const { ours, theirs } = tenants
  const kind = /([a-z-]+)\/\{id\}/.exec(operation.path)?.[1] ?? ''
  const own = ours.ids[kind] ?? []
  const known = [...own, ...own, ...own, ...(theirs.ids[kind] ?? [])]
  const ids = known.length === 0 ? fc.uuid() : fc.oneof(fc.constantFrom(...known), fc.constantFrom(...known), fc.uuid())
  const slugs = [ours, ours, ours, ours, ours, ours, theirs].map(({ business }) => business.slug)
  const services = [...ours.business.services.flatMap(({ id, slug }) => [id, slug]), ...(theirs.ids['services'] ?? [])]
  const query = operation.parameters.filter((parameter) => parameter.in === 'query' && parameter.name !== 'token')
  const isLinked = operation.parameters.some(({ name }) => name === 'token')
  return fc
    .record({
      organization: fc.constantFrom(...slugs),
      service: fc.constantFrom(...services),
      id: ids,
      link: fc.constantFrom(...linksOf(ours, kind)),
      query: queryOf(query, words),
    })
    .map(({ link, query: asked, ...params }) => {
      if (!isLinked || !operation.path.includes('{id}')) return { params, query: asked }
      return { params: { ...params, id: link.id }, query: [...asked, ['token', link.token]] }
    })
}

function linksOf({ links, ids }: Tenant, kind: string): Link[] {
  const link = kind === 'wishes' ? links.wish : links.booking
  const [other = ''] = ids[kind] ?? []
  return [link, link, link, { id: other, token: link.token }, { id: link.id, token: 'A'.repeat(56) }]
}

function queryOf(parameters: Parameter[], words: Words): Arbitrary<[string, string][]> {
  const parts = parameters.map(({ name, schema }) => [name, valuesOf(schema, words, name)] as const)
  const requiredKeys = parameters.filter(({ required }) => required).map(({ name }) => name)
  return recordsOf(Object.fromEntries(parts), requiredKeys).map((values) =>
    Object.entries(values).map(([name, value]) => [name, String(value)]),
  )
}

function headersOf({ parameters }: Operation): Arbitrary<Record<string, string>> {
  if (!parameters.some(({ name }) => name === 'idempotency-key')) return fc.constant({})
  const keys = fc.oneof({ weight: 8, arbitrary: fc.uuid() }, fc.constant('the-same-key-every-time'))
  return fc.option(keys, { nil: undefined }).map((key): Record<string, string> => {
    return key === undefined ? {} : { 'idempotency-key': key }
  })
}

/** What is really there, by the names under which operations take it. */
function wordsOf({ ours, theirs }: Tenants): Words {
  const { business, ids, starts, links } = ours
  const { dates, providers, services } = business
  const locals = dates.flatMap((date) => [`${date}T09:00`, `${date}T10:30`])
  const times = { from: [...dates, ...starts.slice(0, 9)], to: [...dates, ...starts.slice(9, 18)] }
  return {
    ...{ service: services.map(({ slug }) => slug), provider: providers, providers, start: [...starts, ...locals] },
    ...{ ...times, until: dates, date: dates, fromDate: dates, toDate: dates, startsAt: locals, except: dates },
    ...{ timeZone: ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'UTC'], locale: ['en', 'de', 'ar'] },
    ...{ currency: ['EUR', 'JPY', 'KWD'], country: ['DE', 'US'], region: ['BE'], year: [2026], duration: [30, 60] },
    ...{ seats: [1, 2], hold: ids['holds'] ?? [], scheduleId: [business.scheduleId], resources: [business.room] },
    ...{ id: [...providers, business.room, ...(theirs.ids['providers'] ?? [])], rescheduling: ids['bookings'] ?? [] },
    ...{ customer: ids['customers'] ?? [], token: [links.booking.token], booking: ids['bookings'] ?? [] },
    ...{ rule: ['FREQ=DAILY;COUNT=3', 'FREQ=WEEKLY;COUNT=2', 'FREQ=MONTHLY;BYDAY=-1FR;COUNT=4', 'FREQ=YEARLY'] },
    ...{ email: ['fuzz@example.com'], locationId: ids['locations'] ?? [], locations: ids['locations'] ?? [] },
  }
}
