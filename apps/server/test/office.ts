import { expect } from 'vitest'
import { book, slotsOn, timesOf, TUESDAY } from './requests.ts'
import type { World } from './world.ts'

/** Makes an API key and must succeed: what it says of itself, and headers of who has it. */
export async function addApiKey(
  world: World,
  headers: { cookie: string },
  { slug = world.slug, ...changes }: { slug?: string; scopes?: string[]; days?: number; name?: string } = {},
) {
  const payload = { name: 'Website', scopes: ['read'], days: 30, ...changes }
  const answer = await world.inject({
    method: 'POST',
    url: `/api/v1/organizations/${slug}/api-keys`,
    headers,
    payload,
  })
  expect({ status: answer.statusCode, body: answer.body }).toMatchObject({ status: 201 })
  const { key, ...view } = answer.json<{ id: string; hint: string; key: string }>()
  return { ...view, key, headers: { authorization: `Bearer ${key}` } }
}

type Subject = string | { id: string; weight?: number; priority?: number }
type Need = { kind: 'provider' | 'resource'; subjects: Subject[]; count?: number; assign?: string; fairDays?: number }
export type Segment = { lengthMin: number | null; requirements: Need[] }

/** Signs in an owner, who changes what the business offers. Everything must succeed. */
export async function openOffice(world: World) {
  const headers = await world.signIn('owner')
  const send = async (method: 'POST' | 'PUT' | 'PATCH', path: string, payload: object) => {
    const url = `/api/v1/organizations/${world.slug}${path}`
    const answer = await world.inject({ method, url, headers, payload })
    expect({ path, ok: answer.statusCode < 300, body: answer.body }).toMatchObject({ ok: true })
    return answer.json<{ id: string }>()
  }
  return {
    headers,
    patchService: (id: string, changes: object) => send('PATCH', `/services/${id}`, changes),
    patchProvider: (id: string, changes: object) => send('PATCH', `/providers/${id}`, changes),
    patchResource: (id: string, changes: object) => send('PATCH', `/resources/${id}`, changes),
    addProvider: async (name: string, more: object = {}) => (await send('POST', '/providers', { name, ...more })).id,
    addResource: async (name: string, more: object = {}) => (await send('POST', '/resources', { name, ...more })).id,
    addService: async (slug: string, more: object) =>
      (await send('POST', '/services', { slug, name: slug, ...more })).id,
    addSchedule: async (more: object) =>
      (await send('POST', '/schedules', { name: 'More hours', timeZone: 'Europe/Berlin', ...more })).id,
    /** Says all that a service needs. */
    needs: (id: string, segments: Segment[]) =>
      send('PUT', `/services/${id}/requirements`, { segments: segments.map(wholeSegment) }),
  }
}

/** Requirements as the API takes them. */
export function wholeSegment({ lengthMin, requirements }: Segment) {
  return {
    lengthMin,
    requirements: requirements.map(({ subjects, ...need }) => ({
      ...{ count: 1, assign: 'in_order', fairDays: 30, ...need },
      subjects: subjects.map((subject) => ({
        ...{ weight: 1, priority: 0, ...(typeof subject === 'string' ? { id: subject } : subject) },
      })),
    })),
  }
}

/** One of these people. */
export const person = (...subjects: Subject[]): Need => ({ kind: 'provider', subjects })
/** One of these things. */
export const thing = (...subjects: Subject[]): Need => ({ kind: 'resource', subjects })

/** What a booking or a hold, or all, take: of whom, which unit, from when to when in Berlin, with which buffers. */
export async function claimsIn(world: World, ownerId?: string): Promise<string[]> {
  const rows = await world.sql<{ line: string }>(
    `select format('%s%s %s-%s +%s +%s', coalesce(p.name, r.name), case when r.quantity > 1 then ' ' || c.unit end,
       to_char(lower(c.during) at time zone 'Europe/Berlin', 'HH24:MI'),
       to_char(upper(c.during) at time zone 'Europe/Berlin', 'HH24:MI'), c.before_min, c.after_min) as line
     from claim c
     left join provider p on p.organization_id = c.organization_id and p.id = c.subject_id
     left join resource r on r.organization_id = c.organization_id and r.id = c.subject_id
     where $1::uuid is null or $1 in (c.booking_id, c.hold_id) order by lower(c.during), line`,
    [ownerId ?? null],
  )
  return rows.map(({ line }) => line)
}

/** An instant at a local time of Berlin before the clocks change in spring. */
export const at = (time: string, date = TUESDAY) => `${date}T${time}:00+01:00`

/** Local times of a day, so many minutes apart. */
export function timesEvery(stepMin: number, from = '00:00', to = '24:00'): string[] {
  const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
  const count = Math.ceil((minuteOf(to) - minuteOf(from)) / stepMin)
  return Array.from({ length: count }, (_, index) => {
    const minute = minuteOf(from) + index * stepMin
    return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
  })
}

type Probe = { service: string; date?: string; provider?: string; stepMin?: number; from?: string; to?: string }

/**
 * Tries to hold every start of a day: exactly those that are listed can be, and the others are refused with a reason.
 * @returns the local times that are listed
 */
export async function expectOfferedIsBookable(world: World, probe: Probe): Promise<string[]> {
  const { service, date = TUESDAY, provider, stepMin = 15, from = '08:00', to = '18:00' } = probe
  const list = async () =>
    timesOf(await slotsOn(world, { service, date, query: provider ? `&provider=${provider}` : '' }))
  const listed = await list()
  const url = `/api/v1/organizations/${world.slug}/holds`
  const wrong: unknown[] = []
  for (const time of timesEvery(stepMin, from, to)) {
    const payload = { service, start: at(time, date), ...(provider && { provider }) }
    const answer = await world.inject({ method: 'POST', url, payload })
    const { id, code, detail } = answer.json<{ id: string; code?: string; detail?: string }>()
    const isRefused = answer.statusCode === 409 && /^booking\.slot_(?:taken|refused)$/.test(code ?? '') && detail
    if (answer.statusCode === 201 ? !listed.includes(time) : listed.includes(time) || !isRefused)
      wrong.push({ time, isListed: listed.includes(time), status: answer.statusCode, code, detail })
    if (answer.statusCode === 201) await world.inject({ method: 'DELETE', url: `${url}/${id}` })
  }
  expect(wrong).toEqual([])
  expect(await list()).toEqual(listed)
  return listed
}

/** Books and must succeed: the id and the token of the booking. */
export async function booked(world: World, changes: Record<string, unknown>): Promise<{ id: string; token: string }> {
  const { status, body } = await book(world, changes)
  expect({ status, body }).toMatchObject({ status: 201 })
  return { id: body.booking.id, token: body.token }
}

/** Tries to book: 'booked', or why not. */
export async function outcomeOf(world: World, changes: Record<string, unknown>): Promise<string> {
  const { status, body } = await book(world, changes)
  return status === 201 ? 'booked' : `${String(status)} ${String(body.code)}: ${String(body.detail)}`
}

/** Moves or cancels by the link. */
export async function byLink(
  world: World,
  { id, token }: { id: string; token: string },
  method: 'PATCH' | 'DELETE',
  payload?: object,
) {
  const url = `/api/v1/bookings/${id}?token=${token}`
  const answer = await world.inject({ method, url, ...(payload && { payload }) })
  return { status: answer.statusCode, body: answer.json() }
}
