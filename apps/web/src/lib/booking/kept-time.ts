import { createHold, extendHold, getHold, releaseHold, type Client, type CreateHoldData } from '@slotkeeper/client'
import type { RequestEvent } from '@sveltejs/kit'
import { need, problemOf, type Outcome } from '#lib/api.ts'
import type { Ask } from './ask.ts'

/** The time that is kept for a visitor while they fill in the form of a service. There is one a visitor and form. */
export type KeptTime = {
  /** the hold */
  id: string
  startMs: number
  /** the page that shows it: only the newest one lets go of it by being left */
  view: string
}

/** What of a request says for whom a time is kept, and where. The form and its actions have one path. */
export type Visit = Pick<RequestEvent, 'cookies' | 'url'> & {
  locals: { api: Client }
  params: { organization: string }
}

type Wanted = { service: string; start: string; ask: Ask }

/** Nobody keeps a time for longer than this, however often they ask. */
const LONGEST_S = 15 * 60
const COOKIE = 'slotkeeper_hold'
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const VALUE = new RegExp(`^(${UUID})\\.(\\d{1,16})\\.(${UUID})$`)

/** What is kept for the visitor, as far as their browser says. */
export function readKept({ cookies }: Visit): KeptTime | undefined {
  const [, id, startMs, view] = VALUE.exec(cookies.get(COOKIE) ?? '') ?? []
  return id === undefined || view === undefined ? undefined : { id, startMs: Number(startMs), view }
}

/** The hold of a time that is kept; undefined when it has run out. */
export async function findHold({ locals, params }: Visit, { id }: KeptTime) {
  const outcome = await getHold({ client: locals.api, path: { ...params, id } })
  if (outcome.data === undefined && problemOf(outcome).code === 'hold.not_found') return undefined
  return need(outcome)
}

/** From now on this page is the one that lets go of the time by being left. */
export function showKept(visit: Visit, kept: KeptTime): KeptTime {
  const shown = { ...kept, view: crypto.randomUUID() }
  remember(visit, shown)
  return shown
}

/** Keeps a time for the visitor in place of any other; one that is kept already stays as it is, and is never prolonged. */
export async function keep(visit: Visit, wanted: Wanted): Promise<Outcome<unknown>> {
  const startMs = Date.parse(wanted.start)
  const kept = readKept(visit)
  const good = kept && (await findHold(visit, kept))
  if (kept?.startMs === startMs && good && isFor(good, wanted.ask)) return { data: good, error: undefined }
  if (kept) await letGo(visit, kept)
  const { locals, params } = visit
  const outcome = await createHold({ client: locals.api, path: params, body: bodyOf(wanted) })
  if (outcome.data) remember(visit, { id: outcome.data.id, startMs, view: crypto.randomUUID() })
  return outcome
}

/** Keeps a time for longer, once. */
export async function keepLonger(visit: Visit, { id }: KeptTime): Promise<Outcome<unknown>> {
  const headers = { 'idempotency-key': crypto.randomUUID() }
  return extendHold({ client: visit.locals.api, path: { ...visit.params, id }, headers })
}

/** Gives a time back to everybody. */
export async function letGo(visit: Visit, { id }: KeptTime): Promise<void> {
  const outcome = await releaseHold({ client: visit.locals.api, path: { ...visit.params, id } })
  if (!outcome.response?.ok) need(outcome)
  forget(visit)
}

/** What was kept is booked. */
export function forget({ cookies, url }: Visit): void {
  cookies.delete(COOKIE, { path: url.pathname })
}

/** Whether a hold is what is wanted: people change their wishes between two clicks. */
export function isFor(hold: { start: string; end: string; seats: number; provider: string }, ask: Ask): boolean {
  const lengthMs = Date.parse(hold.end) - Date.parse(hold.start)
  const isSameProvider = ask.providerId === undefined || ask.providerId === hold.provider
  return lengthMs === ask.durationMin * 60_000 && hold.seats === ask.seats && isSameProvider
}

function remember({ cookies, url }: Visit, { id, startMs, view }: KeptTime): void {
  const secure = url.protocol === 'https:'
  cookies.set(COOKIE, `${id}.${String(startMs)}.${view}`, { path: url.pathname, maxAge: LONGEST_S, secure })
}

function bodyOf({ service, start, ask }: Wanted): CreateHoldData['body'] {
  const { durationMin, seats, providerId } = ask
  return { service, start, duration: durationMin, seats, ...(providerId !== undefined && { provider: providerId }) }
}
