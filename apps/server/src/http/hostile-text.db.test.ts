import type { InjectOptions } from 'fastify'
import { describe, expect, test } from 'vitest'
import { book, bookingOf, TUESDAY } from '../../test/requests.ts'
import { sharedWorld, type World } from '../../test/world.ts'

type Parameter = { name: string; in: 'path' | 'query' | 'header' }
type Operation = { operationId: string; parameters?: Parameter[]; requestBody?: object }
type Document = { paths: Record<string, Record<string, Operation>> }

const SURROGATE_HALF = '\ud800'

/** What people send who want to see what breaks. */
const HOSTILE = [
  'a\0b',
  `a${SURROGATE_HALF}b`,
  `'; drop table booking; --`,
  `" or 1=1 --`,
  '%00%n%s',
  '../../etc/passwd',
  '${jndi:ldap://example.com}',
  '0000-00-00T00:00:00Z',
  '9999-12-31T23:59:60Z',
  '99999999999999999999',
  '-1',
  'NaN',
  '{"a":1}',
  '\u202e\u0301\u{1f4a9}',
  'x'.repeat(5000),
]

const HOURS = [{ weekday: 1, startMin: 540, endMin: 600 }]

const SCHEDULE = {
  ...{ name: 'A', timeZone: 'Europe/Berlin', weekly: HOURS, overrides: [{ date: TUESDAY, windows: [] }] },
  holidays: { country: 'DE', region: 'BE' },
  closures: [{ fromDate: TUESDAY, toDate: TUESDAY, name: 'B' }],
  stays: [{ fromDate: TUESDAY, toDate: TUESDAY, timeZone: 'Asia/Tokyo' }],
}

const TIME_OFF = {
  ...{ startsAt: `${TUESDAY}T09:00`, timeZone: 'Europe/Berlin', durationMin: 60 },
  ...{ rule: 'FREQ=WEEKLY', except: [TUESDAY], note: 'A' },
}

/** A body that each operation takes, with every text it may have. */
const BODIES: Record<string, (world: World) => object> = {
  createOrganization: () => ({
    ...{ slug: 'another', name: 'A', description: 'B', timeZone: 'Europe/Berlin', locale: 'en' },
    ...{ currency: 'EUR', accent: '#123456' },
  }),
  updateOrganization: () => ({
    ...{ name: 'A', description: 'B', timeZone: 'Europe/Berlin', locale: 'en', currency: 'EUR', accent: '#123456' },
  }),
  createService: (world) => serviceOf(world),
  updateService: (world) => serviceOf(world),
  createHold: (world) => ({
    service: 'consultation',
    start: `${TUESDAY}T10:00:00+01:00`,
    provider: world.ada.id,
  }),
  createBooking: (world) => ({
    ...bookingOf({ provider: world.ada.id, hold: world.ada.id, answers: { why: 'B' } }),
    customer: { name: 'A', email: 'a@example.com', phone: '+49 30', timeZone: 'Europe/Berlin', locale: 'en' },
    attendees: [{ name: 'C', email: 'c@example.com' }],
  }),
  createWish: (world) => ({
    ...{ service: 'consultation', from: TUESDAY, until: TUESDAY, fromTime: '09:00', untilTime: '17:00' },
    providers: [world.ada.id],
    customer: { name: 'A', email: 'a@example.com', timeZone: 'Europe/Berlin', locale: 'en' },
  }),
  wishEarlier: (world) => ({ from: TUESDAY, fromTime: '09:00', untilTime: '17:00', providers: [world.ada.id] }),
  takeOffer: () => ({ answers: { why: 'B' } }),
  rescheduleBooking: (world) => ({ start: `${TUESDAY}T12:00:00+01:00`, provider: world.ada.id }),
  moveBooking: (world) => ({ start: `${TUESDAY}T12:00:00+01:00`, provider: world.ada.id }),
  bookSeries: (world) => ({
    ...{ start: `${TUESDAY}T10:00`, timeZone: 'Europe/Berlin', rule: 'FREQ=DAILY;COUNT=2', except: [TUESDAY] },
    ...{ provider: world.ada.id, onConflict: 'skip', answers: { why: 'B' } },
    instead: [{ start: `${TUESDAY}T10:00:00+01:00`, instead: `${TUESDAY}T11:00:00+01:00` }],
    customer: { name: 'A', email: 'a@example.com', phone: '+49 30', timeZone: 'Europe/Berlin', locale: 'en' },
  }),
  listVisitSlots: (world) => ({
    ...{ items: [{ service: 'consultation', provider: world.ada.id }, { service: 'treatment' }] },
    ...{ from: TUESDAY, to: TUESDAY, timeZone: 'Europe/Berlin' },
  }),
  bookVisit: (world) => ({
    items: [{ service: 'consultation', provider: world.ada.id, answers: { why: 'B' } }, { service: 'treatment' }],
    start: `${TUESDAY}T10:00:00+01:00`,
    customer: { name: 'A', email: 'a@example.com', phone: '+49 30', timeZone: 'Europe/Berlin', locale: 'en' },
  }),
  changeSeats: () => ({ seats: 1 }),
  changeSeatsByLink: () => ({ seats: 1 }),
  splitBooking: (world) => ({ seats: 1, start: `${TUESDAY}T12:00:00+01:00`, provider: world.ada.id }),
  splitByLink: (world) => ({ seats: 1, start: `${TUESDAY}T12:00:00+01:00`, provider: world.ada.id }),
  cancelBundle: (world) => ({ from: world.ada.id, scope: 'all', reason: 'A' }),
  moveBundle: (world) => ({
    ...{ from: world.ada.id, scope: 'all', start: `${TUESDAY}T12:00:00+01:00`, provider: world.ada.id },
  }),
  declineBooking: () => ({ reason: 'A' }),
  declineByLink: () => ({ reason: 'A' }),
  reassignBooking: (world) => ({ provider: world.ada.id }),
  reassignProvider: () => ({ from: `${TUESDAY}T00:00:00+01:00`, to: `${TUESDAY}T23:00:00+01:00` }),
  createProvider: () => ({ name: 'A', title: 'B', email: 'c@example.com', colour: '#123456' }),
  updateProvider: () => ({ name: 'A', title: 'B', email: 'c@example.com', colour: '#123456' }),
  createResource: () => ({ name: 'A' }),
  updateResource: () => ({ name: 'A' }),
  createLocation: () => ({ kind: 'address', name: 'A', detail: 'B' }),
  updateLocation: () => ({ kind: 'address', name: 'A', detail: 'B' }),
  createSchedule: () => SCHEDULE,
  updateSchedule: () => SCHEDULE,
  createProviderTimeOff: () => TIME_OFF,
  createResourceTimeOff: () => TIME_OFF,
  updateTimeOff: () => TIME_OFF,
  previewSeries: () => ({ start: '2026-03-03T10:00', rule: 'FREQ=WEEKLY;COUNT=3', except: [TUESDAY] }),
  previewImpact: (world) => ({ provider: { id: world.ada.id, active: false } }),
  putRequirements: (world) => ({
    segments: [
      {
        lengthMin: null,
        requirements: [
          {
            ...{ kind: 'provider', count: 1, assign: 'by_turn', fairDays: 30 },
            subjects: [{ id: world.ada.id, weight: 1, priority: 0 }],
          },
        ],
      },
    ],
  }),
  createApiKey: () => ({ name: 'A', scopes: ['read'], days: 30 }),
  updateCustomer: () => ({ name: 'A', email: 'd@example.com', phone: '1', notes: 'B' }),
}

const serviceOf = (world: World) => ({
  ...{ slug: 'a', name: 'A', description: 'B', durationsMin: [30], currency: 'EUR', colour: '#123456' },
  questions: [{ id: 'why', label: 'Why?', kind: 'choice', required: false, choices: ['A', 'B'] }],
  ...{ providers: [world.ada.id], resources: [world.rooms.id] },
})

/** The same value once for every text in it, which is then replaced. */
function* withEachText(value: unknown, text: string): Generator {
  if (typeof value === 'string') yield text
  else if (Array.isArray(value)) {
    for (const [at, item] of value.entries())
      for (const changed of withEachText(item, text))
        yield value.map((other, index) => (index === at ? changed : other))
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, part] of Object.entries(value))
      for (const changed of withEachText(part, text)) yield { ...value, [name]: changed }
  }
}

function targetsOf({ paths }: Document) {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ path, method, ...operation })),
  )
}

type Target = ReturnType<typeof targetsOf>[number]

/** The address with valid parts, but for those that are given. */
function urlOf(world: World, { path, parameters = [] }: Target, replaced: Record<string, string> = {}) {
  const usual: Record<string, string> = { organization: world.slug, service: 'consultation', id: world.ada.id }
  const given = (name: string, otherwise = 'x') => encodeURIComponent(replaced[name] ?? usual[name] ?? otherwise)
  const pathname = path.replace(/\{(\w+)\}/g, (_whole, name: string) => given(name))
  const query = parameters.filter((parameter) => parameter.in === 'query' && parameter.name in replaced)
  return `${pathname}?${query.map(({ name }) => `${name}=${given(name)}`).join('&')}`
}

function* attacksOn(world: World, target: Target): Generator<InjectOptions> {
  const method = target.method.toUpperCase() as 'GET'
  const payload = BODIES[target.operationId]?.(world)
  for (const text of HOSTILE) {
    const wellFormed = text.toWellFormed()
    for (const { name, in: place } of target.parameters ?? []) {
      const body = payload && { payload }
      if (place === 'header')
        yield {
          method,
          url: urlOf(world, target),
          headers: { [name]: wellFormed.replaceAll(/[^\x20-\x7e]/g, '') },
          ...body,
        }
      else yield { method, url: urlOf(world, target, { [name]: wellFormed }), ...body }
    }
    for (const changed of withEachText(payload, text))
      yield { method, url: urlOf(world, target), payload: changed as object }
  }
}

describe('text that should break things', () => {
  const shared = sharedWorld()

  test('is taken as the text it is or refused as problem+json, wherever it stands', { timeout: 120_000 }, async () => {
    const world = shared()
    const headers = await world.signIn('owner')
    await book(world)
    const document: Document = (await world.inject({ url: '/api/openapi.json' })).json()
    const failures: object[] = []
    let count = 0
    for (const target of targetsOf(document)) {
      expect({ id: target.operationId, known: target.operationId in BODIES }).toEqual({
        id: target.operationId,
        known: target.requestBody !== undefined,
      })
      for (const attack of attacksOn(world, target)) {
        count += 1
        const answer = await world.inject({ ...attack, headers: { ...headers, ...attack.headers } })
        const isProblem = String(answer.headers['content-type']).startsWith('application/problem+json')
        if (answer.statusCode >= 500 || (answer.statusCode >= 400 && !isProblem))
          failures.push({ ...attack, status: answer.statusCode })
      }
    }
    expect(failures).toEqual([])
    expect(count).toBeGreaterThan(1000)
  })

  test('cannot be kept: the field is named and nothing is written', async () => {
    const world = shared()
    for (const name of ['a\0b', `a${SURROGATE_HALF}b`]) {
      const answer = await book(world, { customer: { name, email: 'zero@example.com' } })
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'customer.name' }] } })
    }
    expect(await world.sql(`select 1 from customer where email = 'zero@example.com'`)).toEqual([])
  })

  test('does not get into signing in either', async () => {
    const world = shared()
    for (const text of HOSTILE) {
      for (const path of ['sign-in/email', 'sign-up/email']) {
        const payload = { email: `${text}@example.com`, password: text.repeat(10), name: text }
        const answer = await world.inject({ method: 'POST', url: `/api/auth/${path}`, payload })
        expect({ text, path, failed: answer.statusCode >= 500 }).toEqual({ text, path, failed: false })
      }
      const cookie = `slotkeeper.session_token=${encodeURIComponent(text.toWellFormed())}`
      expect((await world.inject({ url: '/api/v1/me', headers: { cookie } })).statusCode).toBe(401)
    }
  })
})

test('the cursor of one list is none of another, and no forged one reaches the database', async () => {
  const world = forCursors()
  const headers = await world.signIn('owner')
  const lists = [
    'services',
    'providers',
    'resources',
    'locations',
    'schedules',
    'customers',
    'bookings',
    'messages',
    'audit-events',
  ]
  const of = (values: unknown) => Buffer.from(JSON.stringify(values)).toString('base64url')
  const id = world.ada.id
  const forged = ['x', of([]), of(['x']), of(['x', 'y', 'z', id]), of([1, id]), of([`' or 1=1`, 'x']), of(['a\0', id])]
  for (const list of lists) {
    for (const cursor of [...forged, of(['0000-01-01T00:00:00Z', 'x'])]) {
      const answer = await world.inject({
        url: `/api/v1/organizations/${world.slug}/${list}?cursor=${cursor}`,
        headers,
      })
      expect({ list, cursor, status: answer.statusCode, code: answer.json().code }).toEqual({
        ...{ list, cursor, status: 400, code: 'request.invalid' },
      })
    }
  }
})

const forCursors = sharedWorld()
