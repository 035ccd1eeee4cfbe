import type { World } from './world.ts'

/** A Tuesday after the Monday that tests live on. */
export const TUESDAY = '2026-03-03'

/** What a visitor sends to book, unless a test says otherwise: the consultation, Tuesday at ten in Berlin. */
export function bookingOf(changes: Record<string, unknown> = {}) {
  return {
    service: 'consultation',
    start: `${TUESDAY}T10:00:00+01:00`,
    customer: { name: 'Grace Hopper', email: 'grace@example.com', timeZone: 'America/New_York', locale: 'en' },
    ...changes,
  }
}

/** Books as a visitor. */
export async function book(world: World, changes: Record<string, unknown> = {}, headers: Record<string, string> = {}) {
  const url = `/api/v1/organizations/${world.slug}/bookings`
  const answer = await world.inject({ method: 'POST', url, headers, payload: bookingOf(changes) })
  return { status: answer.statusCode, body: answer.json() }
}

/** The starts that are offered on a date, with who can serve each. */
export async function slotsOn(world: World, { service = 'consultation', date = TUESDAY, query = '' } = {}) {
  const url = `/api/v1/organizations/${world.slug}/services/${service}/slots?from=${date}&to=${date}${query}`
  const answer = await world.inject({ url })
  const [day] = answer.json().days ?? []
  return (day?.slots ?? []) as { start: string; end: string; providers: string[]; seatsLeft?: number }[]
}

/** The local times, such as 10:00, at which the starts lie. */
export function timesOf(slots: { start: string }[]): string[] {
  return slots.map(({ start }) => start.slice(11, 16))
}

/** A text that is the same as long as no row of any table, and no job, has changed. */
export async function fingerprint(world: World): Promise<string> {
  const tables = await world.sql<{ name: string }>(
    `select oid::regclass::text as name from pg_class
     where relkind in ('r', 'p') and (relnamespace in ('public'::regnamespace, 'auth'::regnamespace) or oid = 'graphile_worker._private_jobs'::regclass)
     order by name`,
  )
  const parts = tables.map(
    ({ name }) =>
      `select '${name}' as name, count(*) as rows, md5(string_agg(t::text, ',' order by t::text)) from ${name} t`,
  )
  // Workers of a parallel plan answer in the order in which they are done.
  return JSON.stringify(await world.sql(`${parts.join(' union all ')} order by name`))
}
