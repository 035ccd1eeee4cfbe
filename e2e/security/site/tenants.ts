import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { createBusiness, type Business } from '../../integrity/clients/business.ts'
import { newOwner } from '../../stack/sign-up.ts'
import { ask } from './ask.ts'
import type { Site } from './site.ts'

/** Stands in what is private to a business, so that it is seen wherever it comes out. */
export const OURS = 'Quillfeather'
export const THEIRS = 'Zephyrstone'

export type Role = 'owner' | 'admin' | 'manager' | 'provider' | 'viewer'

/** Whoever sends requests: what they say of themselves, and which private words they must never see. */
export type Caller = { name: string; headers: Record<string, string>; mustNotSee: string[] }

/** A link that a customer has. */
export type Link = { id: string; token: string }

export type Tenant = {
  business: Business
  /** ids by the part of the address that they stand behind, such as `bookings` */
  ids: Record<string, string[]>
  /** links of a customer who has no private words */
  links: { booking: Link; wish: Link; seats: Link }
  /** starts that are offered */
  starts: string[]
}

/** Two businesses, each with something of every kind, and everybody who asks. */
export type Tenants = { ours: Tenant; theirs: Tenant; callers: Caller[] }

export async function createTenants(site: Site, suffix: string): Promise<Tenants> {
  const ours = await createTenant(site, `ours-${suffix}`, OURS)
  const theirs = await createTenant(site, `theirs-${suffix}`, THEIRS)
  const call = api(site, ours.business)
  const key = async (scopes: string[]) => {
    const made = await call<{ key: string }>('POST', '/api-keys', { name: OURS, scopes, days: 3 })
    return { authorization: `Bearer ${made.key}` }
  }
  const member = async (role: Role) => ({ cookie: await signInMember(site, ours.business, role) })
  return {
    ours,
    theirs,
    callers: [
      { name: 'nobody', headers: {}, mustNotSee: [OURS, THEIRS] },
      { name: 'a stranger', headers: { cookie: theirs.business.cookie }, mustNotSee: [OURS] },
      { name: 'a viewer', headers: await member('viewer'), mustNotSee: [THEIRS] },
      { name: 'an owner', headers: { cookie: ours.business.cookie }, mustNotSee: [THEIRS] },
      { name: 'a reading key', headers: await key(['read']), mustNotSee: [THEIRS] },
      { name: 'a writing key', headers: await key(['bookings:write', 'setup:write']), mustNotSee: [THEIRS] },
    ],
  }
}

/** Calls the API as the owner of a business, or as nobody without a cookie, and must succeed. */
export function api(site: Site, { slug, cookie }: Business) {
  return async <Created = { id: string }>(method: string, path: string, body?: object): Promise<Created> => {
    const own: Record<string, string> = cookie === '' ? {} : { cookie }
    const headers = { 'content-type': 'application/json', ...own, 'idempotency-key': randomUUID() }
    const sent = { method, path: `/api/v1/organizations/${slug}${path}`, headers }
    const answer = await ask(site.url, { ...sent, ...(body && { body: JSON.stringify(body) }) })
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${String(answer.status)}: ${answer.text}`)
    return (answer.text === '' ? undefined : JSON.parse(answer.text)) as Created
  }
}

type Booked = { booking: { id: string }; token: string }

async function createTenant(site: Site, slug: string, word: string): Promise<Tenant> {
  const business = await createBusiness(site.url, { slug, timeZone: 'Europe/Berlin', linkFor: site.linkFor })
  const call = api(site, business)
  // As customers, whose requests wait for an approval.
  const visit = api(site, { ...business, cookie: '' })
  const [date = '', , last = ''] = business.dates
  const starts = await offeredStarts(site, business)
  let next = 0
  const start = () => starts[(next += 3)] ?? ''
  const person = (name: string) => ({ name, email: `${name.toLowerCase()}${String(next)}@example.com` })
  const book = async (name: string, service: string) => {
    const customer = { ...person(name), ...(name === word && { phone: '+49 30 1234567' }) }
    return visit<Booked>('POST', '/bookings', { service, start: start(), customer })
  }
  const booked = [await book(word, 'cut'), await book(word, 'cut'), await book(word, 'request')]
  const open = await book('Open', 'cut')
  const seats = await visit<Booked>('POST', '/bookings', {
    ...{
      service: 'class',
      start: starts.find((instant) => instant.startsWith(last)),
      seats: 2,
      customer: person('Open'),
    },
  })
  const wish = await visit<{ wish: { id: string }; token: string }>('POST', '/wishes', {
    ...{ service: 'cut', from: date, until: last, customer: person('Open') },
  })
  const [provider = ''] = business.providers
  const timeOff = await call('POST', `/providers/${provider}/time-off`, {
    ...{ startsAt: `${last}T11:00`, timeZone: 'Europe/Berlin', durationMin: 30, note: word },
  })
  const key = await call('POST', '/api-keys', { name: word, scopes: ['read'], days: 3 })
  const location = await call('POST', '/locations', { kind: 'phone', name: 'Call' })
  const morning = starts.find((instant) => instant.startsWith(last))
  const bundle = await visit('POST', '/visits', {
    ...{ items: [{ service: 'cut' }, { service: 'cut' }], start: morning, gapMin: 120, customer: person(word) },
  })
  const hold = await call('POST', '/holds', { service: 'cut', start: start() })
  const customers = await listIds(call, '/customers')
  await call('PATCH', `/customers/${customers[0] ?? ''}`, { notes: word })
  return {
    business,
    starts,
    links: {
      booking: { id: open.booking.id, token: open.token },
      seats: { id: seats.booking.id, token: seats.token },
      wish: { id: wish.wish.id, token: wish.token },
    },
    ids: {
      ...{ bookings: [...booked, open].map(({ booking }) => booking.id), wishes: [wish.wish.id], holds: [hold.id] },
      ...{ providers: business.providers, resources: [business.room], schedules: [business.scheduleId] },
      ...{ services: business.services.map(({ id }) => id), locations: [location.id], 'time-off': [timeOff.id] },
      ...{ bundles: [bundle.id] },
      ...{ 'api-keys': [key.id], customers, messages: await listIds(call, '/messages') },
    },
  }
}

async function listIds(call: ReturnType<typeof api>, path: string): Promise<string[]> {
  const { items } = await call<{ items: { id: string }[] }>('GET', path)
  return items.map(({ id }) => id)
}

async function offeredStarts(site: Site, { slug, dates }: Business): Promise<string[]> {
  const query = `from=${dates[0] ?? ''}&to=${dates.at(-1) ?? ''}`
  const path = `/api/v1/organizations/${slug}/services/cut/slots?${query}`
  const { text } = await ask(site.url, { method: 'GET', path })
  const { days } = JSON.parse(text) as { days: { slots: { start: string }[] }[] }
  return days.flatMap(({ slots }) => slots.map(({ start }) => start))
}

/** Signs somebody up, makes them a member as nobody can yet by the API, and tells their cookie. */
export async function signInMember(site: Site, { id, providers }: Business, role: Role): Promise<string> {
  const answer = await ask(site.url, {
    ...{ method: 'POST', path: '/api/auth/sign-up/email' },
    headers: { 'content-type': 'application/json', origin: site.publicUrl },
    body: JSON.stringify(await newOwner(`${role}-${randomUUID().slice(0, 8)}`, site.linkFor)),
  })
  const { user } = JSON.parse(answer.text) as { user: { id: string } }
  const superuser = new pg.Client({ connectionString: site.databaseUrl })
  await superuser.connect()
  try {
    await superuser.query(
      'insert into member (organization_id, id, user_id, role, provider_id) values ($1, $2, $3, $4, $5)',
      [id, randomUUID(), user.id, role, role === 'provider' ? providers[0] : null],
    )
  } finally {
    await superuser.end()
  }
  return cookieOf(answer.headers['set-cookie'])
}

/** What a browser sends back. */
export function cookieOf(set: string[] = []): string {
  return set.map((cookie) => cookie.split(';')[0]).join('; ')
}
